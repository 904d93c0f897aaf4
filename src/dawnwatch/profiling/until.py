"""The rows of a source up to a time: those whose labels have had the time to come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from dawnwatch.profiling.arrow import numbers, type_name
from dawnwatch.profiling.coding import NUMERIC
from dawnwatch.sources.base import Source, wanted

__all__ = ["Until"]


class Until:
    """Gives the rows whose time is no later than a moment, and none that has no time.

    Parameters
    ----------
    time : the time column, which the source must hold
    last : in that column's own numbers, timestamps being seconds since 1970
    """

    def __init__(self, source: Source, time: str, last: float) -> None:
        self.name, self.schema = source.name, source.schema
        self._source, self._time, self._last = source, time, last

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Read these rows; see `Source.batches`."""
        names = wanted(self.schema, columns)
        for batch in self._source.batches([*names, self._time]):
            times = batch.column(self._time)
            if type_name(times.type) not in NUMERIC:  # all null, in this batch
                continue
            kept = batch.filter(pa.array(numbers(times) <= self._last))
            if kept.num_rows:
                yield kept.select(names)
