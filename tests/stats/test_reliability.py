"""The reliability diagram's bins: what scores promise, what came true, and intervals that hold it."""

from __future__ import annotations

import numpy as np
import pytest

from dawnwatch.stats.reliability import SHOWN_BINS, reliability


def test_bins_hold_all_rows_once_by_rising_score() -> None:
    rng = np.random.default_rng(0)
    scores = rng.random(1000).round(2)
    labels = (rng.random(1000) < scores).astype(int)
    bins = reliability(labels, scores, rng.integers(0, 64, 1000), 64)
    assert len(bins) == SHOWN_BINS
    assert sum(one.rows for one in bins) == 1000
    assert sum(one.rows * one.observed for one in bins) == pytest.approx(labels.sum())
    assert sum(one.rows * one.predicted for one in bins) == pytest.approx(scores.sum())
    assert [one.predicted for one in bins] == sorted(one.predicted for one in bins)


def test_independent_rows_have_about_the_interval_of_a_share() -> None:
    rng = np.random.default_rng(1)
    half = []
    for _ in range(50):
        labels = (rng.random(2000) < 0.3).astype(int)
        (one,) = reliability(labels, np.full(2000, 0.3), rng.integers(0, 64, 2000), 64)
        assert one.interval is not None
        half.append((one.interval[1] - one.interval[0]) / 2)
    assert np.mean(half) == pytest.approx(1.998 * np.sqrt(0.3 * 0.7 / 2000), rel=0.05)


def test_intervals_cover_what_is_so_where_rows_of_a_unit_are_alike() -> None:
    rng, hits = np.random.default_rng(2), 0
    for _ in range(200):
        level = np.clip(rng.normal(0.5, 0.2, 64), 0, 1)  # a unit's own share; rows of a unit go together
        unit = rng.integers(0, 64, 3000)
        labels = (rng.random(3000) < level[unit]).astype(int)
        (one,) = reliability(labels, np.full(3000, 0.5), unit, 64)
        assert one.interval is not None
        hits += one.interval[0] <= 0.5 <= one.interval[1]
    assert 180 <= hits <= 198


def test_one_group_alone_has_no_interval_and_no_rows_no_bins() -> None:
    (one,) = reliability([0, 1], [0.4, 0.4], np.zeros(2, np.int64), 64)
    assert (one.observed, one.interval) == (0.5, None)
    assert reliability([], [], np.zeros(0, np.int64), 64) == []
