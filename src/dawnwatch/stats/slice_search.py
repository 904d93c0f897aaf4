"""Searching for the conjunctions of conditions in which a model got worse: SliceLine between two windows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

__all__ = ["LossRows", "search_slices"]

EXTENDED = 2000
"""Pairs that a third condition is tried on, those with the largest bounds; more are hardly ever left."""
AT_ONCE = 500
"""Pairs whose rows are held in memory together."""
Floats = NDArray[np.float64]
Slice = tuple[int, ...]


@dataclass(frozen=True)
class LossRows:
    """The rows of one window as the search sees them.

    Attributes
    ----------
    holds : whether each condition holds in each row, shape (rows, conditions), float32 0 or 1
    weights : of the rows, which sum to 1, shape (rows,)
    losses : in [0, 1], shape (rows,)
    """

    holds: NDArray[np.float32]
    weights: Floats
    losses: Floats

    @cached_property
    def rows(self) -> csr_matrix:
        """Rows of each condition, shape (conditions, rows): a row meets few of the conditions, and a slice has few."""
        return csr_matrix(self.holds.T, dtype=np.float64)

    def sums(self, slices: csr_matrix) -> tuple[Floats, Floats]:
        """Return weight and loss of each slice joined with each condition, shape (slices, conditions) each.

        Parameters
        ----------
        slices : the rows of each, shape (slices, rows), ones where it holds
        """
        return slices @ self._weighted[0], slices @ self._weighted[1]

    @cached_property
    def _weighted(self) -> tuple[Floats, Floats]:
        weighted = self.holds * self.weights[:, None]
        return weighted, weighted * self.losses[:, None]


def search_slices(
    before: LossRows, now: LossRows, columns: NDArray[np.int64], *, least: tuple[float, float], most: int = 20
) -> list[Slice]:
    """Return the conjunctions of two and three conditions in which losses rose most, as far as chance goes.

    Parameters
    ----------
    before, now : the two windows' rows, with the same conditions
    columns : which column each condition is about, shape (conditions,); a slice has at most one of a column
    least : smallest weight of a slice in either window
    most : how many to return at most

    Returns
    -------
    Each slice as ascending indices of conditions, best first. A slice scores higher than every slice that one
    condition fewer makes: what a single condition tells as well is not repeated.

    Notes
    -----
    A slice with weight w' and mean loss l' now, l before, scores √w' · (l' - l - d) / √(1 + r w'/w), d being the rise
    over all rows (not below 0) and r the rows' numbers now over before: about its rise over that of all rows, in
    standard errors. SliceLine's idea is kept: a slice's rows only become fewer with each condition, so its
    descendants' losses now sum to no more than its own, c'; none scores above (min(c', v) - v d) / √v at
    v = c' (as far as the least weight and w' let it), since losses lie in [0, 1]. What cannot reach the best found so
    far is not looked at, and all sums of a level come from products of (sparse) matrices.

    References
    ----------
    Sagadeeva and Boehm, SliceLine: Fast, Linear-Algebra-based Slice Finding for ML Model Debugging, SIGMOD 2021.
    """
    rise = max(float(now.weights @ now.losses - before.weights @ before.losses), 0.0)
    scorer = _Scorer(rise, now.weights.size / max(before.weights.size, 1), least)
    sums = (*before.sums(before.rows), *now.sums(now.rows))
    alone = scorer.of(*(np.diagonal(table) for table in sums))
    apart = columns[:, None] != columns[None, :]
    scores, bounds = np.where(apart, scorer.of(*sums), -np.inf), scorer.bound(*sums[2:])
    found = _Best(most)
    found.add(np.argwhere(np.triu(scores > np.maximum(0.0, np.maximum.outer(alone, alone)), 1)), scores)
    pairs = np.argwhere(np.triu(np.isfinite(scores), 1))
    pairs = pairs[np.argsort(-bounds[tuple(pairs.T)], kind="stable")][:EXTENDED]
    for start in range(0, len(pairs), AT_ONCE):
        chosen = pairs[start : start + AT_ONCE]
        chosen = chosen[bounds[tuple(chosen.T)] > found.least]
        if not chosen.size:
            break
        first, second = chosen.T
        joined = [side.sums(side.rows[first].multiply(side.rows[second])) for side in (before, now)]
        wider = np.where(apart[first] & apart[second], scorer.of(*joined[0], *joined[1]), -np.inf)
        parents = np.maximum(np.maximum(scores[first], scores[second]), scores[first, second][:, None])
        at, third = np.nonzero(wider > np.maximum(parents, found.least))
        found.add(np.column_stack([chosen[at], third]), wider, (at, third))
    return [slice_ for slice_, _ in found.ranked]


class _Best:
    """The best conjunctions so far, and what a further one must pass."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.ranked: list[tuple[Slice, float]] = []

    def add(self, slices: NDArray[np.int64], scores: Floats, at: tuple[NDArray[np.int64], ...] | None = None) -> None:
        """Add slices, a row of conditions each, whose scores stand in a table at these places or at themselves."""
        values = scores[tuple(slices.T) if at is None else at]
        best = np.argsort(-values, kind="stable")[: 3 * self._most]  # a triple may come from each of its three pairs
        new = {tuple(sorted(slices[i].tolist())): float(values[i]) for i in best}
        self.ranked = sorted((dict(self.ranked) | new).items(), key=lambda item: (-item[1], item[0]))[: self._most]

    @property
    def least(self) -> float:
        """Score that a slice must pass to be among the best."""
        return self.ranked[-1][1] if len(self.ranked) == self._most else 0.0


@dataclass(frozen=True)
class _Scorer:
    """Scores and bounds, elementwise."""

    rise: float
    ratio: float
    least: tuple[float, float]

    def of(self, weight: Floats, lost: Floats, weight_now: Floats, lost_now: Floats) -> Floats:
        """Return the scores; minus infinity where a slice is too small."""
        large = (weight >= self.least[0]) & (weight_now >= self.least[1])
        with np.errstate(divide="ignore", invalid="ignore"):
            rose = lost_now / weight_now - lost / weight - self.rise
            scores = rose * np.sqrt(weight_now / (1 + self.ratio * weight_now / weight))
        return np.where(large, scores, -np.inf)

    def bound(self, weight_now: Floats, lost_now: Floats) -> Floats:
        """Return what no slice within these can score above."""
        at = np.clip(lost_now, self.least[1], np.maximum(weight_now, self.least[1]))
        return np.asarray((np.minimum(lost_now, at) - at * self.rise) / np.sqrt(at))
