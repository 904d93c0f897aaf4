"""The jackknife against explicit pairs, DeLong, a bootstrap of whole units, and a known truth."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from benchmarks.verify_stats.simulate import Rows
from scipy import stats

from dawnwatch.stats import jackknife
from dawnwatch.stats.auc import AucEstimate, auc_drop, auc_from_counts
from dawnwatch.stats.jackknife import (
    ClusteredAuc,
    ClusteredDrop,
    clustered_auc,
    clustered_drop,
    clustered_homogeneity,
)
from tests.stats.by_pairs import delong_by_pairs
from tests.stats.clustered import GROUPS, Counts, score_table, scored_units


def auc(table: Counts) -> ClusteredAuc:
    found = clustered_auc(table)
    assert found is not None
    return found


def drop(reference: Counts, current: Counts) -> ClusteredDrop:
    found = clustered_drop(reference, current)
    assert found is not None
    return found


def by_pairs(table: Counts) -> float:
    """The AUC of the table's rows, from every pair."""
    _, label, score = (np.repeat(at, table.ravel()) for at in np.indices(table.shape).reshape(3, -1))
    return delong_by_pairs(score.astype(float), label)[0]


@pytest.mark.parametrize("seed", range(5))
def test_leaving_out_is_as_if_the_group_had_no_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    reference, current = (rng.poisson(0.3, (9, 2, 12)) * (rng.random((9, 1, 1)) < 0.8) for _ in range(2))

    def without(table: Counts, group: int) -> Counts:
        return np.delete(table, group, axis=0)

    each = np.array([by_pairs(without(reference, g)) - by_pairs(without(current, g)) for g in range(9)])
    found = drop(reference, current)
    assert found.left_out == pytest.approx(each)
    assert found.value == pytest.approx(by_pairs(reference) - by_pairs(current))
    filled = (reference.sum(axis=(1, 2)) + current.sum(axis=(1, 2))) > 0
    assert found.groups == filled.sum()
    expected = (found.groups - 1) / found.groups * ((each - each[filled].mean())[filled] ** 2).sum()
    assert found.variance == pytest.approx(expected)
    one = auc(reference)
    assert one.value == pytest.approx(by_pairs(reference))
    assert one.left_out == pytest.approx([by_pairs(without(reference, g)) for g in range(9)])


def test_intervals_and_p_values_are_students() -> None:
    rng = np.random.default_rng(1)
    tables = [rng.poisson(lam, (GROUPS, 2, 20)) for lam in (2.0, 1.0)]
    for found, at in ((drop(*tables), 0.0), (auc(tables[0]), 0.5)):
        law = stats.t(found.degrees)
        half = law.ppf(0.975) * sqrt(found.variance)
        assert found.interval() == pytest.approx((found.value - half, found.value + half))
        assert found.p_value == pytest.approx(2 * law.sf(abs(found.value - at) / sqrt(found.variance)))
        assert 40 < found.degrees <= 63
        # The interval of the level that is the p-value ends at what is tested.
        ends = found.interval(1 - found.p_value)
        assert min(abs(end - at) for end in ends) == pytest.approx(0, abs=1e-9)


def test_single_rows_as_groups_are_delongs_independent_rows() -> None:
    rng = np.random.default_rng(2)
    label, code = rng.integers(0, 2, 600), rng.integers(0, 30, 600)
    code = np.minimum(code + 3 * label, 29)
    table = np.zeros((600, 2, 30), np.int64)
    table[np.arange(600), label, code] = 1
    found, delong = auc(table), auc_from_counts(*table.sum(axis=0))
    assert delong is not None
    assert found.value == pytest.approx(delong.value)
    assert found.variance == pytest.approx(delong.variance, rel=0.01)
    assert found.design_effect == pytest.approx(1, rel=0.01)


@pytest.mark.parametrize(("alike", "heavy"), [(0.0, 0.0), (0.6, 0.0), (0.6, 1.0)])
def test_the_variance_is_that_of_a_bootstrap_of_units(alike: float, heavy: float) -> None:
    rng = np.random.default_rng(3)
    windows = [scored_units(rng, 600, 6000, apart=apart, alike=alike, heavy=heavy) for apart in (1.0, 0.7)]
    group = rng.integers(0, GROUPS, 600)
    found = drop(*(score_table(rows, group, 128) for rows in windows))

    def estimate(rows: Rows) -> AucEstimate:
        of_rows = auc_from_counts(*score_table(rows, group, 128).sum(axis=0))
        assert of_rows is not None
        return of_rows

    draws = []
    for _ in range(400):
        # A unit is drawn with its rows of both windows.
        times = rng.multinomial(600, np.full(600, 1 / 600))
        drawn = [Rows(*(np.repeat(each, times[rows.unit]) for each in rows)) for rows in windows]
        draws.append(estimate(drawn[0]).value - estimate(drawn[1]).value)
    assert sqrt(found.variance) == pytest.approx(np.std(draws), rel=0.25)
    delong = auc_drop(*(estimate(rows) for rows in windows))
    assert found.design_effect == pytest.approx(found.variance / delong.variance)


