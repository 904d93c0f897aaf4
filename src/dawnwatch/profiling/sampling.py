"""Taking the sample of whole units while rows pass by."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.model.plan import Plan
from dawnwatch.model.sample import EVERY, Sample, sample_rows, within
from dawnwatch.profiling.arrow import numbers, texts, type_name
from dawnwatch.profiling.coding import NUMERIC
from dawnwatch.profiling.rows import Rows

__all__ = ["SampleTally"]

LONGEST = 200
"""Characters of a text that the sample keeps."""


class SampleTally:
    """The sample of the rows so far."""

    def __init__(self, plan: Plan) -> None:
        self._names = [name for name in plan.read if name not in plan.private]
        self._score = plan.score
        self._numeric = {column.name for column in plan.columns if column.type in NUMERIC}
        self._sample = Sample(sample_rows(len(self._names)))
        self._waiting: list[Sample] = []
        self._size = 0

    def add(self, units: NDArray[np.uint64], whole: NDArray[np.bool_], rows: Rows) -> None:
        """Add a batch's rows: the seeded hash of each one's unit, and whether it has a unit at all."""
        limit, most = self._sample.limit, self._sample.most
        if limit < EVERY:
            whole = whole & (units < np.uint64(limit))
        at = np.flatnonzero(whole)
        if not at.size:
            return
        giants = self._sample.giants
        if at.size > most:
            # Before any value is read: which of the rows can stay at all, judged by this batch alone.
            at, limit, giants = _staying(units, at, most, limit, giants)
        columns = {name: self._read(name, rows, at) for name in self._names}
        self._waiting.append(Sample(most, units[at], columns, limit, giants))
        self._size += at.size
        if self._size > most:  # joining costs more than waiting
            self._join()

    def _join(self) -> None:
        self._sample = Sample.joined([self._sample, *self._waiting])
        self._waiting, self._size = [], 0

    def _read(self, name: str, rows: Rows, at: NDArray[np.int64]) -> NDArray[Any]:
        if name == self._score:
            return rows.scores[at]
        array = rows.have.get(name)
        if array is None:
            return np.full(at.size, np.nan) if name in self._numeric else np.full(at.size, None, dtype=object)
        array = array.take(pa.array(at))
        found = type_name(array.type)
        if name in self._numeric:
            return numbers(array) if found in NUMERIC else np.full(at.size, np.nan)
        if found == "null":
            return np.full(at.size, None, dtype=object)
        codes, values = texts(array)
        return np.array([*(value[:LONGEST] for value in values), None], dtype=object)[codes]

    def sample(self) -> Sample:
        """Return the sample."""
        self._join()
        return self._sample


def _staying(
    units: NDArray[np.uint64], at: NDArray[np.int64], most: int, limit: int, giants: frozenset[int]
) -> tuple[NDArray[np.int64], int, frozenset[int]]:
    """Return which of the rows stay, and the sample's limit and giants then; see `within`."""
    found = units[at]
    if found.size > 4 * most:
        # Nearly always the smallest few settle it; where a giant is among them, all are looked at.
        cut = np.partition(found, 2 * most)[2 * most]
        few = found < cut
        kept, below, large = within(found[few], most, min(limit, int(cut)), giants)
        if below < cut:
            return at[few][kept], below, large
    kept, limit, giants = within(found, most, limit, giants)
    return at[kept], limit, giants
