"""A small source is decoded once; a large one is read again, and both give the same rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pytest

from dawnwatch.sources.base import StreamSource
from dawnwatch.sources.remembered import Remembered

TABLE = pa.table({"a": list(range(1000)), "b": [str(i % 7) for i in range(1000)], "c": [0.5] * 1000})


class Counted:
    """Batches that count how often they are read."""

    def __init__(self, rows: int | None = None) -> None:
        self.readings: list[list[str]] = []
        if rows is not None:
            self.rows = rows
        self.name, self.schema = "log", TABLE.schema
        self._source = StreamSource("log", "log", TABLE.schema, self._read)

    def _read(self, names: list[str]) -> Iterator[pa.RecordBatch]:
        self.readings.append(names)
        yield from TABLE.select(names).to_batches(max_chunksize=100)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        return self._source.batches(columns)


def read(source: Remembered, names: list[str] | None) -> pa.Table:
    return pa.Table.from_batches(source.batches(names))


@pytest.mark.parametrize(
    ("memory", "rows", "readings"), [(10**6, None, 1), (10**6, 1000, 1), (5000, None, 3), (5000, 1000, 3)]
)
def test_each_reading_gives_the_columns_asked_for(memory: int, rows: int | None, readings: int) -> None:
    source = Counted(rows)
    remembered = Remembered(source, memory)
    for names in (["b"], ["a", "c"], None):
        assert read(remembered, names) == TABLE.select(names or TABLE.column_names)
    assert len(source.readings) == readings
    if rows and readings > 1:  # known to be too large, it is not decoded in vain
        assert source.readings[0] == ["b"]


def test_a_reading_that_ends_early_is_not_taken_for_the_whole() -> None:
    source = Counted()
    remembered = Remembered(source, 10**6)
    next(iter(remembered.batches(["a"])))
    assert read(remembered, ["a"]) == TABLE.select(["a"])
    assert read(remembered, ["a"]) == TABLE.select(["a"])
    assert len(source.readings) == 2
