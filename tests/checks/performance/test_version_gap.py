"""Versions of the model told apart: a bad canary, a better one, one that nobody knew, and scores that do not mix."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score

from dawnwatch import BaselineError, ConfigError, TriagePacket
from dawnwatch.model.auc import VersionPerformance
from tests.checks.windows import config, packet, put
from tests.checks.windows import log as rows

N = 4000
SETTINGS = config(roles={"model_version": "version"})


def log(seed: int = 0, *, version: Any = "6") -> pa.Table:
    """A log of many riders, all of whose rows one version scored unless an array says otherwise."""
    table = rows(N, seed)
    riders = np.random.default_rng(seed + 100).integers(0, 400, N)
    return put(table, rider=riders, version=[version] * N if isinstance(version, str) else version)


def canary(share: float, name: str = "7", seed: int = 1) -> np.ndarray[Any, Any]:
    return np.where(np.random.default_rng(seed).random(N) < share, name, "6").astype(object)


def noise(table: pa.Table, of: str) -> pa.Table:
    """The same log in which one version's scores know nothing of the labels."""
    which = np.array(table["version"].to_pylist()) == of
    return put(table, score=np.where(which, np.random.default_rng(5).random(N), table["score"].to_numpy()))


def judged(current: pa.Table, reference: pa.Table | None = None, **how: Any) -> TriagePacket:
    return packet(current, log() if reference is None else reference, how.pop("settings", SETTINGS), **how)


def named(found: TriagePacket, version: str) -> VersionPerformance:
    return next(one for one in found.performance.versions if one.version == version)


def test_a_bad_canary_is_named_with_both_aucs_and_rolled_back() -> None:
    current = noise(log(1, version=canary(0.12)), "7")
    found = judged(current)
    bad = named(found, "7")
    which = np.array(current["version"].to_pylist()) == "7"
    label, score = current["label"].to_numpy(), current["score"].to_numpy()
    for side, mask in ((bad.auc, which), (bad.others, ~which)):
        assert side.value == pytest.approx(roc_auc_score(label[mask], score[mask]), abs=side.bound + 1e-12)
        assert side.n == mask.sum()
    assert (bad.rows, bad.share, bad.reference_share) == (which.sum(), which.mean(), 0)
    assert bad.outcome.value == "failed"
    # Held against the lower of the two, so that no luck of the others counts against it.
    assert bad.reference_share == 0
    assert found.performance.reference.value is not None
    rivals = {"others": bad.others.value, "the performance baseline": found.performance.reference.value}
    assert bad.against == min(rivals, key=lambda name: rivals[name] or 0)
    assert (found.severity.value, found.rule, found.decision.verdict) == ("high", "version_worse", "rollback")
    assert found.diagnosis.findings[0].text.startswith("Version 7 has 12% of the rows and AUC 0.")
    assert "on the rows of all others" in found.diagnosis.findings[0].text
    assert found.actions[0].action == "Take version 7 out of service"


def test_a_version_that_explains_the_fall_is_said_to() -> None:
    found = judged(noise(log(1, version=canary(0.4)), "7"))
    assert found.performance.drop.outcome.value == "failed"
    assert named(found, "7").explains
    assert "without it the AUC would be within 0.05 of the baseline's" in found.headline
    assert found.diagnosis.summary == (
        "Version 7 of the model ranks worse than the others in this window, and explains the fall of the AUC."
    )


def test_a_fall_of_every_version_is_no_versions_fault() -> None:
    table = log(1, version=canary(0.4))
    found = judged(put(table, score=np.random.default_rng(2).random(N)))
    assert found.performance.drop.outcome.value == "failed"
    assert {one.outcome.value for one in found.performance.versions} == {"passed"}
    assert "version_worse" not in found.facts


def test_an_old_version_is_not_worse_because_a_new_one_is_better() -> None:
    table = log(1, version=canary(0.5))
    which = np.array(table["version"].to_pylist()) == "7"
    sure = 0.7 * table["label"].to_numpy() + 0.2 * np.random.default_rng(4).random(N) + 0.05
    better = put(table, score=np.where(which, sure, table["score"].to_numpy()))
    found = judged(better)
    assert (named(found, "6").against, named(found, "6").outcome.value) == ("the performance baseline", "passed")
    assert found.severity.value == "low"
    assert any(
        "Version 7 has 50% of the rows, and none of the performance baseline's" in n for n in found.performance.notes
    )


def test_scores_on_different_scales_are_said_not_to_mix() -> None:
    table = log(1, version=canary(0.5))
    which = np.array(table["version"].to_pylist()) == "7"
    found = judged(put(table, score=np.where(which, table["score"].to_numpy() / 3, table["score"].to_numpy())))
    assert found.performance.drop.outcome.value == "failed"
    assert "version_worse" not in found.facts
    assert named(found, "7").score_psi is not None
    assert named(found, "7").score_psi > 1  # type: ignore[operator]
    assert any("on different scales and cannot be ranked as one" in note for note in found.performance.notes)


def test_several_new_versions_stand_together_by_name() -> None:
    versions = np.random.default_rng(3).choice(["6", "7", "8"], N).astype(object)
    found = judged(log(1, version=versions))
    assert [one.version for one in found.performance.versions] == ["7, 8", "6"]


def test_a_version_may_be_a_number() -> None:
    found = judged(log(1, version=canary(0.3, "7").astype(int)), log(version=np.full(N, 6)))
    assert {one.version for one in found.performance.versions} == {"6", "7"}


def test_one_version_alone_is_compared_with_none() -> None:
    found = judged(log(1))
    (only,) = found.performance.versions
    assert (only.version, only.drop.value, only.others.value) == ("6", None, None)
    assert only.reason == "every row is of this version, so there are no others to compare it with"
    assert (found.severity.value, found.could_not_judge) == ("low", [])


def test_the_gap_has_its_part_of_the_error_budget() -> None:
    apart, plain = (judged(log(1, version=canary(0.3)), settings=s) for s in (SETTINGS, config()))
    assert apart.error_budget is not None
    assert plain.error_budget is not None
    assert apart.error_budget.tests == plain.error_budget.tests + 2
    assert plain.performance.versions == []


def test_a_baseline_without_the_column_is_refused() -> None:
    with pytest.raises(BaselineError, match=r"no column 'version', which roles\.model_version names"):
        packet(log(1), rows(), SETTINGS)


def test_a_window_without_the_column_says_so() -> None:
    found = judged(log(1).drop_columns(["version"]))
    assert [one.version for one in found.performance.versions] == ["(missing)"]
    assert "quality_failed" in found.facts


def test_the_version_is_not_the_label_the_score_or_the_unit() -> None:
    with pytest.raises(ConfigError, match="model_version names 'rider', which is the label, the score or the unit"):
        config(roles={"model_version": "rider"})


def test_clean_canaries_are_let_pass() -> None:
    """40 windows of two equal versions."""
    severities = [judged(log(seed, version=canary(0.3, seed=seed))).facts for seed in range(1, 41)]
    assert sum("version_worse" in facts for facts in severities) <= 1
