"""A lag in rows is a spike among the lags; seasons, frequent values and units' own values are none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dawnwatch.stats.row_lag import row_lag

N = 3000
RNG = np.random.default_rng(7)
UNITS = RNG.integers(0, 300, N)


def served_late(values: np.ndarray[Any, Any], share: float, lag: int) -> np.ndarray[Any, Any]:
    late = np.flatnonzero(RNG.random(N) < share)
    late = late[late >= lag]
    found = values.copy()
    found[late] = values[late - lag]
    return found


@pytest.mark.parametrize("lag", [10, 151, 1499])
@pytest.mark.parametrize("names", [5, 60, 2000])
def test_a_lag_is_found_whatever_the_feature(lag: int, names: int) -> None:
    found = row_lag(served_late(RNG.integers(0, names, N), 0.4, lag), UNITS)
    assert found is not None
    assert found.lag == lag
    assert found.beyond > 0.15


def test_pairs_are_counted_as_by_hand() -> None:
    values, units = RNG.integers(0, 90, N), UNITS
    found = row_lag(values, units)
    assert found is not None
    apart = units[found.lag :] != units[: -found.lag]
    agree = (values[found.lag :] == values[: -found.lag])[apart]
    assert (found.pairs, found.agree) == (apart.sum(), pytest.approx(agree.mean()))


@pytest.mark.parametrize("names", [2, 5, 60, 2000])
def test_independent_values_have_none(names: int) -> None:
    found = row_lag(RNG.integers(0, names, N), UNITS)
    assert found is not None
    assert found.beyond < 0.05


def test_a_season_and_a_poll_of_units_in_turn_are_no_spike_of_others() -> None:
    season = (np.arange(N) // 100 % 4 + (RNG.random(N) < 0.1)).astype(int)
    smooth = row_lag(season, UNITS)
    assert smooth is not None
    assert smooth.beyond < 0.05
    polled = np.arange(N) % 100
    own = row_lag(RNG.integers(0, 1000, 100)[polled], polled)
    assert own is not None
    assert own.beyond < 0.05


def test_too_few_rows_have_no_lags_to_stand_above() -> None:
    assert row_lag(np.arange(50), np.arange(50)) is None
