"""A bounded sample of whole units, which merges: the rows of the units whose hashes are smallest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["EVERY", "RESCORED", "Sample", "sample_rows", "within"]

CELLS = 200_000
MOST_ROWS = 10_000
GIANT = 2
"""A unit with more rows than the sample divided by this is left out."""
EVERY = 2**64
"""The limit of a sample that holds every unit."""
RESCORED = "(the model's scores, given again)"
"""Column of what the model gives for the sampled rows' logged features; NaN where it gives nothing."""
Hashes = NDArray[np.uint64]


def sample_rows(columns: int) -> int:
    """Return how many rows a sample of this many columns may hold: 200,000 values, and at most 10,000 rows."""
    return min(MOST_ROWS, CELLS // max(columns, 1))


@dataclass(frozen=True)
class Sample:
    """All rows of every unit whose seeded hash is below `limit`, but for the giants.

    A unit is what `[roles] unit` names, else the key. Rows of one unit stay together, since single rows would lose
    the clustering that intervals rest on. Which units are in depends on the seed and the units alone, so parts add
    to the sample of the whole, however they were cut; only the rows' order may differ.

    Attributes
    ----------
    most : rows it may hold
    units : seeded hash of each row's unit, shape (rows,)
    columns : float64 with NaN for null, or objects (text, None) per column that is not private, shape (rows,)
    limit : 2**64 where no unit was left out for want of room
    giants : hashes below the limit of units with more than `most` / 2 rows, which are left out
    """

    most: int
    units: Hashes = field(default_factory=lambda: np.empty(0, np.uint64))
    columns: dict[str, NDArray[Any]] = field(default_factory=dict)
    limit: int = EVERY
    giants: frozenset[int] = frozenset()

    @property
    def rows(self) -> int:
        """Rows in the sample."""
        return int(self.units.size)

    def __add__(self, other: Sample) -> Sample:
        return Sample.joined([self, other])

    @classmethod
    def joined(cls, parts: Sequence[Sample]) -> Sample:
        """Return the sample of all parts' rows. Raises ValueError where they are not of one plan."""
        read = [part.columns for part in parts if part.columns]  # a new sample has none yet
        if not all(RESCORED in columns for columns in read):  # a part that was profiled without the model
            read = [{name: values for name, values in columns.items() if name != RESCORED} for columns in read]
        if len({part.most for part in parts}) > 1 or any(columns.keys() != read[0].keys() for columns in read):
            raise ValueError("only samples of the same plan can be added")
        joined = cls(
            parts[0].most,
            np.concatenate([part.units for part in parts]),
            {name: np.concatenate([columns[name] for columns in read]) for name in (read[0] if read else ())},
            min(part.limit for part in parts),
            frozenset[int]().union(*(part.giants for part in parts)),
        )
        return joined.only(*within(joined.units, joined.most, joined.limit, joined.giants))

    def only(self, kept: NDArray[np.bool_], limit: int, giants: frozenset[int]) -> Sample:
        """Return the sample of these rows."""
        columns = {name: values[kept] for name, values in self.columns.items()}
        return Sample(self.most, self.units[kept], columns, limit, giants)


def within(
    units: Hashes, most: int, limit: int, giants: frozenset[int]
) -> tuple[NDArray[np.bool_], int, frozenset[int]]:
    """Return which rows stay in a sample of at most `most` rows, its limit, and its giants.

    A giant weighs as much as the largest unit that stays, so that a unit's weight only grows as parts are added;
    hence what the whole keeps, every part has kept.
    """
    cap = most // GIANT
    found, times = np.unique(units, return_counts=True)
    large = np.union1d(found[times > cap], np.array(sorted(giants), dtype=np.uint64))
    ranked = np.union1d(found, large)
    weights = np.zeros(ranked.size, np.int64)
    weights[np.searchsorted(ranked, found)] = np.minimum(times, cap)
    weights[np.searchsorted(ranked, large)] = cap
    if limit < EVERY:
        inside = ranked < np.uint64(limit)
        ranked, weights = ranked[inside], weights[inside]
    over = np.flatnonzero(np.cumsum(weights) > most)
    if over.size:
        limit = int(ranked[over[0]])
    kept = ~np.isin(units, large)
    if limit < EVERY:
        kept &= units < np.uint64(limit)
        large = large[large < np.uint64(limit)]
    return kept, limit, frozenset(large.tolist())
