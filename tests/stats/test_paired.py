"""Paired DeLong against every pair of rows, and against a bootstrap."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from dawnwatch.stats.auc import DropEstimate, auc_drop, auc_from_counts
from dawnwatch.stats.paired import paired_drop
from tests.stats.by_pairs import counts_by_score

Rows = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]


def rows(seed: int, size: int = 120, alike: float = 0.8) -> Rows:
    """Labels and two scores that agree in part, with ties in every other table."""
    rng = np.random.default_rng(seed)
    labels = (rng.random(size) < 0.4).astype(np.int64)
    labels[:2] = 0, 1
    common = rng.normal(size=size)
    a, b = (labels * gap + alike * common + sqrt(1 - alike**2) * rng.normal(size=size) for gap in (1.2, 0.8))
    return (labels, a.round(1), b.round(1)) if seed % 2 else (labels, a, b)


def drop(data: Rows) -> DropEstimate:
    found = paired_drop(*data)
    assert found is not None
    return found


def by_pairs(labels: NDArray[np.int64], a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[float, float]:
    """The difference and DeLong's variance, with the 2 x 2 covariances of both scores' placements written out."""
    pairs = []
    for scores in (a, b):
        x, y = scores[labels == 1], scores[labels == 0]
        pairs.append((x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :]))
    s10, s01 = (np.cov([table.mean(axis=axis) for table in pairs]) for axis in (1, 0))
    covariance = s10 / pairs[0].shape[0] + s01 / pairs[0].shape[1]
    return float(pairs[0].mean() - pairs[1].mean()), float(np.array([1, -1]) @ covariance @ np.array([1, -1]))


@pytest.mark.parametrize("seed", range(40))
def test_agrees_with_every_pair(seed: int) -> None:
    data = rows(seed)
    found, (value, variance) = drop(data), by_pairs(*data)
    assert (found.value, found.variance) == (pytest.approx(value, abs=1e-12), pytest.approx(variance, rel=1e-9))
    assert found.value == pytest.approx(roc_auc_score(data[0], data[1]) - roc_auc_score(data[0], data[2]))
    assert found.bound == 0


def test_the_variance_is_a_bootstraps_and_less_than_that_of_other_rows() -> None:
    labels, a, b = rows(4, size=800, alike=0.9)
    found, rng = drop((labels, a, b)), np.random.default_rng(1)
    picks = rng.integers(0, labels.size, (500, labels.size))
    draws = [drop((labels[pick], a[pick], b[pick])).value for pick in picks]
    assert sqrt(found.variance) == pytest.approx(np.std(draws), rel=0.12)
    estimates = [auc_from_counts(*counts_by_score(scores, labels)) for scores in (a, b)]
    assert estimates[0] is not None
    assert estimates[1] is not None
    assert found.variance < auc_drop(estimates[0], estimates[1]).variance / 2


def test_equal_scores_do_not_differ_and_exchanging_them_turns_the_sign() -> None:
    labels, a, b = rows(5)
    same = drop((labels, a, np.exp(a)))
    assert (same.value, same.variance) == (0, 0)
    one, other = drop((labels, a, b)), drop((labels, b, a))
    assert (one.value, one.variance) == (-other.value, pytest.approx(other.variance))


def test_a_single_positive_gives_a_wide_interval() -> None:
    labels = np.arange(50) == 30
    low, high = drop((labels.astype(np.int64), np.arange(50.0), -np.arange(50.0))).interval()
    assert high - low > 3


def test_what_cannot_be_compared() -> None:
    assert paired_drop([1, 1], [0.1, 0.2], [0.3, 0.4]) is None
    assert paired_drop([0, 0], [0.1, 0.2], [0.3, 0.4]) is None
    assert paired_drop([], [], []) is None
    with pytest.raises(ValueError, match="same rows; got 2, 3 and 2"):
        paired_drop([0, 1], [0.1, 0.2, 0.3], [0.1, 0.2])
    with pytest.raises(ValueError, match="0 or 1"):
        paired_drop([0, 2], [0.1, 0.2], [0.1, 0.2])
    with pytest.raises(ValueError, match="NaN"):
        paired_drop([0, 1], [0.1, float("nan")], [0.1, 0.2])
