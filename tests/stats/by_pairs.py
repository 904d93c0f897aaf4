"""DeLong the slow way, for the tests to compare with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["delong_by_pairs"]


def delong_by_pairs(scores: NDArray[np.float64], labels: NDArray[np.int64]) -> tuple[float, float]:
    """AUC and DeLong's variance from every pair: O(n**2), a row of placements each way, sample variances."""
    x, y = scores[labels == 1], scores[labels == 0]
    pairs = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    v10, v01 = pairs.mean(axis=1), pairs.mean(axis=0)
    s10 = np.cov(v10, ddof=1) if x.size > 1 else 0.25
    s01 = np.cov(v01, ddof=1) if y.size > 1 else 0.25
    return float(pairs.mean()), float(s10 / x.size + s01 / y.size)
