"""How much more often rows of a kind stand in one window than in another, from binned features."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dawnwatch.stats.replicates import without_each

__all__ = ["MOST_RATIO", "ratios"]

MOST_RATIO = 20.0
"""A row stands for at most so many rows of the other window, and for at least its inverse."""
RIDGE = 1.0
ROUNDS, CLOSE = 25, 1e-5
"""Newton's steps at most, and the step that is small enough."""
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def ratios(cells: Ints, then: Floats, now: Floats) -> Floats:
    """Return the density ratio now / then of each cell, for all groups and without each of them.

    Parameters
    ----------
    cells : shape (cells, features), the bin of each feature; every cell once
    then, now : rows per group of units and cell, shape (groups, cells)

    Returns
    -------
    shape (1 + groups, cells), from 1 / `MOST_RATIO` to `MOST_RATIO`, with a mean of about 1 over the rows then

    Notes
    -----
    A logistic regression tells the windows apart by the sum of one effect per bin and feature, windows weighing alike;
    its odds are the ratio (Sugiyama, Suzuki and Kanamori 2012, chapter 4). A ridge of one row keeps bins that only one
    window has finite. What leaving a group out does is one Newton step from the fit to all groups, which differs from
    fitting again by a term of second order.

    References
    ----------
    Sugiyama, Suzuki and Kanamori, Density Ratio Estimation in Machine Learning (2012).
    """
    kinds = _Kinds(cells)
    parts = [without_each(side) for side in (then, now)]
    # Each window weighs as many rows as both have on average, so that the odds need no correction for their sizes.
    rows = [np.maximum(side.sum(axis=1, keepdims=True), 1e-12) for side in parts]
    mean = (rows[0] + rows[1]) / 2
    scaled = [side * mean / size for side, size in zip(parts, rows, strict=True)]
    effects = np.zeros(kinds.columns)
    for _ in range(ROUNDS):
        step = _step(kinds, effects, scaled[0][:1], scaled[1][:1])[0]
        effects = effects + step
        if np.abs(step).max() < CLOSE:
            break
    without = effects + _step(kinds, effects, *scaled)
    return np.asarray(np.exp(np.clip(kinds.sums(without), -np.log(MOST_RATIO), np.log(MOST_RATIO))))


class _Kinds:
    """Cells as an intercept and one effect a bin of each feature, without the matrix of zeros and ones."""

    def __init__(self, cells: Ints) -> None:
        columns, self.columns = [np.zeros(len(cells), np.int64)], 1
        for feature in cells.T:
            found, at = np.unique(feature, return_inverse=True)
            columns.append(at.reshape(-1) + self.columns)
            self.columns += found.size
        self._at = columns

    def sums(self, effects: Floats) -> Floats:
        """Return the sum of each cell's effects, shape (..., columns) to (..., cells)."""
        total = effects[..., self._at[0]]
        for column in self._at[1:]:
            total += effects[..., column]
        return np.asarray(total)

    def totals(self, weights: Floats) -> Floats:
        """Return the weight of each column, shape (replicates, cells) to (replicates, columns)."""
        replicates = np.arange(len(weights))[:, None] * self.columns
        total = np.zeros(len(weights) * self.columns)
        for column in self._at:
            total += np.bincount((replicates + column).ravel(), weights.ravel(), total.size)
        return total.reshape(len(weights), self.columns)

    def products(self, weights: Floats) -> Floats:
        """Return the weight of each pair of columns, shape (cells,) to (columns, columns)."""
        total = np.zeros(self.columns**2)
        for i, one in enumerate(self._at):
            for other in self._at[: i + 1]:
                total += np.bincount(one * self.columns + other, weights, total.size)
        lower = np.tril(total.reshape(self.columns, self.columns))
        return np.asarray(lower + np.tril(lower, -1).T)


def _step(kinds: _Kinds, effects: Floats, then: Floats, now: Floats) -> Floats:
    """Return Newton's step of each replicate from these effects; the curvature is that of the first replicate."""
    odds = 1 / (1 + np.exp(-np.clip(kinds.sums(effects), -30, 30)))
    both = then + now
    ridge = np.full(kinds.columns, RIDGE)
    ridge[0] = 1e-9
    slope = kinds.totals(now - both * odds) - ridge * effects
    curvature = kinds.products(both[0] * odds * (1 - odds)) + np.diag(ridge)
    return np.asarray(np.linalg.solve(curvature, slope.T).T)
