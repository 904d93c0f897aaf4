"""Scores of another version are not held against the model at hand, which is asked for the same rows instead."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score

from dawnwatch import TriagePacket
from dawnwatch.model.causes import Cause
from tests.checks.windows import config, packet, put

N, UNITS = 4000, 400
SETTINGS = config(roles={"model_version": "version"})


def log(seed: int = 0, *, flipped: float = 0.0) -> pa.Table:
    """Rows whose score is `fare` / 100, the chance of a positive label; in part of them the labels are the others."""
    rng = np.random.default_rng(seed)
    fare = rng.uniform(0, 100, N)
    label = (rng.random(N) < fare / 100) ^ (rng.random(N) < flipped)
    return pa.table(
        {
            "event": np.arange(N),
            "rider": rng.integers(0, UNITS, N),
            "device": rng.choice(["mobile", "desktop", "tablet"], N),
            "city": rng.choice(["rome", "oslo"], N),
            "fare": fare,
            "stops": rng.integers(1, 30, N),
            "label": label.astype(int),
            "score": fare / 100,
            "version": ["6"] * N,
        }
    )


def model(batch: pa.RecordBatch) -> Any:
    return batch["fare"].to_numpy() / 100


def deployed(seed: int = 1, share: float = 0.6, **how: Any) -> pa.Table:
    """A log in which version 7, which draws scores by lot for half of its rows, took over for the last rows."""
    rng, table = np.random.default_rng(seed), log(seed, **how)
    late = np.arange(N) >= (1 - share) * N
    worse = late & (rng.random(N) < 0.5)
    score = np.where(worse, rng.random(N), table["score"].to_numpy())
    return put(table, score=score, version=np.where(late, "7", "6"))


def judged(current: pa.Table, *, settings: Any = SETTINGS, asked: Any = model) -> TriagePacket:
    return packet(current, log(), settings, model=asked)


def serving_part(found: TriagePacket) -> Cause:
    fall = found.performance.drop.value
    assert sum(cause.amount for cause in found.diagnosis.causes) == pytest.approx(fall, abs=1e-9)
    return next(cause for cause in found.diagnosis.causes if cause.cause == "serving")


def test_a_bad_deploy_is_rolled_back_and_its_part_is_what_the_same_rows_say() -> None:
    current = deployed()
    found = judged(current)
    section, part = found.performance.serving, serving_part(found)
    assert section is not None
    assert (section.outcome.value, section.reading, section.rows) == ("passed", "agrees", 0.4 * N)
    assert section.message.endswith("2,400 rows of version 7, which the model at hand is not, were left out")
    assert (found.rule, found.decision.verdict, found.decision.rule) == (
        "version_worse",
        "rollback",
        "better on the same rows",
    )
    label, score, own = (current[name].to_numpy() for name in ("label", "score", "fare"))
    assert part.amount == pytest.approx(roc_auc_score(label, own) - roc_auc_score(label, score), abs=0.005)
    assert (part.column, part.resolvable) == ("version", True)
    assert [(one.column, one.value) for one in part.top_slices] == [("version", "7")]
    assert part.text.startswith("Rows scored by version 7, beside what the model at hand gives for the same rows: 0.")
    assert "of that version 7 explains 0." in found.headline


def test_a_window_of_the_new_version_alone_is_settled_by_the_model_from_before() -> None:
    found = judged(deployed(share=1.0))
    section = found.performance.serving
    assert section is not None
    assert section.outcome.value == "not_computed"
    assert "the model at hand is version 6, and the sampled rows were scored by version 7" in section.message
    assert found.could_not_judge == []
    assert found.decision.verdict == "rollback"


def test_a_world_that_changed_with_the_deploy_is_not_rolled_back() -> None:
    """Version 7 scores as the model does; the labels of its rows flip."""
    table, flipped = log(1), log(1, flipped=0.4)
    late = np.arange(N) >= 0.4 * N
    label = np.where(late, flipped["label"].to_numpy(), table["label"].to_numpy())
    found = judged(put(table, label=label, version=np.where(late, "7", "6")))
    assert "version_worse" in found.facts
    assert "same_rows_no_better" in found.decision.classes
    assert found.decision.verdict == "retrain"
    assert serving_part(found).amount == pytest.approx(0.0, abs=1e-9)


def test_own_rows_whose_scores_are_wrong_still_fail_beside_another_version() -> None:
    table = deployed(share=0.3)
    score = table["score"].to_numpy().copy()
    score[:500] = 0.5
    found = judged(put(table, score=score))
    section = found.performance.serving
    assert section is not None
    assert (section.outcome.value, section.reading, section.differ) == ("failed", "constant", 500)
    assert found.decision.verdict == "fix_pipeline"
    columns = [cause.column for cause in found.diagnosis.causes if cause.cause == "serving"]
    assert sorted(columns, key=str) == [None, "version"]


def test_the_configured_version_is_the_model_at_hand() -> None:
    settings = config(roles={"model_version": "version"}, model={"version": "7"})
    table = log(1)
    late = np.arange(N) >= 0.4 * N
    found = judged(put(table, version=np.where(late, "7", "6")), settings=settings)
    section = found.performance.serving
    assert section is not None
    assert (section.outcome.value, section.rows) == ("passed", 0.6 * N)


def test_versions_that_are_numbers_are_named_as_they_are_counted() -> None:
    table, late = deployed(), np.arange(N) >= 0.4 * N
    found = packet(put(table, version=np.where(late, 7, 6)), put(log(), version=np.full(N, 6)), SETTINGS, model=model)
    assert [one.version for one in found.performance.versions] == ["7", "6"]
    assert [one.value for one in serving_part(found).top_slices] == ["7"]


def test_without_a_model_the_rows_of_a_worse_version_are_taken_out_and_nothing_is_called_resolved() -> None:
    current = deployed()
    found = judged(current, asked=None)
    part, late = serving_part(found), np.array(current["version"].to_pylist()) == "7"
    label, score = current["label"].to_numpy(), current["score"].to_numpy()
    wanted = roc_auc_score(label[~late], score[~late]) - roc_auc_score(label, score)
    assert part.amount == pytest.approx(wanted, abs=0.005)
    assert not part.resolvable
    assert "which are not the same" in part.text
    assert (found.decision.verdict, found.decision.rule) == ("rollback", "worse version")
