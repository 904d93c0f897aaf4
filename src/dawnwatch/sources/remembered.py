"""A source that is read several times, kept in memory after the first where it is small enough."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from dawnwatch.sources.base import Source, known_rows, wanted

__all__ = ["Remembered"]


class Remembered:
    """Gives the rows of a source, decoding them once if they take no more than `memory` bytes.

    The first reading takes all columns, so that every later one finds its own.
    """

    def __init__(self, source: Source, memory: int) -> None:
        self.name, self.schema = source.name, source.schema
        self.rows = known_rows(source)
        self._source, self._memory = source, memory
        self._kept: list[pa.RecordBatch] | None = None
        # A guess that saves decoding columns in vain: most values take eight bytes or less.
        self._too_large = 8 * (self.rows or 0) * len(source.schema) > memory

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Read all rows; see `Source.batches`."""
        if self._kept is not None:
            names = wanted(self.schema, columns)
            yield from (batch.select(names) for batch in self._kept)
            return
        if self._too_large:
            yield from self._source.batches(columns)
            return
        names, size = wanted(self.schema, columns), 0
        kept: list[pa.RecordBatch] = []
        for batch in self._source.batches(None):
            size += batch.nbytes
            self._too_large = self._too_large or size > self._memory
            if self._too_large:
                kept = []
            else:
                kept.append(batch)
            yield batch.select(names)
        self._kept = None if self._too_large else kept
