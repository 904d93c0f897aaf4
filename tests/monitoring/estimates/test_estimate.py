"""Metrics before their labels come, on real windows through the real line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import Config
from dawnwatch.model.estimates import Estimates
from dawnwatch.monitoring.estimates.estimate import estimates_of, labelled_table
from dawnwatch.report.lines import performance_lines
from dawnwatch.triage.rejudge import rejudge
from tests.checks.windows import config, context, log, packet, put

N = 6000
NAMES = ["auc", "accuracy", "precision", "recall", "f1"]


def at_half(**tables: Any) -> Config:
    model = {"features": ["device", "fare", "stops"], "categorical": ["device"], "threshold": 0.5}
    return config(**{"model": model, **tables})


def found_in(current: pa.Table, reference: pa.Table | None = None, settings: Config | None = None) -> Estimates:
    judged = packet(current, log(N, 1) if reference is None else reference, settings or at_half())
    assert judged.performance.estimates is not None
    return judged.performance.estimates


def mixed(seed: int, share: float, rows: int = N) -> pa.Table:
    """Rows of two devices; on mobile a score means less than it says, and `share` of the rows are mobile's."""
    rng = np.random.default_rng(seed)
    table = log(rows, seed)
    mobile = rng.random(rows) < share
    score = table["score"].to_numpy()
    chance = np.where(mobile, 0.3 + 0.15 * score, score)
    return put(table, device=np.where(mobile, "mobile", "tablet"), label=(rng.random(rows) < chance).astype(int))


def test_where_nothing_changed_every_metric_lies_within_noise_of_what_is_realised() -> None:
    found = found_in(log(N, 2))
    assert (found.answer, found.rows, found.labelled, found.unscored, found.threshold) == ("pape", N, N, 0, 0.5)
    assert [one.method for one in found.methods] == ["cbpe", "pape"]
    for method in found.methods:
        assert [one.name for one in method.metrics] == NAMES
        assert method.calibrator is not None
        for one in method.metrics:
            assert one.value is not None
            assert one.interval is not None
            assert one.realised is not None
            assert one.error is not None
            assert one.interval[0] <= one.realised <= one.interval[1]
            assert one.error == pytest.approx((one.on_labelled or 0) - one.realised, abs=0.001)
    assert (found.gap, found.message.endswith("within noise")) == (False, True)


def test_a_changed_mix_misleads_the_plain_estimate_and_not_the_weighted_one() -> None:
    found = found_in(mixed(2, 0.8), mixed(1, 0.2))
    plain, weighted = (method.metric("auc") for method in found.methods)
    assert plain is not None
    assert weighted is not None
    assert plain.error is not None
    assert weighted.error is not None
    assert plain.error > 0.05
    assert abs(weighted.error) < 0.03
    assert plain.error_p_value is not None
    assert plain.error_p_value < 1e-6
    assert not found.gap
    assert found.methods[1].effective_share is not None
    assert found.methods[1].effective_share < 0.7


def test_a_changed_concept_is_a_gap_a_fact_and_a_finding_and_raises_nothing() -> None:
    current = log(N, 2)
    judged = packet(put(current, label=1 - current["label"].to_numpy()), log(N, 1), at_half())
    found = judged.performance.estimates
    assert found is not None
    assert found.gap
    assert found.gap_level == pytest.approx(0.01 / judged.error_budget.tests)
    assert "estimate_gap" in judged.facts
    assert found.beside in [finding.text for finding in judged.diagnosis.findings]
    assert "more than chance: labels no longer go with scores as they did" in found.message
    assert judged.rule != "estimate_gap"
    assert any("(an estimate): they no longer mean what they meant" in line for line in performance_lines(judged))


def test_asked_for_it_has_a_rule_of_its_own_and_shares_the_budget() -> None:
    """Labels drawn anew by a flatter chance: the AUC falls by less than its threshold."""
    current, wide = log(N, 2), {"auc_drop": {"max": 0.4, "because": "wide"}}
    label = (np.random.default_rng(5).random(N) < 0.2 + 0.6 * current["score"].to_numpy()).astype(int)
    current = put(current, label=label)
    informs = packet(current, log(N, 1), at_half(thresholds=wide))
    counts = packet(current, log(N, 1), at_half(thresholds=wide, performance={"estimate_gap": "high"}))
    assert "estimate_gap" in informs.facts
    assert (informs.severity.value, informs.rule == "estimate_gap") == ("low", False)
    assert (counts.severity.value, counts.rule) == ("high", "estimate_gap")
    assert counts.error_budget.tests == informs.error_budget.tests + 1


def test_late_labels_leave_the_estimates_alone() -> None:
    late = at_half(labels={"expected": "late"})
    judged = packet(put(log(N, 2), label=None), log(N, 1), late)
    found = judged.performance.estimates
    assert found is not None
    assert (found.answer, found.labelled, found.gap_p_value, found.beside) == ("pape", 0, None, None)
    assert all(one.realised is None and one.value is not None for m in found.methods for one in m.metrics)
    assert found.message.endswith("only labels can tell")
    told = performance_lines(judged)[-1]
    assert told.startswith(f"estimated from {N:,} scores alone: AUC 0.7")
    assert ", accuracy 0." in told