@pytest.mark.parametrize(("alike", "heavy"), [(0.0, 0.0), (0.6, 0.0), (0.6, 1.2)])
def test_the_interval_covers_the_true_drop(alike: float, heavy: float) -> None:
    rng = np.random.default_rng(4)
    truth = float(np.subtract(*(stats.norm.cdf(apart / sqrt(2 + 2 * alike**2)) for apart in (1.0, 0.7))))
    hits = []
    for _ in range(300):
        tables = []
        for units, rows, apart in ((600, 6000, 1.0), (150, 2000, 0.7)):
            drawn = scored_units(rng, units, rows, apart=apart, alike=alike, heavy=heavy)
            tables.append(score_table(drawn, rng.integers(0, GROUPS, units)))
        low, high = drop(*tables).interval(0.9)
        hits.append(low <= truth <= high)
    assert 0.85 <= np.mean(hits) <= 0.95


def test_the_same_rows_in_both_windows_have_fallen_by_nothing() -> None:
    rng = np.random.default_rng(5)
    table = rng.poisson(1, (GROUPS, 2, 20))
    found = drop(table, 3 * table)
    assert (found.value, found.p_value) == (pytest.approx(0, abs=1e-12), pytest.approx(1, abs=1e-9))
    assert found.variance == pytest.approx(0, abs=1e-20)
    # Windows that share their units differ by less than windows of other units.
    assert drop(table, table + rng.poisson(0.2, table.shape)).variance < drop(table, table[::-1]).variance / 3


def test_a_class_that_one_group_holds_alone_cannot_be_judged() -> None:
    table = np.zeros((4, 2, 3), np.int64)
    table[:, 0] = 2
    assert clustered_auc(table) is None
    table[1, 1, 2] = 5
    assert clustered_auc(table) is None
    assert clustered_drop(np.ones((4, 2, 3)), table) is None
    table[3, 1, 2] = 1
    assert clustered_auc(table) is not None
    with pytest.raises(ValueError, match="same groups; got 4 and 5"):
        clustered_drop(table, np.ones((5, 2, 3)))


def test_perfect_scores_have_no_variance() -> None:
    table = np.zeros((4, 2, 3), np.int64)
    table[:, 0, 0], table[:, 1, 2] = 2, 3
    found = auc(table)
    assert (found.value, found.variance, found.p_value, found.design_effect) == (1, 0, 0, None)
    assert found.interval() == (1, 1)
    assert drop(table, table).p_value == 1


def test_tables_of_billions_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    table = np.random.default_rng(6).poisson(2, (GROUPS, 2, 20))
    few, many = auc(table), auc(table * 10**8)
    assert (many.value, many.variance) == (pytest.approx(few.value), pytest.approx(few.variance))
    monkeypatch.setattr(jackknife, "MANY", 1)
    assert auc(table).left_out == pytest.approx(few.left_out, rel=1e-12)


def slices(rng: np.random.Generator, apart: tuple[float, ...]) -> list[ClusteredDrop]:
    """Drops of slices that have the same units, from 1.0 in the reference to these."""
    tables: list[list[Counts]] = [[], []]
    for window, units in ((0, 400), (1, 300)):
        group = rng.integers(0, GROUPS, units)
        for now in apart:
            rows = scored_units(rng, units, 3000, apart=now if window else 1.0, alike=0.4)
            tables[window].append(score_table(rows, group))
    return [drop(*pair) for pair in zip(*tables, strict=True)]


def test_homogeneity_of_two_drops_is_students_test_of_their_difference() -> None:
    one, other = slices(np.random.default_rng(7), (0.9, 0.6))
    apart = one.left_out - other.left_out
    error = sqrt((GROUPS - 1) ** 2 / GROUPS * apart.var(ddof=1))
    expected = 2 * stats.t(GROUPS - 1).sf(abs(one.value - other.value) / error)
    assert clustered_homogeneity([one, other]) == pytest.approx(expected)


def test_homogeneity_holds_its_level_and_sees_what_is_apart() -> None:
    rng = np.random.default_rng(8)
    p_values = [clustered_homogeneity(slices(rng, (0.8, 0.8, 0.8))) for _ in range(200)]
    assert 0.01 <= np.mean([p is not None and p <= 0.05 for p in p_values]) <= 0.1
    apart = clustered_homogeneity(slices(rng, (1.0, 1.0, 0.3)))
    assert apart is not None
    assert apart < 0.001


def test_homogeneity_needs_two_drops_that_vary_and_more_groups() -> None:
    found = slices(np.random.default_rng(9), (0.9, 0.6))
    assert clustered_homogeneity(found[:1]) is None
    assert clustered_homogeneity([found[0], found[0]]) is None
    few = drop(np.ones((3, 2, 4), np.int64), np.random.default_rng(1).integers(1, 5, (3, 2, 4)))
    assert clustered_homogeneity([few, few, few]) is None
