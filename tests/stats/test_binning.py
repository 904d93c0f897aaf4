"""Bins: laws that hold for any data, and the names people read."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dawnwatch.stats.auc import auc_from_counts
from dawnwatch.stats.binning import assign, interval_names, quantile_edges, score_edges, with_spare_edges
from tests.stats.by_pairs import counts_by_score

finite = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def tied_values(draw: st.DrawFn) -> NDArray[np.float64]:
    """Few distinct values, some of them neighbouring floats, each any number of times."""
    pool = draw(st.lists(finite, min_size=1, max_size=10))
    pool += [float(np.nextafter(value, 0)) for value in pool]
    return np.array(draw(st.lists(st.sampled_from(pool), max_size=80)))


@given(tied_values(), st.integers(2, 20))
@example(np.array([1.0, 1.0000000000000002]), 3)
@example(np.array([-1.7976931348623157e308] * 4), 10)
@example(np.arange(77.0), 11)
def test_every_heavy_value_is_alone_in_its_bin_and_names_are_unique(values: NDArray[np.float64], bins: int) -> None:
    edges = quantile_edges(values, bins)
    assert (np.diff(edges) > 0).all()
    codes = assign(values, edges)
    for value in np.unique(values):
        if (values == value).sum() * bins > values.size:
            assert set(values[codes == codes[values == value][0]]) == {value}
    names = interval_names(edges)
    assert len(names) == edges.size + 1
    assert len(set(names)) == len(names)


@given(st.lists(finite, min_size=1, max_size=60), st.lists(finite, max_size=40, unique=True))
def test_assign_is_monotone_and_right_closed(values: list[float], edges: list[float]) -> None:
    ordered = sorted(set(np.array(edges) + 0.0))
    data = np.array([*values, *ordered, np.inf, -np.inf])
    codes = assign(data, np.array(ordered))
    assert codes.tolist() == [bisect_left(ordered, value) for value in data]
    by_value = codes[np.argsort(data, kind="stable")]
    assert (np.diff(by_value) >= 0).all()


@pytest.mark.parametrize("size", [0, 1, 23, 24, 25, 26, 300])
def test_few_and_many_edges_give_the_same_codes(size: int) -> None:
    rng = np.random.default_rng(size)
    edges = np.unique(rng.normal(size=size).round(2))
    values = np.concatenate([edges, np.nextafter(edges, np.inf), np.nextafter(edges, -np.inf), rng.normal(size=500)])
    values = np.concatenate([values, [np.inf, -np.inf, 0.0, -0.0]])
    expected = [int((edges < value).sum()) for value in values]
    assert assign(values, edges).tolist() == expected


def test_continuous_values_fill_the_bins_evenly() -> None:
    values = np.random.default_rng(1).normal(size=10_007)
    edges = quantile_edges(values, 10)
    held = np.bincount(assign(values, edges))
    assert held.size == 10
    assert held.max() - held.min() <= 2


@pytest.mark.parametrize("bins", range(2, 21))
def test_ranks_are_exact_whatever_the_number_of_rows(bins: int) -> None:
    for rows in range(bins, 150):
        edges = quantile_edges(np.arange(1.0, rows + 1), bins)
        assert edges.tolist() == [-(-i * rows // bins) for i in range(1, bins)]


def test_a_constant_column_has_three_bins() -> None:
    edges = quantile_edges(np.full(50, 7.5))
    assert interval_names(edges) == ["< 7.5", "= 7.5", "> 7.5"]
    assert assign(np.array([7.0, 7.5, 8.0, -np.inf, np.inf]), edges).tolist() == [0, 1, 2, 0, 2]


def test_many_zeros_stand_alone() -> None:
    values = np.concatenate([np.zeros(800), np.random.default_rng(2).normal(size=200)])
    edges = quantile_edges(values, 10)
    names = interval_names(edges)
    zero = names.index("= 0")
    assert assign(np.array([0.0, -0.0]), edges).tolist() == [zero, zero]
    held = np.bincount(assign(values, edges), minlength=len(names))
    assert held[zero] == 800


def test_no_values_one_bin() -> None:
    edges = quantile_edges(np.empty(0))
    assert edges.size == 0
    assert interval_names(edges) == ["all values"]
    assert assign(np.array([1.0, -np.inf]), edges).tolist() == [0, 0]


def test_names_say_which_side_is_open() -> None:
    assert interval_names(np.array([1.0, 2.5])) == ["≤ 1", "1 < x ≤ 2.5", "> 2.5"]
    below = float(np.nextafter(2.5, 0))
    assert interval_names(np.array([1.0, below, 2.5])) == ["≤ 1", "1 < x < 2.5", "= 2.5", "> 2.5"]
    assert interval_names(np.array([1234567.0, 1234568.0]))[1] == "1234567 < x ≤ 1234568"


def test_neighbouring_floats_are_each_named_by_their_own_value() -> None:
    edges = np.array([np.nextafter(1.0, 0), 1.0, np.nextafter(1.0, 2)])
    assert interval_names(edges) == ["< 1", "= 1", "= 1.0000000000000002", "> 1.0000000000000002"]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=200))
def test_few_distinct_scores_have_a_bin_each(scores: list[int]) -> None:
    values = np.array(scores, dtype=np.float64)
    edges = score_edges(values, 32)
    codes = assign(values, edges)
    assert len(set(codes)) == len(set(scores))
    # A bin of a score holds that float and no other: its neighbours fall elsewhere.
    for towards in (np.inf, -np.inf):
        assert set(assign(np.nextafter(values, towards), edges)).isdisjoint(codes)


@pytest.mark.parametrize("rate", [0.5, 0.1, 0.001])
def test_many_scores_share_bins_within_a_small_bound(rate: float) -> None:
    rng = np.random.default_rng(5)
    labels = (rng.random(200_000) < rate).astype(np.int64)
    scores = 1 / (1 + np.exp(-(rng.normal(size=200_000) + labels)))
    edges = score_edges(scores)
    assert edges.size <= 2 * 8192
    codes = assign(scores, edges)
    tables = [np.bincount(codes[labels == label], minlength=edges.size + 1) for label in (0, 1)]
    binned, exact = auc_from_counts(*tables, exact=False), auc_from_counts(*counts_by_score(scores, labels))
    assert binned is not None
    assert exact is not None
    assert binned.bound < 1e-4
    assert abs(binned.value - exact.value) <= binned.bound


def test_score_edges_keep_to_their_number_whatever_the_ties() -> None:
    rng = np.random.default_rng(9)
    few = rng.integers(0, 63, 5000) / 100
    cases = (rng.random(5000), np.r_[np.zeros(4000), rng.random(1000)], np.full(10, 0.5), few, np.empty(0))
    for scores in cases:
        edges = score_edges(scores, 64)
        assert edges.size <= 2 * 64
        assert (np.diff(edges) > 0).all()
    assert score_edges(cases[0], 64).size == 63


def test_spare_edges_leave_the_given_ones_and_reach_where_scores_may_go() -> None:
    inside = np.sort(np.random.default_rng(5).uniform(0.2, 0.7, 50))
    found = with_spare_edges(inside, 10)
    assert set(inside) <= set(found)
    assert (found[0], found[-1], found.size) == (0.0, 1.0, 70)
    ranked = with_spare_edges(np.array([-3.0, 5.0]), 4)
    assert ranked.tolist() == [-11.0, -9.0, -7.0, -5.0, -3.0, 5.0, 7.0, 9.0, 11.0, 13.0]
    assert with_spare_edges(np.empty(0)).size == 0
    assert np.isfinite(with_spare_edges(np.array([-1.7e308, 1.7e308]))).all()
