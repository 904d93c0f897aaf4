"""DeLong the slow way, for the tests to compare with."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["counts_by_score", "delong_by_pairs"]


def delong_by_pairs(scores: NDArray[np.float64], labels: NDArray[np.int64]) -> tuple[float, float]:
    """AUC and DeLong's variance from every pair: O(n**2), a row of placements each way, sample variances."""
    x, y = scores[labels == 1], scores[labels == 0]
    pairs = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    v10, v01 = pairs.mean(axis=1), pairs.mean(axis=0)
    s10 = np.cov(v10, ddof=1) if x.size > 1 else 0.25
    s01 = np.cov(v01, ddof=1) if y.size > 1 else 0.25
    return float(pairs.mean()), float(s10 / x.size + s01 / y.size)


def counts_by_score(scores: ArrayLike, labels: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (negatives, positives) at each distinct score, in increasing order.

    Parameters
    ----------
    scores : shape (rows,), not NaN
    labels : shape (rows,), 0 or 1
    """
    scores, labels = np.asarray(scores, dtype=np.float64), np.asarray(labels)
    order = np.argsort(scores, kind="stable")
    scores, labels = scores[order], labels[order].astype(np.int64)
    starts = np.flatnonzero(np.r_[True, scores[1:] != scores[:-1]]) if scores.size else np.empty(0, np.int64)
    rows = np.diff(np.r_[starts, scores.size])
    positives = np.add.reduceat(labels, starts) if scores.size else np.empty(0, np.int64)
    return rows - positives, positives
