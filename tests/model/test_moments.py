"""Moments against exact fractions, and their addition."""

from __future__ import annotations

from fractions import Fraction
from math import inf, isfinite, isnan

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawnwatch.model.moments import Moments, moments_of
from dawnwatch.profiling.counting import best
from tests.profiling.wild import profiled

doubles = st.lists(st.floats(width=64), max_size=40)
tame = st.lists(st.floats(-1e6, 1e6) | st.integers(-9, 9).map(float), min_size=1, max_size=40)


def by_hand(values: list[float]) -> tuple[float, float]:
    """Mean and sum of squared deviations, as exactly as they are."""
    exact = [Fraction(value) for value in values]
    mean = sum(exact, Fraction()) / len(exact)
    return float(mean), float(sum(((value - mean) ** 2 for value in exact), Fraction()))


@given(tame, st.integers(0, 40))
def test_mean_and_squares_are_those_of_exact_arithmetic(values: list[float], cut: int) -> None:
    mean, squares = by_hand(values)
    largest = max(abs(value) for value in values)
    for make in (moments_of, best().moments):
        whole = make(np.array(values))
        parts = make(np.array(values[:cut])) + make(np.array(values[cut:]))
        for found in (whole, parts):
            assert found.mean == pytest.approx(mean, rel=1e-12, abs=1e-12 * largest)
            assert found.squares == pytest.approx(squares, rel=1e-9, abs=1e-12 * largest**2 + 1e-300)
            assert found.variance == found.squares / len(values)


@given(doubles, doubles, doubles)
def test_addition_is_exact_in_whole_numbers_and_never_nan(
    one: list[float], two: list[float], three: list[float]
) -> None:
    a, b, c = (moments_of(np.array(values)) for values in (one, two, three))
    whole = moments_of(np.array(one + two + three))
    for total in ((a + b) + c, a + (b + c), (c + a) + b):
        assert _whole(total) == _whole(whole)
        assert isfinite(total.mean)
        assert not isnan(total.squares)
    assert _whole(a + Moments()) == _whole(a) == _whole(Moments() + a)


@pytest.mark.parametrize("rows", [2, 3, 7, 49])
def test_the_mean_of_the_largest_floats_is_a_float(rows: int) -> None:
    largest = np.finfo(np.float64).max
    for make in (moments_of, best().moments):
        for value in (largest, -largest):
            assert make(np.full(rows, value)).mean == pytest.approx(value, rel=1e-12)


def _whole(found: Moments) -> tuple[object, ...]:
    return found.nan, found.pos_inf, found.neg_inf, found.finite, found.low, found.high, found.checksum


@given(doubles, st.randoms())
def test_the_checksum_does_not_know_order_or_the_sign_of_zero(values: list[float], random: object) -> None:
    shuffled = [abs(value) if value == 0 else value for value in values]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert moments_of(np.array(shuffled)).checksum == moments_of(np.array(values)).checksum
    assert moments_of(np.array([*values, np.nan])).checksum == moments_of(np.array(values)).checksum


def test_no_checksum_of_few_values_is_that_of_others() -> None:
    # Whatever grid the values lie on: ratings, prices, days, powers of two.
    for scale in (1.0, 0.25, 0.01, 1000.0, 86_400.0):
        singles = np.array([moments_of(np.array([value])).checksum for value in np.arange(-25, 25) * scale], np.uint64)
        pairs = singles[:, None] + singles
        threes = np.unique(pairs[np.triu_indices(50)])[:, None] + singles
        # Sums of three of fifty: as many as there are multisets.
        assert np.unique(threes).size == 50 * 51 * 52 // 6
    powers = np.array([moments_of(np.array([value])).checksum for value in 2.0 ** np.arange(-25, 25)], np.uint64)
    assert np.unique(powers[:, None] + powers).size == 50 * 51 // 2


def test_a_part_without_numbers_moves_no_moment() -> None:
    one = profiled(pa.table({"amount": [1e200, 1e200]})).columns["amount"].moments
    empty = pa.array([None, np.nan], pa.float64(), from_pandas=False)
    none = profiled(pa.table({"amount": empty})).columns["amount"].moments
    for both in (one + none, none + one):
        assert (both.mean, both.squares, both.finite) == (1e200, 0.0, 2)


def test_moments_are_never_nan() -> None:
    ends = [profiled(pa.table({"amount": [end] * 3})).columns["amount"].moments for end in (1.7e308, -1.7e308)]
    assert ends[0].mean == pytest.approx(1.7e308)
    both = ends[0] + ends[1]
    assert abs(both.mean) < 1e300
    assert both.squares == inf
    assert (both + both).squares == inf


def test_means_do_not_break_on_huge_values(recwarn: pytest.WarningsRecorder) -> None:
    table = pa.table({"amount": [1e308, 1.7e308, -1e308, 1e308]})
    total = (profiled(table) + profiled(table)).columns["amount"].moments
    assert (total.low, total.high) == (-1e308, 1.7e308)
    assert not recwarn.list


@pytest.mark.parametrize("values", [[2**53, 2**53 + 1, 2**60 + 1], [-(2**63), 2**63 - 1]])
def test_whole_numbers_beyond_what_a_float_holds_are_rounded(values: list[int]) -> None:
    found = profiled(pa.table({"count": pa.array(values, pa.int64())})).columns["count"].moments
    assert (found.low, found.high, found.finite) == (float(values[0]), float(values[-1]), len(values))
