"""Drift of the scores and of the labels on real windows: apart from the features, and informing unless asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import Config, TriagePacket
from dawnwatch.checks.drift.outputs import NO_SCORE, Predictions
from dawnwatch.errors import ConfigError
from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.feature_drift import OutputDrift
from dawnwatch.stats.divergence import psi
from tests.checks.windows import config, context, log, packet, put, results

N = 1200


def of(found: TriagePacket, what: str) -> OutputDrift:
    return next(output for output in found.drift.outputs if output.what == what)


def moved(by: float = 1.5) -> pa.Table:
    """The same rows with other scores: the model gives out more, in the same order."""
    score = log()["score"].to_numpy()
    return put(log(), score=1 / (1 + np.exp(-(np.log(score / (1 - score)) + by))))


def labels(share: float) -> pa.Table:
    return put(log(), label=[int(i < share * N) for i in range(N)])


def test_the_psi_of_the_scores_is_that_of_the_rows_counted_by_hand() -> None:
    reference, current = log(), put(moved(), score=pa.array([None] * 100 + moved()["score"].to_pylist()[100:]))
    (subject,) = Predictions.subjects(context(current, reference))
    edges = subject.current.edges  # type: ignore[attr-defined]
    counts = [
        np.append(np.bincount(np.searchsorted(edges, scores), minlength=len(edges) + 1), missing)
        for scores, missing in (
            (reference["score"].to_numpy(), 0),
            (np.array([s for s in current["score"].to_pylist() if s is not None]), 100),
        )
    ]
    found = of(packet(current, reference), "prediction")
    assert found.psi == pytest.approx(psi(*counts), abs=1e-12)
    assert {b.bin: b.current for b in found.bins}[NO_SCORE] == pytest.approx(100 / N)
    assert [b.reference for b in found.bins[:-1]] == pytest.approx([0.1] * 10, abs=0.005)


def test_the_psi_of_the_labels_is_the_formula() -> None:
    found = of(packet(labels(0.8), labels(0.5)), "label")
    assert found.psi == pytest.approx(0.3 * np.log(0.8 / 0.5) + 0.3 * np.log(0.5 / 0.2))
    assert (found.band, found.outcome, found.kind) == (Band.RED, Outcome.FAILED, "categorical")
    assert [b.bin for b in found.bins] == ["0", "1"]


def test_rows_without_a_label_are_none_of_it_and_cautioned_of() -> None:
    half = put(labels(0.5), label=pa.array([None if i % 3 else int(i < N // 2) for i in range(N)]))
    section = packet(half, labels(0.5)).drift
    found = next(o for o in section.outputs if o.what == "label")
    assert found.current_rows == N // 3
    assert found.psi == pytest.approx(0, abs=1e-4)
    assert "Only 33% of the current rows have a label: those that come first may differ" in section.cautions


@pytest.mark.parametrize("values", [[0.5], [0.2, 0.7], [0.1, 0.1, 0.1, 0.9], list(np.linspace(0, 1, 40))])
def test_scores_of_few_values_keep_their_bins_and_show_a_move(values: list[float]) -> None:
    reference = put(log(), score=np.resize(values, N))
    assert of(packet(reference, reference), "prediction").psi == 0
    lower = put(log(), score=np.resize([0.05], N))
    assert of(packet(lower, reference), "prediction").band is Band.RED


def test_severity_stays_out_of_it_unless_the_configuration_asks() -> None:
    found = packet(moved())
    assert (found.severity.value, of(found, "prediction").band) == ("low", Band.RED)
    assert (found.drift.outcome, of(found, "prediction").raises) == (Outcome.PASSED, False)
    assert found.facts == ["red_prediction_drift"]
    asked = packet(moved(), settings=config(drift={"prediction": "high"}))
    assert (asked.severity.value, asked.rule) == ("high", "prediction_drift")
    assert (asked.drift.outcome, of(asked, "prediction").raises) == (Outcome.FAILED, True)
    names = [r.name for r in asked.policy]
    assert names.index("red_drift") < names.index("prediction_drift") < names.index("quality_failed")
    assert "the scores (score) moved (PSI" in asked.headline
    labelled = packet(labels(0.9), labels(0.5), config(drift={"label": "medium"}))
    assert "label_drift" in [r.name for r in labelled.policy]
    assert "red_label_drift" in labelled.facts


def test_a_table_of_ones_own_may_ask_for_it() -> None:
    policy = [
        {"name": "scores", "severity": "critical", "all": ["red_prediction_drift"], "none": ["quality_failed"]},
        {"name": "rest", "severity": "low"},
    ]
    settings = Config.from_dict({**config().model_dump(exclude_unset=True), "policy": policy})
    found = packet(moved(), settings=settings)
    assert (found.severity.value, found.rule, of(found, "prediction").raises) == ("critical", "scores", True)


def test_what_informs_takes_nothing_of_the_error_budget() -> None:
    def tests(**drift: str) -> list[int]:
        found = packet(log(), settings=config(drift=drift))
        assert found.error_budget is not None
        of_features = found.drift.features[0].significance
        assert of_features is not None
        assert of_features.level == pytest.approx(0.01 / of_features.tests)
        return [found.error_budget.tests, of_features.tests]

    usual = tests()
    assert tests(prediction="high") == [n + 1 for n in usual]
    assert tests(prediction="high", label="high") == [n + 2 for n in usual]
    informing = of(packet(log()), "prediction").significance
    assert informing is not None
    assert (informing.level, informing.q_value) == (pytest.approx(0.01 / usual[0]), None)


def test_both_are_tested_by_units_and_not_where_there_are_too_few() -> None:
    for what in ("prediction", "label"):
        test = of(packet(log(seed=1)), what).significance
        assert test is not None
        assert (test.method, test.unit, test.units) == ("rao-scott", "rider", 60)
    few = put(log(), rider=[i % 9 for i in range(N)])
    test = of(packet(put(few, score=moved()["score"]), few), "prediction").significance
    assert test is not None
    assert "too few units" in (test.reason or "")
    counted = packet(put(few, score=moved()["score"]), few, config(drift={"prediction": "high"}))
    assert "too_few_units" in counted.facts


def test_a_shift_of_one_riders_sitting_is_not_significant() -> None:
    """One rider with a quarter of the rows: by rows the shift is certain, by riders it is chance."""
    heavy = put(log(), rider=[0 if i < N // 4 else 1 + i % 59 for i in range(N)])
    scores = np.where(np.arange(N) < N // 4, 0.95, heavy["score"].to_numpy())
    by_unit = of(packet(put(heavy, score=scores), heavy), "prediction")
    by_rows = of(packet(put(heavy, score=scores), heavy, config(roles={"unit": None})), "prediction")
    assert by_unit.significance is not None
    assert by_rows.significance is not None
    assert (by_unit.significance.significant, by_rows.significance.significant) == (False, True)


LATE = config(labels={"expected": "late"})


def test_while_labels_are_late_the_words_say_that_the_scores_lead() -> None:
    found = packet(moved().drop_columns(["label"]), settings=LATE)
    assert "until they are this is the leading signal" in of(found, "prediction").reading
    assert "the leading signal while accuracy is not known" in found.headline
    assert found.decision.verdict == "cannot_tell"
    assert any("Ask what moved the scores" in action.action for action in found.actions)
    label = of(found, "label")
    assert (label.psi, label.reason) == (None, "labels come late ([labels] expected)")
    assert found.could_not_judge == []
    there = packet(moved())
    assert "leading" not in of(there, "prediction").reading + there.headline


def test_windows_without_scores_or_labels_say_so_and_are_unexpected_only_where_they_count() -> None:
    gone = put(log(), score=pa.nulls(N, pa.float64()))
    for drift, unexpected in (({}, False), ({"prediction": "high"}, True)):
        found = results(gone, settings=config(drift=drift))
        result = next(r for r in found if r.spec.name == "drift.prediction")
        assert result.outcome is Outcome.NOT_COMPUTED
        assert result.unexpected is unexpected
        assert getattr(result.measurement, "reason", "") == "the current window has no score"
    assert packet(log(), settings=Config.from_dict({})).drift.outputs == []


def test_a_private_score_shows_no_value() -> None:
    settings = config(columns={"score": {"private": True}, "label": {"private": True}})
    found = packet(moved(), settings=settings)
    assert of(found, "prediction").bins[0].bin == "bin 1 of 10"
    assert [b.bin for b in of(found, "label").bins] == ["negative", "positive"]


def test_a_rule_added_twice_is_refused() -> None:
    policy = [{"name": "label_drift", "severity": "high", "all": ["red_label_drift"]}, {"name": "r", "severity": "low"}]
    with pytest.raises(ConfigError, match=r"drift\.label adds a rule 'label_drift', and \[\[policy\]\] has one"):
        Config.from_dict({"drift": {"label": "high"}, "policy": policy})
    assert Config.from_dict({"policy": policy}).counts("label")


def test_only_what_counts_needs_a_reason() -> None:
    def named(**tables: Any) -> set[str]:
        return {t.name for t in Config.from_dict(tables).thresholds_in_force()}

    assert not named() & {"prediction", "label"}
    assert named(drift={"label": "medium"}) >= {"label"}
    assert named(thresholds={"prediction": {"red": 0.3}}) >= {"prediction"}