def test_rows_unlike_any_of_the_baseline_are_not_guessed_at() -> None:
    fares = log(N, 2)["fare"].to_numpy().copy()
    fares[: 2 * N // 3] += 5000
    judged = packet(put(log(N, 2), fare=fares, label=None), log(N, 1), at_half(labels={"expected": "late"}))
    found = judged.performance.estimates
    assert found is not None
    assert (found.answer, found.chosen) == ("cannot_tell", None)
    assert found.methods[1].outside == pytest.approx(2 / 3, abs=0.01)
    assert found.reason is not None
    assert found.reason.startswith("67% of the sampled rows lie where the performance baseline has none or hardly any")
    assert "metrics not estimated: 67%" in performance_lines(judged)[-1]
    assert found_in(put(log(N, 2), fare=fares), settings=at_half(performance={"outside": 0.9})).answer == "pape"


def test_units_the_model_does_not_know_lie_outside_where_the_baseline_holds_none() -> None:
    current = put(log(N, 2), rider=np.random.default_rng(2).integers(1000, 1060, N))
    found = found_in(current)
    assert found.answer == "cannot_tell"
    assert found.methods[1].outside == 1.0


def test_rows_without_a_score_are_counted_and_end_nothing() -> None:
    scores = log(N, 2)["score"].to_numpy().copy()
    scores[::10] = np.nan
    found = found_in(put(log(N, 2), score=scores))
    assert (found.answer, found.rows, found.unscored) == ("pape", N - N // 10, N // 10)
    assert "600 rows without a score are left out" in found.message
    none = found_in(put(log(N, 2), score=np.full(N, np.nan)))
    assert (none.answer, none.reason) == ("cannot_tell", "no row of the current window has a score")


def test_without_a_threshold_only_the_auc_is_estimated() -> None:
    found = found_in(log(N, 2), settings=config())
    assert [[one.name for one in method.metrics] for method in found.methods] == [["auc"], ["auc"]]


@pytest.mark.parametrize(
    ("tables", "answer", "reason"),
    [
        ({"roles": {"unit": None, "keys": []}}, "cbpe", "no rows are sampled without [roles] unit or keys"),
        ({"performance": {"estimates": "plain"}}, "cbpe", "it is switched off"),
    ],
)
def test_where_it_cannot_be_weighted_the_plain_estimate_is_gone_by(
    tables: dict[str, Any], answer: str, reason: str
) -> None:
    found = found_in(log(N, 2), settings=at_half(**tables))
    assert found.answer == answer
    assert (found.methods[1].reason or "").startswith(reason)


def test_with_too_few_labels_in_the_baseline_it_says_why_and_off_it_is_not_asked() -> None:
    few = put(log(N, 1), label=np.r_[np.ones(5, int), np.zeros(N - 5, int)])
    assert (found_in(log(N, 2), few).reason or "").startswith("not enough labels: fewer than 20 scored rows")
    assert estimates_of(context(log(N, 2), log(N, 1), at_half(performance={"estimates": "off"}))) is None


def test_labelled_rows_may_be_weighed_by_how_likely_their_labels_came() -> None:
    run = context(log(N, 2), log(N, 1), at_half())
    table = labelled_table(run)
    assert table is not None
    assert labelled_table(run, np.full(table.shape, 2.0)) == pytest.approx(2 * table)


def test_a_fault_ends_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no luck")

    monkeypatch.setattr("dawnwatch.monitoring.weighing.estimates_of", broken)
    found = found_in(log(N, 2))
    assert (found.answer, found.reason) == ("cannot_tell", "it could not be computed: RuntimeError: no luck")


def test_of_many_features_those_that_moved_are_weighted_by() -> None:
    """Forty idle features beside the one whose mix moved."""
    idle = [f"idle{at}" for at in range(40)]

    def wide(seed: int, share: float) -> pa.Table:
        rng = np.random.default_rng(seed + 100)
        return put(mixed(seed, share), **{name: rng.integers(0, 5, N).astype(float) for name in idle})

    model = {"features": ["device", *idle], "categorical": ["device"]}
    found = found_in(wide(2, 0.8), wide(1, 0.2), config(model=model))
    weighted = found.methods[1].metric("auc")
    assert found.answer == "pape"
    assert weighted is not None
    assert weighted.error is not None
    assert abs(weighted.error) < 0.04


def test_a_packet_judged_by_anothers_budget_says_what_judging_again_says() -> None:
    """Under a level that no gap reaches; and where the other's rules ask for it, with one test more."""
    current = log(N, 2)
    current = put(current, label=1 - current["label"].to_numpy())
    measured = packet(current, log(N, 1), at_half())
    asked = packet(current, log(N, 1), at_half(performance={"estimate_gap": "high"}))
    assert rejudge(measured, measured).get("estimate_gap") is True
    assert rejudge(measured, asked).get("estimate_gap") is True
    clean = packet(log(N, 3), log(N, 1), at_half())
    assert rejudge(clean, asked).get("estimate_gap") is False


def test_scores_that_are_all_one_are_estimated_at_nothing() -> None:
    found = found_in(put(log(N, 2), score=np.full(N, 0.3)), log(N, 1))
    assert (found.answer, found.methods, found.gap) == ("cannot_tell", [], False)
    assert found.reason == "all scores are one and the same, and rank no row before another"
