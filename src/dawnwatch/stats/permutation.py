"""A permutation test of two binned windows, for counts too small for chi-squared."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["DRAWS", "permuted_p_value"]

DRAWS = 9_999
"""With the observed one 10,000, so that the smallest p-value is 0.0001."""
MOST = 10**9
"""Rows that NumPy's hypergeometric sampling does not reach."""
BLOCK = 2**20


def permuted_p_value(
    reference: NDArray[np.float64], current: NDArray[np.float64], *, seed: int = 0, draws: int = DRAWS
) -> float:
    """Return the chance of Pearson's statistic being as large where rows are dealt to the windows at random.

    Parameters
    ----------
    reference, current : shape (bins,), whole numbers
    seed : decides the draws
    draws : random deals

    Returns
    -------
    (1 + deals as extreme) / (1 + deals), which never rejects too often (Phipson and Smyth 2010).

    Notes
    -----
    Dealing all rows of both windows again is a draw from the multivariate hypergeometric distribution. From 10⁹ rows
    on, where that cannot be drawn, both windows are drawn from the shares of all rows together.
    """
    together = (reference + current).astype(np.int64)
    n, m, total = int(reference.sum()), int(current.sum()), int(together.sum())
    generator = np.random.default_rng(seed)

    def statistic(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.float64]:
        return np.asarray(((b / m - a / n) ** 2 / together).sum(axis=-1))

    def deal(size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        if total < MOST:
            dealt = generator.multivariate_hypergeometric(together, m, size, method="marginals")
            return together - dealt, dealt
        of_all = together / total
        return generator.multinomial(n, of_all, size), generator.multinomial(m, of_all, size)

    # Deals that are equal in truth may differ in the last digits.
    least = float(statistic(reference, current)) * (1 - 1e-9)
    extreme, block = 0, max(BLOCK // together.size, 1)
    for start in range(0, draws, block):
        extreme += int((statistic(*deal(min(block, draws - start))) >= least).sum())
    return (1 + extreme) / (1 + draws)
