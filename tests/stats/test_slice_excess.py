"""A slice's fall beside the rest's: against scikit-learn, leaving out groups by hand, and simulated windows."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from dawnwatch.stats.slice_excess import SliceExcess, clustered_excess, slice_excess

GROUPS, BINS = 12, 40


def tables(seed: int, rows: int = 500, apart: float = 1.0) -> NDArray[np.int64]:
    """Rows per group, label and score bin."""
    rng = np.random.default_rng(seed)
    group, label = rng.integers(0, GROUPS, rows), rng.integers(0, 2, rows)
    score = np.clip(((rng.normal(size=rows) + apart * label + rng.normal(size=GROUPS)[group] + 5) * 4), 0, BINS - 1)
    flat = (group * 2 + label) * BINS + score.astype(np.int64)
    return np.bincount(flat, minlength=GROUPS * 2 * BINS).reshape(GROUPS, 2, BINS)


def auc(table: NDArray[np.int64]) -> float:
    counts = table if table.ndim == 2 else table.sum(axis=0)
    labels = np.repeat([0, 1], counts.sum(axis=1))
    scores = np.concatenate([np.repeat(np.arange(BINS), of_class) for of_class in counts])
    return float(roc_auc_score(labels, scores))


FOUR = [tables(seed, apart=apart) for seed, apart in enumerate((1.5, 0.5, 1.4, 1.2))]


def excess(four: list[NDArray[np.int64]]) -> SliceExcess:
    before, now, rest_before, rest_now = (table.sum(axis=0) for table in four)
    found = slice_excess((before, now), (rest_before, rest_now))
    assert found is not None
    return found


def test_the_falls_are_those_of_the_aucs() -> None:
    found = excess(FOUR)
    before, now, rest_before, rest_now = map(auc, FOUR)
    assert (found.drop, found.rest) == (pytest.approx(before - now), pytest.approx(rest_before - rest_now))
    assert found.degrees == (inf, inf)


def test_the_p_value_is_the_larger_of_both_one_sided_ones() -> None:
    found = excess(FOUR)
    fell = norm.sf(found.drop / found.variances[0] ** 0.5)
    stands_out = norm.sf((found.drop - found.rest) / found.variances[1] ** 0.5)
    assert found.p_value == pytest.approx(max(fell, stands_out))
    turned = excess([FOUR[1], FOUR[0], FOUR[2], FOUR[3]])
    assert turned.p_value > 0.99


def test_where_all_rows_fell_alike_no_slice_stands_out() -> None:
    good, bad = (tables(seed, 4000, apart) for seed, apart in ((1, 1.5), (2, 0.7)))
    also_good, also_bad = (tables(seed, 4000, apart) for seed, apart in ((1, 1.5), (2, 0.7)))
    assert excess([good, bad, also_good, also_bad]).p_value == pytest.approx(0.5)


def test_by_units_the_variances_are_those_of_leaving_each_group_out() -> None:
    alone = excess(FOUR)
    found = clustered_excess(alone, (FOUR[0], FOUR[1]), (FOUR[2], FOUR[3]))
    assert found is not None
    left = []
    for group in range(GROUPS):
        before, now, rest_before, rest_now = (auc(np.delete(table, group, axis=0)) for table in FOUR)
        left.append([before - now, before - now - rest_before + rest_now])
    expected = (GROUPS - 1) / GROUPS * ((np.array(left) - np.mean(left, axis=0)) ** 2).sum(axis=0)
    assert found.variances == pytest.approx(expected.tolist())
    assert (found.drop, found.rest) == (alone.drop, alone.rest)
    assert all(degrees <= GROUPS - 1 for degrees in found.degrees)


def test_all_rows_spread_as_much_more_as_the_sample_does() -> None:
    alone = excess(FOUR)
    by_unit = clustered_excess(alone, (FOUR[0], FOUR[1]), (FOUR[2], FOUR[3]))
    assert by_unit is not None
    # The sample is all there is here, and so must come out as itself.
    assert alone.spread_like(by_unit, alone).variances == pytest.approx(
        [max(a, b) for a, b in zip(by_unit.variances, alone.variances, strict=True)]
    )
    assert alone.spread_like(by_unit, alone).degrees == by_unit.degrees


def test_an_empty_class_is_not_computed() -> None:
    empty = FOUR[0].copy()
    empty[:, 1] = 0
    assert slice_excess((empty.sum(axis=0), FOUR[1].sum(axis=0)), (FOUR[2].sum(axis=0), FOUR[3].sum(axis=0))) is None


def test_by_units_a_healthy_slice_is_called_weak_no_more_often_than_said() -> None:
    """At 5 %, over 400 sets of windows whose groups have traits of their own; rows as independent reject far more."""
    rejected = naive = 0
    for seed in range(400):
        four = [tables(10_000 + 4 * seed + i, 300) for i in range(4)]
        alone = excess(four)
        found = clustered_excess(alone, (four[0], four[1]), (four[2], four[3]))
        assert found is not None
        rejected += found.p_value <= 0.05
        naive += alone.p_value <= 0.05
    assert rejected <= 400 * 0.05 + 3 * (400 * 0.05 * 0.95) ** 0.5
    assert naive > rejected
