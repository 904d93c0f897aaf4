"""Parts and their replicates against leaving groups out by hand."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy import stats

from dawnwatch.stats.jackknife import clustered_drop
from dawnwatch.stats.replicates import Part, auc_replicates, pair_replicates, without_each
from tests.stats.by_pairs import delong_by_pairs

GROUPS = 12


def tables(seed: int, lam: float = 2.0) -> np.ndarray:
    return np.random.default_rng(seed).poisson(lam, (GROUPS, 2, 9))


def test_replicates_are_the_tables_without_each_group() -> None:
    counts = tables(0)
    found = without_each(counts)
    assert found.shape == (1 + GROUPS, 2, 9)
    assert found[0] == pytest.approx(counts.sum(axis=0))
    for group in range(GROUPS):
        assert found[1 + group] == pytest.approx(np.delete(counts, group, axis=0).sum(axis=0))


def test_aucs_are_those_of_every_pair() -> None:
    found = auc_replicates(without_each(tables(1)))
    for value, table in zip(found, without_each(tables(1)).astype(int), strict=True):
        label, score = (np.repeat(at, table.ravel()) for at in np.indices(table.shape).reshape(2, -1))
        assert value == pytest.approx(delong_by_pairs(score.astype(float), label)[0])


def test_pairs_of_two_kinds_of_rows() -> None:
    positives, negatives = np.array([[0.0, 2.0, 1.0]]), np.array([[1.0, 1.0, 0.0]])
    # Of 3 x 2 pairs the positive is above in 2 + 2 and equal in 2 x 1 halves... counted by hand: 2, 1 + 1, 1.
    assert pair_replicates(positives, negatives)[0] == pytest.approx((2 * 1.5 + 1 * 2) / 6)
    assert np.isnan(pair_replicates(positives, np.zeros((1, 3)))[0])


def test_a_fall_has_the_interval_of_the_jackknife_of_two_windows() -> None:
    before, after = tables(2), tables(3)
    filled = np.ones(GROUPS, dtype=bool)
    one, other = (Part(auc_replicates(without_each(t)), filled) for t in (before, after))
    expected = clustered_drop(before, after)
    assert expected is not None
    assert (one - other).value == pytest.approx(expected.value)
    assert (one - other).interval(0.9) == pytest.approx(expected.interval(0.9))


def test_what_two_parts_have_in_common_cancels() -> None:
    part = Part(auc_replicates(without_each(tables(4))), np.ones(GROUPS, dtype=bool))
    assert (part - part).interval() == (0.0, 0.0)
    moved = part.moved_to(0.9)
    assert moved.value == 0.9
    assert np.diff(moved.interval()) == pytest.approx(np.diff(part.interval()))


def test_empty_groups_count_for_nothing() -> None:
    values = np.array([1.0, 0.9, 1.1, 1.0, 1.0])
    part = Part(values, np.array([True, True, False, False]))
    # Two groups: variance 1/2 of (0.1² + 0.1²), one degree of freedom.
    half = stats.t(1).ppf(0.975) * sqrt(0.5 * 0.02)
    assert part.interval() == pytest.approx((1 - half, 1 + half))


def test_what_could_not_be_computed_has_no_interval() -> None:
    part = Part(np.array([0.7, np.nan, 0.7]), np.ones(2, dtype=bool))
    assert not part.known
    with pytest.raises(ValueError, match="without all its replicates"):
        part.interval()
