"""Density ratios against scikit-learn's logistic regression, known ratios, and fitting again without a group."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from dawnwatch.stats.density_ratio import MOST_RATIO, ratios

GROUPS = 40


def drawn(seed: int, rows: int = 8000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cells of two features of 3 and 4 bins, and rows per group and cell in two windows whose mix differs."""
    rng = np.random.default_rng(seed)
    cells = np.array([[a, b] for a in range(3) for b in range(4)])
    now = np.array([0.6, 0.3, 0.1])[cells[:, 0]] * np.array([0.4, 0.3, 0.2, 0.1])[cells[:, 1]]
    then = np.full(12, 1 / 12)

    def counts(shares: np.ndarray) -> np.ndarray:
        return rng.multinomial(rows // GROUPS, shares, GROUPS).astype(float)

    return cells, counts(then), counts(now)


def test_the_ratio_is_that_of_a_logistic_regression() -> None:
    cells, then, now = drawn(0)
    found = ratios(cells, then, now)[0]
    design = np.concatenate([np.eye(3)[cells[:, 0]], np.eye(4)[cells[:, 1]]], axis=1)
    # scikit-learn's penalty is on the same effects, C = 1 being a ridge of one row; its intercept is free as ours.
    model = LogisticRegression(C=1.0, tol=1e-9, max_iter=2000)
    weights = np.concatenate([then.sum(axis=0), now.sum(axis=0)])
    model.fit(np.concatenate([design, design]), np.repeat([0, 1], 12), sample_weight=weights)
    odds = np.exp(model.decision_function(design))
    assert found == pytest.approx(odds, rel=1e-4)


def test_the_ratio_is_the_true_one_where_rows_are_many() -> None:
    cells, then, now = drawn(1, rows=400_000)
    truth = 12 * np.array([0.6, 0.3, 0.1])[cells[:, 0]] * np.array([0.4, 0.3, 0.2, 0.1])[cells[:, 1]]
    assert ratios(cells, then, now)[0] == pytest.approx(truth, rel=0.05)


def test_without_a_group_is_nearly_as_fitted_again() -> None:
    cells, then, now = drawn(2)
    found = ratios(cells, then, now)
    for group in (0, 17):
        kept = np.arange(GROUPS) != group
        again = ratios(cells, then[kept], now[kept])[0]
        moved = np.abs(np.log(again) - np.log(found[0])).max()
        assert np.log(found[1 + group]) == pytest.approx(np.log(again), abs=0.05 * moved + 1e-9)


def test_bins_of_one_window_alone_stay_finite() -> None:
    cells = np.array([[0], [1]])
    then, now = np.array([[500.0, 0.0]] * 2), np.array([[100.0, 900.0]] * 2)
    found = ratios(cells, then, now)
    assert found.max() == pytest.approx(MOST_RATIO)
    assert found[0, 1] == pytest.approx(MOST_RATIO)
