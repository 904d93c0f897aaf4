"""Exact quantiles of more numbers than fit in memory: an unbiased sample says where to look, a second pass looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, floor, inf, nextafter, sqrt

import numpy as np
from numpy.typing import NDArray

from dawnwatch.native.sorting import ascending
from dawnwatch.stats.binning import quantile_ranks, with_heavy_values

__all__ = ["Brackets", "Thinned"]

Floats = NDArray[np.float64]
WIDTH = 6.0
"""Half the width of a bracket in standard errors of the sample's share: all nine miss once in 10**8."""


@dataclass
class Thinned:
    """Every k-th of the values it is given, k doubling whenever more than `most` are held.

    Attributes
    ----------
    most : values held at most
    total : values given so far
    """

    most: int
    total: int = 0
    _step: int = 1
    _held: list[Floats] = field(default_factory=list)
    _size: int = 0

    def add(self, values: Floats) -> None:
        """Take values, shape (rows,)."""
        kept = values[-self.total % self._step :: self._step]
        self.total += values.size
        self._held.append(kept)
        self._size += kept.size
        while self._size > self.most:
            self._held = [np.concatenate(self._held)[::2]]
            self._size, self._step = self._held[0].size, self._step * 2

    @property
    def values(self) -> Floats:
        """The values held, in the order they came."""
        self._held = [np.concatenate([*self._held, np.empty(0)])]
        return self._held[0]

    @property
    def whole(self) -> bool:
        """Whether it holds every value."""
        return self._step == 1


class Brackets:
    """Finds the edges of `quantile_edges` over values that are passed by once more.

    Parameters
    ----------
    sample : of the values, from a first pass that counted them
    bins : quantile bins aimed at
    wider : factor on the brackets' width, for another try where a quantile was missed
    """

    def __init__(self, sample: Thinned, bins: int, *, wider: float = 1.0) -> None:
        self._bins, self._total = bins, sample.total
        self.edges = _bracket_edges(ascending(sample.values), bins, WIDTH * wider)
        self._counts = np.zeros(self.edges.size + 1, np.int64)
        self._kept: list[Floats] = []

    def add(self, values: Floats, codes: NDArray[np.int32]) -> None:
        """Take finite values and how many of `edges` lie strictly below each."""
        self._counts += np.bincount(codes, minlength=self._counts.size)[: self._counts.size]
        self._kept.append(values[(codes & 1).astype(bool)])  # odd codes are inside a bracket

    def result(self) -> Floats | None:
        """Return the edges; None where a quantile lies outside its bracket, so that wider ones are needed."""
        kept = ascending(np.concatenate([*self._kept, np.empty(0)]))
        outside = np.where(np.arange(self._counts.size) % 2 == 0, self._counts, 0)
        ends, skipped = np.cumsum(self._counts), np.cumsum(outside)
        ranks = quantile_ranks(self._total, self._bins)
        parts = np.searchsorted(ends, ranks, side="right")
        if (parts % 2 == 0).any():
            return None
        return with_heavy_values(np.unique(kept[ranks - skipped[parts]]), kept, self._total, self._bins)


def _bracket_edges(ranked: Floats, bins: int, width: float) -> Floats:
    """Return lower and upper ends of disjoint right-closed brackets, alternating."""
    size = ranked.size
    ends: list[tuple[float, float]] = []
    for i in range(1, bins):
        share = i / bins
        reach = width * sqrt(share * (1 - share) / size) * size + 2
        low, high = floor(share * size - reach), ceil(share * size + reach)
        below = nextafter(float(ranked[low]), -inf) if low >= 0 else -inf
        above = float(ranked[high]) if high < size else inf
        if ends and below <= ends[-1][1]:
            ends[-1] = (ends[-1][0], max(above, ends[-1][1]))
        else:
            ends.append((below, above))
    return np.array(ends).ravel()
