"""Counting the rows of each unit while they pass by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.sample import EVERY
from dawnwatch.model.unit_counts import COUNTED, UnitCounts
from dawnwatch.profiling.counting import Counting

__all__ = ["UnitTally"]


class UnitTally:
    """The rows per unit so far."""

    def __init__(self, counting: Counting) -> None:
        self._counting = counting
        self._counts = UnitCounts()
        self._waiting: list[UnitCounts] = []
        self._size = 0

    def add(self, units: NDArray[np.uint64], whole: NDArray[np.bool_]) -> None:
        """Add a batch's rows: the seeded hash of each one's unit, and whether it has a unit at all."""
        if not units.size:
            return
        limit = self._counts.limit
        if limit < EVERY:
            whole = whole & (units < np.uint64(limit))
        found, rows = self._counting.distinct(units if whole.all() else units[whole])
        self._waiting.append(UnitCounts(found, rows, limit))
        self._size += found.size
        if self._size > 4 * COUNTED:  # joining costs more than waiting
            self._join()

    def _join(self) -> None:
        self._counts = UnitCounts.joined([self._counts, *self._waiting])
        self._waiting, self._size = [], 0

    def counts(self) -> UnitCounts:
        """Return the counts."""
        self._join()
        return self._counts
