"""What is said to be enough is enough: simulated windows of as many labels, or of as many units."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nct, norm, t

from dawnwatch.stats.auc import AucEstimate, auc_drop, auc_from_counts
from dawnwatch.stats.jackknife import clustered_auc, clustered_drop
from dawnwatch.stats.power import detectable_drop, further, reached_at, times_needed
from tests.stats.by_pairs import counts_by_score
from tests.stats.clustered import GROUPS, Counts, score_table, scored_units


def window(rng: np.random.Generator, rows: int, apart: float) -> AucEstimate:
    labels = rng.integers(0, 2, rows)
    found = auc_from_counts(*counts_by_score(rng.normal(size=rows) + apart * labels, labels))
    assert found is not None
    return found


def test_as_many_labels_as_it_says_find_the_drop_four_times_in_five() -> None:
    rng = np.random.default_rng(1)
    drop = float(norm.cdf(1.0 / sqrt(2)) - norm.cdf(0.75 / sqrt(2)))
    times = times_needed(
        drop, current=window(rng, 300, 0.75).variance, reference=window(rng, 3000, 1.0).variance, level=0.05
    )
    assert times is not None
    rows = 300 + further(300, times)
    assert rows > 500
    found = []
    for _ in range(500):
        fell = auc_drop(window(rng, 3000, 1.0), window(rng, rows, 0.75))
        found.append(abs(fell.value) / sqrt(fell.variance) > norm.isf(0.025))
    assert 0.74 <= np.mean(found) <= 0.86


def test_as_many_units_as_it_says_find_the_drop_four_times_in_five() -> None:
    rng = np.random.default_rng(2)
    drop = float(np.subtract(*(norm.cdf(apart / sqrt(2 + 2 * 0.8**2)) for apart in (1.0, 0.75))))

    def table(units: int, apart: float) -> Counts:
        rows = scored_units(rng, units, 20 * units, apart=apart, alike=0.8)
        return score_table(rows, rng.integers(0, GROUPS, units))

    first = [clustered_auc(table(60, 0.75)) for _ in range(20)]
    now = float(np.mean([found.variance for found in first if found is not None]))
    known = clustered_auc(table(1500, 1.0))
    assert known is not None
    times = times_needed(drop, current=now, reference=known.variance, level=0.05, degrees=50)
    assert times is not None
    units = 60 + further(60, times)
    assert units > 80
    found = [clustered_drop(table(1500, 1.0), table(units, 0.75)) for _ in range(200)]
    assert 0.7 <= np.mean([each is not None and each.p_value <= 0.05 for each in found]) <= 0.9


@given(st.floats(1e-8, 0.1), st.floats(1e-4, 0.2), st.floats(0.5, 0.99))
def test_a_detectable_drop_is_found_with_the_power_it_says(variance: float, level: float, power: float) -> None:
    size = detectable_drop(variance, level=level, power=power) / sqrt(variance)
    assert norm.sf(norm.isf(level / 2) - size) == pytest.approx(power)
    few = detectable_drop(variance, level=level, power=power, degrees=40) / sqrt(variance)
    # Exactly it is a noncentral t, from which the sum of two quantiles is a little off.
    assert nct.sf(t(40).isf(level / 2), 40, few) == pytest.approx(power, abs=0.03)


@given(st.floats(1e-6, 0.01), st.floats(0, 0.001), st.floats(0.01, 0.3))
def test_with_times_as_many_the_drop_is_detectable(current: float, reference: float, drop: float) -> None:
    times = times_needed(-drop, current=current, reference=reference, level=0.05)
    if times is None:
        assert detectable_drop(reference, level=0.05) >= drop * (1 - 1e-9)
    elif times > 1:
        assert detectable_drop(reference + current / times, level=0.05) == pytest.approx(drop, rel=1e-6)
    else:
        assert detectable_drop(reference + current, level=0.05) <= drop * (1 + 1e-9)


def test_no_number_tells_nothing_from_nothing() -> None:
    assert times_needed(0.0, current=0.001, level=0.05) is None


def test_how_many_more() -> None:
    assert [further(100, times) for times in (1.0, 1.001, 2.5, 1.1)] == [0, 1, 150, 10]
    assert further(300, 1.1) == 30


def test_by_when() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert reached_at(now, 0, per_day=0) == now
    assert reached_at(now, 100, per_day=50) == now + timedelta(days=2)
    assert reached_at(now, 1, per_day=24) == now + timedelta(hours=1)
    assert reached_at(now, 1, per_day=0) is None
    assert reached_at(now, 10**12, per_day=1) is None
    assert reached_at(now, 1, per_day=inf) == now
