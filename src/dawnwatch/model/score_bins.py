"""The bins of the scores: thousands of fine ones for the whole window, and coarser ones that nest in each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = ["GROUPS", "Grid", "ScoreBins"]

GROUPS = 512
"""Coarse score bins, which halve to 256, 128 ... by shifting; `GROUPS` itself stands for "no score"."""
CELLS = 65_536
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Grid:
    """A monotone map from scores to cells, which says before and behind which edges a score lies.

    Linear: cell `(score - low) * scale`. Logarithmic: the leading bits of the score as a float32, for scores that
    crowd near zero. `starts[c]` edges lie in cells before c, so only the few edges of a score's own cell are tried.
    """

    logarithmic: bool
    cells: int
    low: float
    scale: float
    base: int
    shift: int
    starts: NDArray[np.uint16]

    def cell(self, scores: Floats) -> NDArray[np.int64]:
        """Return the cell of each score, which must not be NaN; monotone in the score."""
        if self.logarithmic:
            with np.errstate(over="ignore", under="ignore"):
                bits = np.where(scores > 0, scores, 0.0).astype(np.float32).view(np.int32).astype(np.int64)
            cells = np.maximum(bits - self.base, 0) >> self.shift
        else:
            with np.errstate(over="ignore", invalid="ignore"):
                place = (scores - self.low) * self.scale
            # Infinity times a scale of zero is NaN, which fmax leaves behind: there is but one cell then.
            cells = np.fmin(np.fmax(place, 0), self.cells - 1).astype(np.int64)
        return np.asarray(np.minimum(cells, self.cells - 1))

    @cached_property
    def crowd(self) -> int:
        """The most edges in one cell."""
        return int(np.diff(self.starts.astype(np.int64)).max(initial=0))


@dataclass(frozen=True)
class ScoreBins:
    """Score bins fixed by the performance baseline.

    Attributes
    ----------
    edges : upper edges of the right-closed fine bins, strictly increasing, shape (fine bins - 1,)
    groups : coarse bin of each fine bin, 0 to `GROUPS` - 1, then `GROUPS` for "no score", shape (fine bins + 1,)
    """

    edges: Floats = field(default_factory=lambda: np.empty(0))
    groups: NDArray[np.int32] = field(default_factory=lambda: np.array([0, GROUPS], np.int32))

    @property
    def fine(self) -> int:
        """Number of fine bins, not counting "no score"."""
        return len(self.edges) + 1

    @cached_property
    def padded(self) -> Floats:
        """The edges, and infinity behind them."""
        return np.append(self.edges, np.inf)

    @cached_property
    def points(self) -> NDArray[np.bool_]:
        """Which fine bins can hold one single number, so that pairs within them are true ties, shape (fine,)."""
        single = np.zeros(self.fine, dtype=bool)
        if self.edges.size:
            with np.errstate(over="ignore", under="ignore"):
                single[1:-1] = np.nextafter(self.edges[1:], -np.inf) == self.edges[:-1]
        return single

    @cached_property
    def middles(self) -> Floats:
        """A score of each fine bin: the middle of its edges, of the outermost ones their only edge; shape (fine,)."""
        edges = self.edges
        if edges.size == 0:
            return np.array([0.5])
        inner = np.where(self.points[1:-1], edges[1:], edges[:-1] + (edges[1:] - edges[:-1]) / 2)
        return np.concatenate([edges[:1], inner, edges[-1:]])

    def from_threshold(self, threshold: float) -> tuple[int, int] | None:
        """Return the first fine and the first coarse bin of scores at or above a threshold.

        None where no bin begins there, so that the bins cannot tell.
        """
        edge = np.nextafter(threshold, -np.inf)
        at = int(np.searchsorted(self.edges, edge))
        if at == self.edges.size or self.edges[at] != edge or self.groups[at] == self.groups[at + 1]:
            return None
        return at + 1, int(self.groups[at + 1])

    def coarse_points(self, bins: int) -> NDArray[np.bool_]:
        """Which of this many coarse bins hold at most one fine bin that is a point, shape (bins,)."""
        groups = self.groups[:-1] // (GROUPS // bins)
        loose = np.bincount(groups, weights=~self.points, minlength=bins)
        single = np.bincount(groups, weights=self.points, minlength=bins) <= 1
        return np.asarray(single & (loose == 0))

    @cached_property
    def grid(self) -> Grid:
        """The grid with the fewest edges in its fullest cell."""
        edges = self.edges
        if edges.size == 0:
            return _filled(edges, Grid(False, 1, 0.0, 0.0, 0, 0, np.empty(0, np.uint16)))
        low, span = float(edges[0]), float(edges[-1]) - float(edges[0])
        scale = CELLS / span if span > 0 else 0.0
        candidates = [Grid(False, CELLS, low, scale if np.isfinite(scale) else 0.0, 0, 0, np.empty(0, np.uint16))]
        if low >= 0:
            with np.errstate(over="ignore", under="ignore"):
                base, top = edges[[0, -1]].astype(np.float32).view(np.int32).tolist()
            shift = max((top - base).bit_length() - CELLS.bit_length() + 1, 0)
            candidates.append(Grid(True, ((top - base) >> shift) + 1, 0.0, 0.0, base, shift, np.empty(0, np.uint16)))
        return min((_filled(edges, grid) for grid in candidates), key=_work)


def _filled(edges: Floats, grid: Grid) -> Grid:
    inside = np.bincount(grid.cell(edges), minlength=grid.cells)
    starts = np.concatenate([[0], np.cumsum(inside)]).astype(np.uint16)
    return Grid(grid.logarithmic, grid.cells, grid.low, grid.scale, grid.base, grid.shift, starts)


def _work(grid: Grid) -> float:
    """Return the mean number of edges tried per score, were scores spread as the edges are."""
    inside = np.diff(grid.starts.astype(np.float64))
    return float((inside**2).sum())
