"""Telling two samples apart: right where they differ, and silent where only their units do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu

from dawnwatch.stats.told_apart import Fit, told_apart

Floats = NDArray[np.float64]


def by_distance(rows: Floats, second: NDArray[np.bool_]) -> Any:
    """A classifier by hand: the difference of the means, feature by feature."""
    slope = rows[second].mean(axis=0) - rows[~second].mean(axis=0)
    return lambda asked: asked @ slope


def by_nearest(rows: Floats, second: NDArray[np.bool_]) -> Any:
    """One that remembers every row, and so every unit, it ever saw."""

    def score(asked: Floats) -> Floats:
        apart = ((asked[:, None, :] - rows[None, :, :]) ** 2).sum(axis=2)
        return np.asarray(second[apart.argmin(axis=1)], dtype=np.float64)

    return score


def sample(seed: int, units: int, each: int, shift: float = 0.0, spread: float = 0.0, shared: bool = False) -> Any:
    rng = np.random.default_rng(seed)
    hashes = np.repeat(rng.integers(0, 2**63, units).astype(np.uint64), each)
    second = rng.random(hashes.size) < 0.5 if shared else np.repeat(rng.random(units) < 0.5, each)
    own = np.repeat(rng.normal(scale=spread, size=(units, 2)), each, axis=0)
    rows = own + rng.normal(size=(hashes.size, 2))
    rows[:, 0] += shift * second
    return rows, second, hashes


@pytest.mark.parametrize("fit", [by_distance, by_nearest])
def test_units_alone_do_not_tell_two_windows_apart(fit: Fit) -> None:
    """Where units differ much and windows not at all, what is recognised has an AUC near 1."""
    rows, second, units = sample(1, 60, 10, spread=30.0)
    found = told_apart(rows, second, units, fit, seed=0)
    assert found is not None
    low, high = found.interval(0.99)
    assert low < 0.5 < high
    alone = told_apart(rows, second, np.arange(units.size, dtype=np.uint64), by_nearest, seed=0)
    assert alone is not None
    assert alone.auc > 0.9  # rows as units: the riders are recognised


def test_a_shift_is_found_with_the_auc_of_the_feature_that_moved() -> None:
    rows, second, units = sample(2, 400, 2, shift=1.0)
    found = told_apart(rows, second, units, by_distance, seed=0)
    assert found is not None
    of_the_feature = mannwhitneyu(rows[second, 0], rows[~second, 0]).statistic / second.sum() / (~second).sum()
    assert found.auc == pytest.approx(of_the_feature, abs=0.02)
    assert found.p_value < 1e-6
    assert found.lost[0] > 0.15 > 0.02 > abs(found.lost[1])
    assert found.units == 400


def test_what_only_two_features_together_show() -> None:
    """The sign of their product: each alone has the same distribution in both windows."""
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(600, 2))
    second = rows.prod(axis=1) > 0
    found = told_apart(rows, second, np.arange(600, dtype=np.uint64), by_nearest, seed=0)
    assert found is not None
    assert found.auc > 0.85
    assert min(found.lost) > 0.2


@pytest.mark.parametrize("shared", [False, True])
def test_it_cries_wolf_no_more_often_than_it_says(shared: bool) -> None:
    p_values = []
    for seed in range(300):
        rows, second, units = sample(seed, 60, 6, spread=1.0, shared=shared)
        found = told_apart(rows, second, units, by_distance, seed=0)
        assert found is not None
        p_values.append(found.p_value)
    assert np.mean(np.array(p_values) <= 0.05) <= 0.075  # 5% and two standard errors


def test_detectable_is_found_four_times_in_five_at_its_variance() -> None:
    rows, second, units = sample(5, 200, 2)
    found = told_apart(rows, second, units, by_distance, seed=0)
    assert found is not None
    rng = np.random.default_rng(0)
    seen = found.detectable(0.01) + np.sqrt(found.variance) * rng.standard_t(found.degrees, 20_000)
    from scipy.stats import t

    critical = 0.5 + t.isf(0.01, found.degrees) * np.sqrt(found.variance)
    assert np.mean(seen > critical) == pytest.approx(0.8, abs=0.02)


def test_there_is_nothing_to_learn_from_one_window_or_too_few_units() -> None:
    rows, second, units = sample(6, 60, 4)
    assert told_apart(rows, np.zeros_like(second), units, by_distance, seed=0) is None
    assert told_apart(rows, second, np.zeros_like(units), by_distance, seed=0) is None
