"""Rates and sizes against scipy, enumeration and simulated answers."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from dawnwatch.stats.trade_off import (
    chance_interval,
    first_found,
    least_for,
    quantile_interval,
    share_found,
    variance_factors,
)


@given(st.integers(1, 400), st.data())
def test_the_interval_of_a_chance_is_clopper_and_pearsons(draws: int, data: st.DataObject) -> None:
    times = data.draw(st.integers(0, draws))
    theirs = binomtest(times, draws).proportion_ci(0.95, method="exact")
    assert chance_interval(times, draws) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@given(st.lists(st.sampled_from([0.0, 0.1, 0.2, 0.2, 0.3, 0.9]), min_size=40, max_size=400), st.booleans())
def test_the_least_threshold_keeps_to_the_budget_and_none_below_does(sizes: list[float], strictly: bool) -> None:
    most = 0.1
    found = least_for(sizes, most, strictly=strictly)
    array = np.array(sizes)

    def kept(threshold: float) -> bool:
        alarms = (array > threshold) if strictly else (array >= threshold)
        return chance_interval(int(alarms.sum()), array.size)[1] <= most

    if found is None:
        assert not kept(1.0)
    elif found == 0:
        assert kept(0.0) or array.max() == 0 or (array > 0).sum() < array.size
    else:
        assert kept(found)
        assert not kept(float(np.nextafter(found, -inf)))


def test_sizes_are_read_off_between_those_tried() -> None:
    sizes = [0.0, 1.0, 2.0, 4.0]
    measured = [[0.1, 1.1, 2.1, 4.1], [0.0, 0.5, 0.4, 2.0], [5.0, 5.0, 5.0, 5.0], [0.0, 0.1, 0.2, 0.3]]
    assert first_found(sizes, measured, 1.6).tolist() == pytest.approx([1.5, 2 + 2 * 1.1 / 1.5, 0.0, inf])


def test_size_alone_is_evidence_enough() -> None:
    assert first_found([0.0, 1.0], [[inf, inf], [0.0, inf]], 1.0).tolist() == [0.0, 1.0]


@pytest.mark.parametrize("chance", [0.5, 0.8, 0.95])
def test_the_order_statistics_cover_the_quantile(chance: float) -> None:
    rng = np.random.default_rng(1)
    truth = -np.log(1 - chance)
    inside = 0
    for _ in range(1000):
        _, (low, high) = quantile_interval(rng.exponential(size=150), chance)
        inside += low <= truth <= high
    assert inside >= binom.ppf(0.001, 1000, 0.95)


def test_a_quantile_that_few_draws_reach_has_no_upper_end() -> None:
    point, (low, high) = quantile_interval([1.0, 2.0, 3.0, inf], 0.95)
    assert (point, high) == (inf, inf)
    assert low <= 3.0


@given(st.integers(1, 5000), st.floats(0, 0.99), st.sampled_from([0.5, 0.8, 0.95]))
def test_a_share_is_found_as_often_as_said(rows: int, most: float, chance: float) -> None:
    share = share_found(rows, most, chance)
    least = int(np.floor(most * rows + 1e-9)) + 1
    if share is None:
        assert least > rows
    else:
        assert binom.sf(least - 1, rows, share) == pytest.approx(chance, abs=1e-6)


@pytest.mark.parametrize("size", [3, 10, 60])
def test_the_true_variance_lies_between_the_factors(size: int) -> None:
    rng = np.random.default_rng(2)
    low, high = variance_factors((2 / (size - 1)) ** 0.5)
    estimates = rng.normal(size=(4000, size)).var(axis=1, ddof=1)
    inside = ((low * estimates <= 1) & (high * estimates >= 1)).sum()
    assert binom.ppf(0.001, 4000, 0.95) <= inside <= binom.ppf(0.999, 4000, 0.95)
    assert variance_factors(0.0) == (1.0, 1.0)
