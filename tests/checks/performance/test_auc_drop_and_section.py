"""Accuracy on real windows: AUC and its drop, overall and per slice, or why there is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.special import expit, logit
from scipy.stats import norm, t

from dawnwatch.model.enums import Outcome
from dawnwatch.model.performance import Performance
from tests.checks.windows import config, log, packet, put
from tests.stats.by_pairs import delong_by_pairs

N = 3000


def window(strength: float = 1.0, seed: int = 0, devices: Any = None, n: int = N) -> pa.Table:
    """A log whose scores separate the labels by `strength` standard deviations."""
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, n)
    strength = np.asarray(strength) if devices is None else np.where(np.array(devices) == "mobile", strength, 1.0)
    table = put(log(n, seed), label=label, score=rng.normal(size=n) + strength * label)
    return table if devices is None else put(table, device=devices)


def by_pairs(table: pa.Table, device: str | None = None) -> tuple[float, float]:
    rows = np.ones(table.num_rows, bool) if device is None else table["device"].to_numpy() == device
    return delong_by_pairs(table["score"].to_numpy()[rows], table["label"].to_numpy()[rows])


def judged(current: pa.Table, reference: pa.Table | None = None, **tables: Any) -> Performance:
    return packet(current, window() if reference is None else reference, config(**tables)).performance


NO_UNIT: dict[str, Any] = {"roles": {"unit": None}}


def test_without_a_unit_intervals_are_delongs() -> None:
    reference, current = window(), window(0.4, seed=1)
    found = judged(current, reference, **NO_UNIT)
    (a, va), (b, vb) = by_pairs(reference), by_pairs(current)
    z = norm.ppf(0.975)
    assert found.reference.value == pytest.approx(a, abs=1e-9)
    assert found.current.value == pytest.approx(b, abs=1e-9)
    of_logit = t(min(found.current.positives, N - found.current.positives) - 1).ppf(0.975) * vb**0.5 / (b * (1 - b))
    assert found.current.interval == pytest.approx(tuple(expit([logit(b) - of_logit, logit(b) + of_logit])), abs=1e-9)
    half = z * (va + vb) ** 0.5
    assert found.drop.value == pytest.approx(a - b, abs=1e-9)
    assert found.drop.interval == (pytest.approx(a - b - half, abs=1e-9), pytest.approx(a - b + half, abs=1e-9))
    assert (found.current.n, found.current.positives) == (N, int(current["label"].to_numpy().sum()))
    assert (found.outcome, found.method) == (Outcome.FAILED, "exact, from the rows")
    test = found.drop.significance
    assert test is not None
    assert test.p_value == pytest.approx(2 * norm.sf((a - b) / (va + vb) ** 0.5))
    assert (test.significant, test.unit, test.design_effect) == (True, None, None)


def test_a_slice_has_its_part_of_the_runs_error_budget() -> None:
    reference, current = window(), window(0.8, seed=2)
    whole = packet(current, reference, config(roles={"slices": ["device", "city"], "unit": None}))
    one = next(s for s in whole.performance.slices if s.value == "mobile")
    (a, va), (b, vb) = by_pairs(reference, "mobile"), by_pairs(current, "mobile")
    half = norm.ppf(0.975) * (va + vb) ** 0.5
    assert one.drop.confidence == 0.95
    assert one.drop.value == pytest.approx(a - b, abs=1e-9)
    assert one.drop.interval == (pytest.approx(a - b - half, abs=1e-9), pytest.approx(a - b + half, abs=1e-9))
    tests = 3 + 1 + 6  # features, the overall drop, slices
    assert whole.error_budget is not None
    assert (whole.error_budget.level, whole.error_budget.tests) == (0.01, tests)
    assert one.drop.significance is not None
    assert one.drop.significance.level == pytest.approx(0.01 / tests)


def of_riders(strength: float, seed: int) -> pa.Table:
    """A log in which some riders are easy to score and others are not, each with 40 rows."""
    rng = np.random.default_rng(seed)
    rider = np.repeat(np.arange(N // 40) + 1000 * seed, 40)
    easy = np.repeat(rng.normal(strength, 1.0, N // 40), 40)
    label = rng.integers(0, 2, N)
    return put(log(N, seed), rider=rider, label=label, score=rng.normal(size=N) + easy * (2 * label - 1))


def test_with_a_unit_its_rows_are_not_taken_as_independent() -> None:
    reference, current = of_riders(1.0, seed=1), of_riders(0.8, seed=2)
    alone, together = judged(current, reference, **NO_UNIT), judged(current, reference)
    assert (alone.drop.value, alone.current.value) == (together.drop.value, together.current.value)
    for narrow, wide in (
        (alone.drop.interval, together.drop.interval),
        (alone.current.interval, together.current.interval),
    ):
        assert narrow is not None
        assert wide is not None
        assert wide[1] - wide[0] > 1.5 * (narrow[1] - narrow[0])
    test = together.drop.significance
    assert test is not None
    assert (test.unit, test.units) == ("rider", N // 40)
    assert test.largest_unit == pytest.approx(40 / N)
    assert test.design_effect is not None
    assert test.design_effect > 2.25


def test_known_and_new_units_have_intervals_by_unit_and_bins_that_are_not_counted_by_it_have_none() -> None:
    reference = of_riders(1.0, seed=1)
    known = of_riders(0.8, seed=1)
    alone, together = judged(known, reference, **NO_UNIT), judged(known, reference)
    assert all(one.current.interval is not None for one in alone.bins)
    by_unit = {(one.column, one.value): one.current for one in together.bins}
    riders = by_unit.pop(("rider", "(known)"))
    assert riders.interval == pytest.approx(together.current.interval, abs=4e-3)  # all rows are of known riders
    assert [one.interval for one in by_unit.values()] == [None] * len(by_unit)


def test_too_few_units_are_not_tested() -> None:
    reference, current = window(), put(window(0.0, seed=1), rider=[i % 49 for i in range(N)])
    found = judged(current, reference)
    assert found.outcome is Outcome.WARNED
    test = found.drop.significance
    assert test is not None
    assert (test.significant, test.p_value) == (None, None)
    assert test.reason == "too few units to judge: 49 rider values (of 50 needed)"
    enough = judged(current, reference, significance={"min_units": 49})
    assert enough.outcome is Outcome.FAILED


def test_where_most_rows_have_no_unit_they_are_taken_as_independent_and_it_says_so() -> None:
    reference, current = window(), put(window(0.4, seed=1), rider=pa.array([None, None, 7] * (N // 3), pa.int64()))
    found = judged(current, reference)
    alone = judged(current, reference, **NO_UNIT)
    assert found.drop.interval == alone.drop.interval
    assert found.drop.significance is not None
    assert found.drop.significance.unit is None
    assert any(c.startswith("Most rows have no rider") for c in found.cautions)


def test_one_slice_alone_degrades_the_whole() -> None:
    devices = ["mobile", "desktop", "tablet", "desktop", "tablet"] * (N // 5)
    found = judged(
        window(0.0, seed=3, devices=devices),
        window(1.0, seed=4, devices=devices),
        thresholds={"auc_drop": {"max": 0.1}},
    )
    assert found.drop.value is not None
    assert found.drop.value < 0.1
    assert {s.value: s.outcome for s in found.slices} == {
        "mobile": Outcome.FAILED,
        "desktop": Outcome.PASSED,
        "tablet": Outcome.PASSED,
    }
    assert found.outcome is Outcome.FAILED
    assert any("moved apart" in note and "mobile fell most" in note for note in found.notes)
    assert found.homogeneity.keys() == {"device"}
    assert [part.value for part in found.slices if found.fell_apart(part)] == ["mobile"]


def test_slices_that_fell_alike_are_not_told_apart_by_which_crossed_the_threshold() -> None:
    found = judged(window(0.3, seed=1), **NO_UNIT)
    assert Outcome.FAILED in {s.outcome for s in found.slices}
    assert found.homogeneity["device"] > 0.05
    assert any("within noise (homogeneity p" in note for note in found.notes)
    assert not any(found.fell_apart(part) for part in found.slices)


def test_a_drop_within_noise_warns_and_fails_with_significance_off() -> None:
    reference, current = window(1.0, seed=5, n=200), window(0.6, seed=9, n=60)
    noisy = judged(current, reference)
    assert noisy.drop.value is not None
    assert noisy.drop.interval is not None
    assert noisy.drop.value > 0.05
    assert noisy.drop.interval[0] <= 0
    assert noisy.outcome is Outcome.WARNED
    assert judged(current, reference, significance={"judge": "off"}).outcome is Outcome.FAILED


def test_a_noisy_slice_warns_where_the_whole_passes() -> None:
    devices = ["mobile"] * 100 + ["desktop", "tablet"] * (N // 2 - 50)
    found = judged(window(0.6, seed=17, devices=devices), window(1.0, seed=4, devices=devices))
    assert found.drop.value is not None
    assert found.drop.value <= 0.05
    assert {s.value: s.outcome for s in found.slices}["mobile"] is Outcome.WARNED
    assert found.outcome is Outcome.WARNED


def test_a_drop_exactly_at_its_threshold_passes() -> None:
    reference, current = window(), window(0.4, seed=1)
    drop = judged(current, reference, roles={"slices": []}).drop.value
    assert drop is not None
    for limit, outcome in ((drop, Outcome.PASSED), (float(np.nextafter(drop, 0)), Outcome.FAILED)):
        found = judged(current, reference, roles={"slices": []}, thresholds={"auc_drop": {"max": limit}})
        assert found.outcome is outcome


def test_identical_windows_have_no_drop() -> None:
    found = judged(window())
    assert (found.drop.value, found.outcome) == (0.0, Outcome.PASSED)
    assert {s.drop.value for s in found.slices} == {0.0}
    assert any("their differences are within noise" in note for note in found.notes)


def test_monotone_maps_of_the_score_change_nothing() -> None:
    reference, current = window(), window(0.4, seed=1)
    expected = judged(current, reference)
    mapped = [put(t, score=np.exp(3 * t["score"].to_numpy())) for t in (current, reference)]
    found = judged(*mapped)
    assert (found.drop, found.current) == (expected.drop, expected.current)


def test_from_score_bins_the_value_is_within_its_bound() -> None:
    reference, current = window(), window(0.4, seed=1)
    exact = judged(current, reference)
    binned = judged(current, reference, performance={"exact_rows": 0})
    assert binned.method.startswith("from score bins")
    for a, b in ((exact.reference, binned.reference), (exact.current, binned.current)):
        assert a.value is not None
        assert b.value is not None
        assert b.bound < 5e-4
        assert abs(a.value - b.value) <= b.bound + 1e-12
    assert binned.reference.bound == 0  # every score of the reference has a bin of its own
    assert binned.current.bound > 0
    for one, other in zip(exact.slices, binned.slices, strict=True):
        assert one.current.value is not None
        assert other.current.value is not None
        assert abs(one.current.value - other.current.value) <= other.current.bound < 0.01
        assert (one.current.n, one.current.positives) == (other.current.n, other.current.positives)


def test_small_and_one_class_slices_say_so() -> None:
    devices = ["mobile"] * 2000 + ["desktop"] * 900 + ["tablet"] * 99 + ["kiosk"]
    enough = window(seed=6, devices=["mobile"] * 2900 + ["tablet"] * 100)
    assert next(s for s in judged(enough).slices if s.value == "tablet").current.value is not None
    current = window(seed=6, devices=devices)
    labels = current["label"].to_numpy().copy()
    labels[2000:2900] = 1
    found = {s.value: s for s in judged(put(current, label=labels)).slices}
    assert found["tablet"].reason == "only 99 scored rows (of 100 needed)"
    assert found["desktop"].reason == "one class only (of 20 needed)"
    assert (found["desktop"].current.n, found["desktop"].current.positives) == (900, 900)
    assert found["(unseen)"].current.n == 1
    assert {found[v].outcome for v in ("tablet", "desktop", "(unseen)")} == {Outcome.NOT_COMPUTED}
    assert {found[v].current.value for v in ("tablet", "desktop")} == {None}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"label": None}, "the current window has no label column 'label'"),
        ({"label": pa.nulls(N)}, "label 'label' is empty in all 3,000 rows of the current window"),
        ({"label": [1] * N}, "all scored rows of the current window (3,000) have the same label"),
        ({"label": [5] * N}, "label 'label' is neither of the two classes in 3,000 rows of the current window"),
        ({"label": [[1]] * N}, "label 'label' is neither of the two classes in 3,000 rows of the current window"),
        ({"score": None}, "the current window has no score column 'score'"),
        ({"score": pa.nulls(N)}, "score 'score' is empty in all 3,000 rows of the current window"),
        ({"score": ["high"] * N}, "score 'score' is string, not a number"),
        ({"score": pa.array([0] * N, pa.timestamp("s"))}, "score 'score' is timestamp, not a number"),
    ],
    ids=lambda value: None if isinstance(value, str) else next(iter(value)),
)
def test_why_there_is_no_auc(change: dict[str, Any], reason: str) -> None:
    found = packet(put(window(), **change), window())
    assert found.performance.reason == reason
    assert (found.performance.outcome, found.performance.expected) == (Outcome.NOT_COMPUTED, False)
    assert found.performance.current.value is None
    assert any("performance.auc_drop" in line for line in found.could_not_judge)


def test_labels_without_scores_in_the_same_rows() -> None:
    half = np.arange(N) % 2 == 0
    current = put(
        window(),
        label=pa.array(window()["label"].to_numpy(), mask=half),
        score=pa.array(window()["score"].to_numpy(), mask=~half),
    )
    assert judged(current).reason == "no row of the current window has both a label and a score"


def test_late_labels_are_expected() -> None:
    found = packet(put(window(), label=None), window(), config(labels={"expected": "late"}))
    assert found.performance.outcome is Outcome.NOT_COMPUTED
    assert found.performance.expected
    assert found.could_not_judge == []
    assert found.severity.value == "low"


def test_a_lost_or_retyped_slice_column_is_said_and_the_rest_is_judged() -> None:
    for change, reason in (
        ({"device": None}, "the current window has no column 'device'"),
        ({"device": range(N)}, "column 'device' of the current window is integer where the reference is string"),
    ):
        found = packet(put(window(), **change), window())
        assert found.performance.outcome is Outcome.PASSED
        assert {s.reason for s in found.performance.slices} == {reason}
        assert any(reason in line for line in found.could_not_judge)


def test_numeric_slices_are_quantile_bins() -> None:
    found = judged(window(), roles={"slices": ["fare"]})
    assert len(found.slices) == 10
    assert sum(s.current.n for s in found.slices) == N


@pytest.mark.parametrize(
    "make",
    [
        lambda y: pa.array(y == 1),
        lambda y: pa.array(["True" if v else "False" for v in y]),
        lambda y: pa.array(y.astype("f4")),
        lambda y: pa.array(y).cast(pa.decimal128(30, 2)),
        lambda y: pa.array([str(v) for v in y]).dictionary_encode(),
    ],
    ids=["boolean", "True", "float", "decimal", "coded"],
)
def test_labels_of_every_type_give_the_same_auc(make: Any) -> None:
    labels = window()["label"].to_numpy()
    expected = judged(window(0.4, seed=1)).reference.value
    changed = put(window(), label=make(labels))
    assert judged(changed, changed).reference.value == expected


def test_a_worded_positive_class() -> None:
    words = np.array(["no", "yes"])[window()["label"].to_numpy()]
    changed = put(window(), label=words)
    expected = judged(window()).reference.value
    assert judged(changed, changed, labels={"positive": "yes"}).reference.value == expected
    flipped = judged(changed, changed, labels={"positive": "no"}).reference.value
    assert flipped == pytest.approx(1 - (expected or 0), abs=1e-12)


def test_units_are_compared_in_words() -> None:
    riders = [1000 + i for i in range(1500)] + list(window()["rider"].to_pylist()[1500:])
    notes = judged(put(window(), rider=riders)).notes
    assert any("on known rider values" in note and "on new rider values" in note for note in notes)
    assert any("the baseline flatters a model that meets new ones" in note for note in notes)


def test_a_performance_baseline_of_its_own() -> None:
    holdout = window(seed=9)
    found = packet(window(seed=10), window(2.0), config(), holdout=holdout).performance
    assert found.reference.value == pytest.approx(by_pairs(holdout)[0], abs=1e-9)
    assert found.reference.n == N
