"""Tests of a shift against scipy, enumeration, a bootstrap of whole units and simulated windows."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import chi2_contingency, multivariate_hypergeom

from dawnwatch.stats import permutation
from dawnwatch.stats.divergence import psi
from dawnwatch.stats.permutation import permuted_p_value
from dawnwatch.stats.shift import Shift, clustered_shift, shift
from tests.stats.clustered import by_group, resampled, unit_counts

FLAT = np.full(14, 1 / 14)


def found(result: Shift | None) -> Shift:
    assert result is not None
    return result


def tilted(shares: NDArray[np.float64], target: float) -> NDArray[np.float64]:
    """The shares, tilted along the bins until their PSI is the target."""
    at = np.linspace(-1, 1, shares.size)
    low, high = 0.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        moved = shares * np.exp(middle * at)
        low, high = (middle, high) if psi(shares, moved) < target else (low, middle)
    return moved / moved.sum()


@pytest.mark.parametrize("seed", range(20))
def test_independent_rows_are_pearsons_test_of_homogeneity(seed: int) -> None:
    rng = np.random.default_rng(seed)
    bins = int(rng.integers(2, 30))
    a, b = rng.integers(20, 200, bins), rng.integers(20, 200, bins)
    expected = chi2_contingency([a, b], correction=False)
    result = found(shift(a, b))
    each = 1 / a.sum() + 1 / b.sum()
    assert result.p_value == pytest.approx(expected.pvalue, rel=1e-9)
    assert result.statistic == pytest.approx(expected.statistic * each)
    assert (result.method, result.degrees, result.noise) == ("chi-squared", bins - 1, pytest.approx(each * (bins - 1)))
    assert result.psi == psi(a, b)
    assert (result.denominator, result.design_effect, result.groups) == (None, None, None)


def test_bins_without_rows_do_not_count() -> None:
    assert shift([50, 0, 60, 0], [70, 0, 40, 0]) == shift([50, 60], [70, 40])


@pytest.mark.parametrize(("a", "b"), [([9, 2, 1], [2, 3, 4]), ([30, 1], [4, 2]), ([3, 3, 0, 1], [1, 0, 4, 1])])
def test_small_counts_are_permuted_as_enumeration_has_it(a: list[int], b: list[int]) -> None:
    together, rows = np.add(a, b), sum(b)

    def pearson(current: NDArray[np.int64]) -> float:
        reference = together - current
        return float((((current / rows - reference / sum(a)) ** 2) / together).sum())

    cells = product(*(range(t + 1) for t in together))
    tables = [np.array(cell) for cell in cells if sum(cell) == rows]
    exact = sum(
        multivariate_hypergeom.pmf(table, together, rows)
        for table in tables
        if pearson(table) >= pearson(np.array(b)) - 1e-12
    )
    result = found(shift(a, b))
    assert result.method == "permutation"
    assert result.p_value == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 9999) + 2e-4)
    assert shift(a, b) == result
    assert found(shift(a, b, seed=1)).p_value == pytest.approx(exact, abs=0.02)


def test_a_shift_too_clear_for_permutations_has_the_p_value_of_joined_bins() -> None:
    a, b = np.array([900, 60, 20, 3, 2, 1]), np.array([40, 300, 8, 0, 1, 0])
    result = found(shift(a, b))
    # The last three together expect 2 rows, with the third bin 9.
    joined = chi2_contingency([[900, 60, 26], [40, 300, 9]], correction=False)
    assert result.p_value == pytest.approx(joined.pvalue, rel=1e-9)
    assert result.p_value < 1e-100
    assert result.method == "permutation"
    low, high = result.interval()
    assert 0 < low < result.psi < high < np.inf
    # Where all bins have to be joined, permutations are all there is.
    assert found(shift([3, 3, 3, 0, 0, 0], [0, 0, 0, 3, 3, 3])).p_value >= 1e-4


def test_more_rows_than_can_be_dealt_are_drawn_from_all_rows_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = np.array([4000.0, 3000.0, 20.0]), np.array([400.0, 310.0, 4.0])
    dealt = permuted_p_value(a, b)
    monkeypatch.setattr(permutation, "MOST", 1)
    assert permuted_p_value(a, b) == pytest.approx(dealt, abs=0.03)
    monkeypatch.undo()
    assert permuted_p_value(a * 10**9, b) == pytest.approx(permuted_p_value(a * 10**5, b), abs=0.03)


def test_nothing_to_compare() -> None:
    assert shift([5, 0], [3, 0]) is None
    assert shift([0, 0], [1, 2]) is None
    one = np.zeros((3, 64), np.int64)
    one[:, 5] = 10
    many = np.full((3, 64), 2)
    assert clustered_shift(one, many) is None
    assert clustered_shift(many, one) is None
    assert clustered_shift(many, np.zeros((3, 64))) is None
    with pytest.raises(ValueError, match="same bins and groups"):
        clustered_shift(many, many[:2])


@pytest.mark.parametrize(("alike", "heavy"), [(0.0, 0.0), (0.3, 0.0), (0.3, 0.8), (0.8, 0.0)])
def test_the_noise_is_that_of_a_bootstrap_of_units(alike: float, heavy: float) -> None:
    rng = np.random.default_rng(3)
    one = unit_counts(rng, 3000, 20_000, FLAT, alike=alike, heavy=heavy)
    other = unit_counts(rng, 1500, 9_000, FLAT, alike=alike, heavy=heavy)
    result = found(clustered_shift(by_group(rng, one), by_group(rng, other)))
    pooled = (one.sum(axis=0) + other.sum(axis=0)) / (one.sum() + other.sum())
    draws = [resampled(rng, counts, 4000) for counts in (one, other)]
    p, q = (drawn / drawn.sum(axis=1, keepdims=True) for drawn in draws)
    moved = (q - p) - (other.sum(axis=0) / other.sum() - one.sum(axis=0) / one.sum())
    null = (moved**2 / pooled).sum(axis=1)
    # The 64 groups tell the noise to within √(2 / (63 · degrees)), 5 % where all directions count alike.
    assert result.noise == pytest.approx(null.mean(), rel=0.15)
    assert 2 * result.noise**2 / result.degrees == pytest.approx(null.var(), rel=0.35)
    assert result.design_effect == pytest.approx(result.noise / (13 * (1 / one.sum() + 1 / other.sum())))
    assert result.p_value == pytest.approx((null >= result.statistic).mean(), abs=0.12)


def test_units_with_rows_in_both_windows_are_seen() -> None:
    rng = np.random.default_rng(4)
    units = unit_counts(rng, 640, 6400, FLAT, alike=0.5)
    table = by_group(rng, units)
    alone = found(clustered_shift(table, by_group(rng, unit_counts(rng, 640, 6400, FLAT, alike=0.5))))
    # A second window of the same riders, who behave as before: what they differ in cancels out.
    again = found(clustered_shift(table, table + by_group(rng, unit_counts(rng, 640, 640, FLAT))))
    assert again.noise < alone.noise / 8


def test_the_order_of_groups_and_bins_does_not_matter() -> None:
    rng = np.random.default_rng(5)
    a, b = (by_group(rng, unit_counts(rng, 300, 3000, FLAT, alike=0.2)) for _ in range(2))
    result = found(clustered_shift(a, b))
    bins, groups = rng.permutation(14), rng.permutation(64)
    moved = found(clustered_shift(a[bins][:, groups], b[bins][:, groups]))
    for name in ("psi", "p_value", "noise", "degrees", "denominator", "along", "excess"):
        assert getattr(moved, name) == pytest.approx(getattr(result, name), rel=1e-9), name


def test_groups_that_do_not_differ_tell_no_more_than_rows() -> None:
    a, b = np.zeros((2, 64)), np.zeros((2, 64))
    a[0], b[1] = 10, 3
    result = found(clustered_shift(a, b))
    assert result.p_value == found(shift([640, 0], [0, 192])).p_value < 1e-100
    assert (result.groups, result.method) == (64, "chi-squared")


@pytest.mark.parametrize("bins", [3, 14, 100])
@pytest.mark.parametrize("heavy", [0.0, 1.0])
def test_clean_windows_are_rejected_no_more_often_than_the_level_says(bins: int, heavy: float) -> None:
    """With 64 groups and 100 bins the covariance has a rank of at most 63, and the test still holds its level."""
    rng = np.random.default_rng(bins)
    at = np.full(bins, 1 / bins)
    windows = [
        [by_group(rng, unit_counts(rng, units, 12 * units, at, alike=0.2, heavy=heavy)) for units in (400, 200)]
        for _ in range(150)
    ]
    p_values = np.array([found(clustered_shift(*pair)).p_value for pair in windows])
    assert (p_values <= 0.05).mean() <= 0.09
    assert 0.4 <= p_values.mean() <= 0.6


tables = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=2, max_size=8)


@given(tables, st.sampled_from([0.8, 0.95, 0.99]))
def test_the_interval_excludes_zero_exactly_where_the_test_rejects(
    counts: list[tuple[int, int]], confidence: float
) -> None:
    a, b = zip(*counts, strict=True)
    assume(sum(a) and sum(b))
    result = shift(a, b)
    assume(result is not None)
    low, high = found(result).interval(confidence)
    assert (low > 0) == (found(result).p_value <= 1 - confidence)
    assert 0 <= low < high
    wider = found(result).interval(1 - (1 - confidence) / 2)
    assert wider[0] <= low
    assert wider[1] >= high * (1 - 1e-9)
    assert found(result).interval(1.0) == (0.0, np.inf)


@pytest.mark.parametrize("true", [0.0, 0.02, 0.1, 0.3])
def test_the_interval_covers_the_true_psi(true: float) -> None:
    rng = np.random.default_rng(11)
    at = tilted(FLAT, true) if true else FLAT
    hits = []
    for _ in range(200):
        a = by_group(rng, unit_counts(rng, 600, 9000, FLAT, alike=0.2))
        b = by_group(rng, unit_counts(rng, 200, 4000, at, alike=0.2))
        low, high = found(clustered_shift(a, b)).interval(0.9)
        hits.append(low <= true <= high)
    assert 0.84 <= np.mean(hits) <= 0.97


def test_a_shift_of_the_detectable_size_is_found_four_times_in_five() -> None:
    rng = np.random.default_rng(12)
    size = found(shift(rng.multinomial(9000, FLAT), rng.multinomial(1000, FLAT))).detectable(0.01)
    moved = tilted(FLAT, size)
    hits = [found(shift(rng.multinomial(9000, FLAT), rng.multinomial(1000, moved))).p_value <= 0.01 for _ in range(500)]
    assert 0.74 <= np.mean(hits) <= 0.86


def test_the_limit_of_the_noise_is_exceeded_once_in_twenty() -> None:
    rng = np.random.default_rng(13)
    alone = [found(shift(rng.multinomial(9000, FLAT), rng.multinomial(1000, FLAT))) for _ in range(400)]
    units = [
        found(
            clustered_shift(
                by_group(rng, unit_counts(rng, 600, 9000, FLAT, alike=0.2)),
                by_group(rng, unit_counts(rng, 200, 4000, FLAT, alike=0.2)),
            )
        )
        for _ in range(400)
    ]
    for shifts in (alone, units):
        assert 0.02 <= np.mean([one.psi > one.limit() for one in shifts]) <= 0.08
    # Chance moves a PSI between units by more than it would move one of independent rows.
    assert min(one.limit() for one in units) > 2 * 3 * (1 / 9000 + 1 / 4000)
