"""PSI against plain Python, its formula's hand values, and its laws."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dawnwatch.stats.divergence import EMPTY_SHARE, psi, psi_contributions, shares

counts = st.lists(st.integers(0, 10**9), min_size=1, max_size=30)


@st.composite
def two_windows(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    reference = draw(counts)
    current = draw(st.lists(st.integers(0, 10**9), min_size=len(reference), max_size=len(reference)))
    assume(sum(reference) and sum(current))
    return reference, current


def by_hand(reference: list[int], current: list[int]) -> float:
    """The documented formula, one bin at a time."""
    total = 0.0
    for r, c in zip(reference, current, strict=True):
        p, q = r / sum(reference), c / sum(current)
        if p == q == 0:
            continue
        if p == 0:
            p = min(1e-4, q)
        if q == 0:
            q = min(1e-4, p)
        total += (q - p) * log(q / p)
    return total


@pytest.mark.parametrize("seed", range(200))
def test_psi_agrees_with_plain_python_on_random_tables(seed: int) -> None:
    rng = np.random.default_rng(seed)
    bins = int(rng.integers(1, 40))
    scale = 10 ** rng.integers(1, 7, size=2)
    reference, current = (rng.poisson(rng.gamma(0.3, 1, bins) * s).astype(int) for s in scale)
    reference[rng.integers(bins)] += 1
    current[rng.integers(bins)] += 1
    # int64 in, as the cubes give them
    assert psi(reference, current) == pytest.approx(by_hand(reference.tolist(), current.tolist()), abs=1e-9, rel=1e-9)


def test_the_issues_bin() -> None:
    assert psi_contributions([33, 67], [60, 40])[0] == pytest.approx(0.161, abs=5e-4)
    assert psi_contributions([0.33, 0.67], [0.60, 0.40])[0] == pytest.approx((0.60 - 0.33) * log(0.60 / 0.33))


def test_the_scenarios_figures() -> None:
    assert psi([1, 1, 1], [60, 20, 20]) == pytest.approx(0.29, abs=0.005)


@given(two_windows())
def test_symmetric_and_never_negative(windows: tuple[list[int], list[int]]) -> None:
    forward, back = psi(*windows), psi(*reversed(windows))
    assert forward >= 0
    assert (psi_contributions(*windows) >= 0).all()
    assert forward == pytest.approx(back, rel=1e-12)


@given(counts, st.integers(1, 1000))
def test_zero_on_identical_distributions(window: list[int], times: int) -> None:
    assume(sum(window))
    assert psi(window, [times * c for c in window]) == 0


@given(two_windows(), st.integers(1, 1000))
def test_unchanged_by_scaling_one_window_and_by_bin_order(windows: tuple[list[int], list[int]], times: int) -> None:
    reference, current = windows
    order = np.random.default_rng(len(reference)).permutation(len(reference))
    expected = psi(reference, current)
    assert psi(reference, [times * c for c in current]) == pytest.approx(expected, rel=1e-12)
    assert psi([times * r for r in reference], current) == pytest.approx(expected, rel=1e-12)
    assert psi(np.array(reference)[order], np.array(current)[order]) == pytest.approx(expected, rel=1e-12)


@given(st.floats(1e-7, 1.0))
def test_an_empty_bin_contributes_by_the_documented_floor(share: float) -> None:
    found = psi_contributions([0.0, 1.0], [share, 1.0 - share])[0]
    expected = (share - EMPTY_SHARE) * log(share / EMPTY_SHARE) if share > EMPTY_SHARE else 0.0
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-15)
    # The same, seen from the other side.
    assert psi_contributions([share, 1.0 - share], [0.0, 1.0])[0] == pytest.approx(found, rel=1e-9, abs=1e-15)


def test_the_floors_effect_is_bounded_as_documented() -> None:
    assert psi_contributions([0, 100], [1, 99])[0] == pytest.approx(0.046, abs=5e-4)
    assert psi_contributions([0, 100], [5, 95])[0] == pytest.approx(0.31, abs=5e-3)
    grid = np.geomspace(1e-7, 1, 20_001)

    def with_floor(floor: float) -> np.ndarray:
        return np.where(grid > floor, (grid - floor) * np.log(grid / floor), 0.0)

    worst = float(((with_floor(EMPTY_SHARE / 10) - with_floor(EMPTY_SHARE)) / grid).max())
    assert 2.5 < worst <= 2.56


def test_one_new_category_without_rows_in_either_window_adds_nothing() -> None:
    assert psi([3, 0, 5], [4, 0, 9]) == psi([3, 5], [4, 9])


def test_a_single_row_in_a_bin_is_not_smoothed() -> None:
    # Both shares are positive, so the formula holds as it stands, far below the floor too.
    p, q = 1 / 1_000_001, 0.5
    assert psi_contributions([1, 1_000_000], [1, 1])[0] == pytest.approx((q - p) * log(q / p), rel=1e-12)


def test_shares_sum_to_one_and_refuse_no_rows() -> None:
    assert shares([1, 2, 5]).sum() == 1
    with pytest.raises(ValueError, match="no rows"):
        shares([0, 0])
    with pytest.raises(ValueError, match="no rows"):
        psi([1, 2], [0, 0])


def test_windows_with_other_bins_are_refused() -> None:
    with pytest.raises(ValueError, match="same bins; got 2 and 3"):
        psi([1, 2], [1, 2, 3])
