"""How much more often rows of a kind stand in one window than in another, from binned features."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from dawnwatch.stats.replicates import without_each

__all__ = ["MOST_RATIO", "cells_of", "ratios"]

MOST_RATIO = 20.0
"""A row stands for at most so many rows of the other window, and for at least its inverse."""
RIDGE = 1.0
THREADED = 200_000
"""Multiplications from which BLAS deals a product out to threads, which costs more than it saves at this size."""
ROUNDS, CLOSE = 25, 1e-5
"""Newton's steps at most, and the step that is small enough."""
LARGEST_GRID = 65_536
"""Combinations of bins that are looked up in a table rather than sorted."""
LARGEST_CODE = 2**62
"""Combinations of bins that are told apart by one number."""
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def cells_of(bins: Ints) -> tuple[Ints, Ints]:
    """Return every combination of bins that a row has, shape (cells, features), and which one each row has."""
    if not bins.shape[1]:
        return np.zeros((1, 0), np.int64), np.zeros(len(bins), np.int64)
    sizes = bins.max(axis=0, initial=0) + 1
    grid = math.prod(sizes.tolist())
    if grid > LARGEST_CODE:  # no number has room for a combination of so many features
        cells, at = np.unique(bins, axis=0, return_inverse=True)
        return cells, at.reshape(-1)
    strides = np.concatenate([[1], np.cumprod(sizes[:-1])])
    code = bins @ strides
    if grid <= LARGEST_GRID:  # a place for every combination, instead of sorting the rows
        held = np.zeros(grid, bool)
        held[code] = True
        found, at = np.flatnonzero(held), (np.cumsum(held) - 1)[code]
    else:
        found, at = np.unique(code, return_inverse=True)
    return found[:, None] // strides % sizes, at.reshape(-1)


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
    design = _Design(cells, replicates=1 + len(then))
    # A cell's numbers stand side by side from here on: what is summed over cells is summed in whole rows.
    parts = [np.ascontiguousarray(without_each(side).T) for side in (then, now)]
    # Each window weighs as many rows as both have on average, so that the odds need no correction for their sizes.
    rows = [np.maximum(side.sum(axis=0), 1e-12) for side in parts]
    mean = (rows[0] + rows[1]) / 2
    after = parts[1] * (mean / rows[1])
    both = parts[0] * (mean / rows[0]) + after
    effects = np.zeros(design.columns)
    for _ in range(ROUNDS):
        odds, curvature = _curved(design, effects, both[:, 0])
        slope = design.totals(after[:, 0] - both[:, 0] * odds) - design.ridge * effects
        step = np.linalg.solve(curvature, slope)
        effects = effects + step
        if np.abs(step).max() < CLOSE:
            break
    odds, curvature = _curved(design, effects, both[:, 0])
    slopes = design.matrix.T @ (after - both * odds[:, None]) - (design.ridge * effects)[:, None]
    without = effects[:, None] + np.linalg.solve(curvature, slopes)
    return np.asarray(np.exp(np.clip(design.matrix @ without, -np.log(MOST_RATIO), np.log(MOST_RATIO))).T)


def _curved(design: _Design, effects: Floats, both: Floats) -> tuple[Floats, Floats]:
    """Return each cell's odds of being of the window now at these effects, and the likelihood's curvature there."""
    odds = 1 / (1 + np.exp(-np.minimum(np.maximum(design.sums(effects), -30), 30)))
    return odds, design.products(both * odds * (1 - odds))


class _Design:
    """Cells as an intercept and one effect a bin of each feature.

    Attributes
    ----------
    columns : number of effects
    ridge : on each effect, shape (columns,)
    """

    def __init__(self, cells: Ints, replicates: int) -> None:
        self._replicates = replicates
        at, self.columns = [np.zeros(len(cells), np.int64)], 1
        for feature in cells.T:
            held = np.bincount(feature) > 0
            at.append((np.cumsum(held) + (self.columns - 1))[feature])
            self.columns += int(held.sum())
        self._at = np.stack(at)
        one, other = np.tril_indices(len(at), -1)
        self._pairs = (self._at[one] * self.columns + self._at[other]).ravel()
        self._diagonal = slice(None, None, self.columns + 1)
        self.ridge = np.full(self.columns, RIDGE)
        self.ridge[0] = 1e-9

    @cached_property
    def matrix(self) -> csr_matrix | Floats:
        """Zeros and ones, shape (cells, columns): sparse where a product would be dealt out to threads."""
        effects, cells = self._at.shape
        if cells * self.columns * self._replicates < THREADED:
            table = np.zeros((cells, self.columns))
            table[np.arange(cells), self._at] = 1.0
            return table
        starts = np.arange(cells + 1, dtype=np.int32) * effects
        at = self._at.T.astype(np.int32).ravel()
        return csr_matrix((np.ones(at.size), at, starts), shape=(cells, self.columns))

    def sums(self, effects: Floats) -> Floats:
        """Return the sum of each cell's effects, shape (columns,) to (cells,)."""
        return np.asarray(effects.take(self._at).sum(axis=0))

    def totals(self, weights: Floats) -> Floats:
        """Return the weight of each column, shape (cells,) to (columns,)."""
        return np.asarray(np.bincount(self._at.ravel(), _repeated(weights, len(self._at)), self.columns), np.float64)

    def products(self, weights: Floats) -> Floats:
        """Return the weight of each pair of columns, and the ridge, shape (cells,) to (columns, columns)."""
        pairs = len(self._pairs) // len(weights)
        flat = np.bincount(self._pairs, _repeated(weights, pairs), self.columns**2)
        lower = flat.reshape(self.columns, self.columns)
        table = np.asarray(lower + lower.T, np.float64)
        # A cell has one bin of a feature, so that two bins of the same one have nothing in common.
        alone = lower[:, 0] + self.ridge
        alone[0] += weights.sum()
        table.ravel()[self._diagonal] = alone
        return table


def _repeated(weights: Floats, times: int) -> Floats:
    return np.broadcast_to(weights, (times, weights.size)).ravel()
