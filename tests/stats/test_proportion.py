"""Intervals of a share: scipy's for independent rows, and simulated coverage where rows belong together."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from dawnwatch.stats.proportion import share_interval


@pytest.mark.parametrize(("hits", "rows"), [(1, 30), (7, 30), (29, 30), (60, 900)])
def test_independent_rows_have_clopper_and_pearsons_interval(hits: int, rows: int) -> None:
    found = share_interval(np.arange(rows) < hits, np.arange(rows, dtype=np.uint64), 0.95)
    expected = binomtest(hits, rows).proportion_ci(0.95, "exact")
    # The variance between units of one row is n / (n - 1) that of the binomial.
    assert found == pytest.approx((expected.low, expected.high), abs=0.005 if rows < 100 else 1e-4)


@pytest.mark.parametrize(("hit", "expected"), [(False, (0.0, 0.168433)), (True, (0.831567, 1.0))])
def test_where_all_rows_are_alike_each_unit_counts_once(hit: bool, expected: tuple[float, float]) -> None:
    units = np.repeat(np.arange(20, dtype=np.uint64), 50)
    assert share_interval(np.full(1000, hit), units, 0.95) == pytest.approx(expected, abs=1e-6)


def test_rows_of_one_unit_do_not_count_as_many() -> None:
    """Whole units are hit or not: rows taken as independent would cover the truth less than half of the time."""
    rng = np.random.default_rng(0)
    units = np.repeat(np.arange(100, dtype=np.uint64), 20)
    inside = naive = 0
    for _ in range(300):
        hits = (rng.random(100) < 0.3)[units.astype(int)]
        low, high = share_interval(hits, units, 0.95)
        inside += low <= 0.3 <= high
        low, high = share_interval(hits, np.arange(2000, dtype=np.uint64), 0.95)
        naive += low <= 0.3 <= high
    assert 0.93 <= inside / 300 <= 0.99
    assert naive / 300 < 0.5
