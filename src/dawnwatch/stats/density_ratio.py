"""How much more often rows of a kind stand in one window than in another, from binned features."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dawnwatch.stats.replicates import without_each

__all__ = ["MOST_RATIO", "ratios"]

MOST_RATIO = 20.0
"""A row stands for at most so many rows of the other window, and for at least its inverse."""
RIDGE = 1.0
ROUNDS = 25
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
    design = _one_hot(cells)
    parts = [without_each(side) for side in (then, now)]
    # Each window weighs as many rows as both have on average, so that the odds need no correction for their sizes.
    rows = [np.maximum(side.sum(axis=1, keepdims=True), 1e-12) for side in parts]
    mean = (rows[0] + rows[1]) / 2
    scaled = [side * mean / size for side, size in zip(parts, rows, strict=True)]
    effects = np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        step = _step(design, effects, scaled[0][:1], scaled[1][:1])[0]
        effects = effects + step
        if np.abs(step).max() < 1e-6:
            break
    without = effects + _step(design, effects, *scaled)
    return np.asarray(np.exp(np.clip(without @ design.T, -np.log(MOST_RATIO), np.log(MOST_RATIO))))


def _step(design: Floats, effects: Floats, then: Floats, now: Floats) -> Floats:
    """Return Newton's step of each replicate from these effects; the curvature is that of the first replicate."""
    odds = 1 / (1 + np.exp(-np.clip(design @ effects, -30, 30)))
    both = then + now
    ridge = np.full(design.shape[1], RIDGE)
    ridge[0] = 1e-9
    slope = (now - both * odds) @ design - ridge * effects
    curvature = design.T @ (design * (both[0] * odds * (1 - odds))[:, None]) + np.diag(ridge)
    return np.asarray(np.linalg.solve(curvature, slope.T).T)


def _one_hot(cells: Ints) -> Floats:
    """Return an intercept and one column a bin of each feature, shape (cells, columns)."""
    columns = [np.ones((len(cells), 1))]
    for feature in range(cells.shape[1]):
        found, at = np.unique(cells[:, feature], return_inverse=True)
        columns.append(np.eye(found.size)[at.reshape(-1)])
    return np.concatenate(columns, axis=1)
