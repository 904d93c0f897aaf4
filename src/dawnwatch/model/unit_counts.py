"""Rows per unit, and how many units there are: exact while they are few, else from the smallest hashes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.sample import EVERY

__all__ = ["COUNTED", "UnitCounts"]

COUNTED = 4096
"""Units whose rows are counted at most: the number of units is then known to 1 in 64 (one standard error)."""
Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class UnitCounts:
    """Rows of every unit whose seeded hash is below `limit`.

    Attributes
    ----------
    hashes : of the units, sorted, shape (units counted,)
    rows : of each of them, exact
    limit : 2**64 where no unit was left out

    Notes
    -----
    Which units are counted depends on the seed and the units alone, so parts add to the counts of the whole. The number
    of units is estimated as in a theta sketch: those below the limit over the limit's share of all hashes (Dasgupta,
    Lang, Rhodes and Thaler, ICDT 2016).
    """

    hashes: Hashes = field(default_factory=lambda: np.empty(0, np.uint64))
    rows: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    limit: int = EVERY

    def __add__(self, other: UnitCounts) -> UnitCounts:
        return UnitCounts.joined([self, other])

    @classmethod
    def joined(cls, parts: Sequence[UnitCounts]) -> UnitCounts:
        """Return the counts of all parts' rows."""
        limit = min(part.limit for part in parts)
        found, at = np.unique(np.concatenate([part.hashes for part in parts]), return_inverse=True)
        rows = np.zeros(found.size, np.int64)
        np.add.at(rows, at, np.concatenate([part.rows for part in parts]))
        if limit < EVERY:
            below = int(np.searchsorted(found, np.uint64(limit)))
            found, rows = found[:below], rows[:below]
        if found.size > COUNTED:
            limit = int(found[COUNTED])
            found, rows = found[:COUNTED], rows[:COUNTED]
        return cls(found, rows, limit)

    @property
    def exact(self) -> bool:
        """Whether every unit is counted."""
        return self.limit == EVERY

    @property
    def units(self) -> int:
        """How many units there are: exact, or the estimate, whose standard error is `error` of it."""
        return int(self.hashes.size) if self.exact else round(self.hashes.size * EVERY / self.limit)

    @property
    def error(self) -> float:
        """Standard error of `units` as a share of it; 0 where it is exact."""
        return 0.0 if self.exact else 1 / sqrt(max(self.hashes.size, 1))

    @property
    def effective(self) -> float:
        """How many units of equal size would weigh as much as those counted, (Σ rows)² / Σ rows²; 0 without any."""
        squares = float((self.rows.astype(np.float64) ** 2).sum())
        return float(self.rows.sum()) ** 2 / squares if squares else 0.0

    @property
    def largest(self) -> int:
        """Rows of the largest unit counted; 0 where there is none."""
        return int(self.rows.max(initial=0))
