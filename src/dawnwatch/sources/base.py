"""What every kind of data becomes: a named stream of Arrow record batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import pyarrow as pa

from dawnwatch.errors import DataError, one_line
from dawnwatch.sources.plain import plain_batch, plain_schema

__all__ = ["BATCH_ROWS", "Source", "StreamSource", "TableSource", "known_rows", "wanted"]

BATCH_ROWS = 131_072
"""Rows of one batch at most: large enough for NumPy to work at full speed, small enough to stay in memory."""


@runtime_checkable
class Source(Protocol):
    """A table that can be read from the start as often as it is asked.

    Sources opened by dawnwatch only hold plain types (see `dawnwatch.sources.plain`) and at least one row. A
    source that knows its number of rows ahead says so in an attribute `rows`, which is not asked of one made
    elsewhere; see `known_rows`.
    """

    @property
    def name(self) -> str:
        """How it is shown: the path as it was given, or for example "pandas DataFrame"."""

    @property
    def schema(self) -> pa.Schema:
        """The columns and their types; names are unique."""

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Read all rows in a fixed order, a batch at a time.

        Parameters
        ----------
        columns : names to read, all where None; unknown names are ignored
            The batches hold them in the order of `schema`, and keep their number of rows where none is left.

        Raises
        ------
        DataError
            Where the data turns out to be damaged part of the way through.
        """


def known_rows(source: Source) -> int | None:
    """Return how many rows a source says it holds before it is read; None where it does not know.

    Good for showing progress; what counts is what `batches` yields.
    """
    rows = getattr(source, "rows", None)
    return rows if isinstance(rows, int) else None


def wanted(schema: pa.Schema, columns: Sequence[str] | None) -> list[str]:
    """Return those of `columns` that the schema has, in its order; all of them where `columns` is None."""
    asked = None if columns is None else set(columns)
    return [name for name in schema.names if asked is None or name in asked]


class TableSource:
    """A table in memory. Its columns are made plain batch by batch, so that nothing large is copied.

    Attributes
    ----------
    name : see `Source.name`
    shown : how messages begin
    rows : how many it holds
    """

    def __init__(self, table: pa.Table, *, name: str, shown: str) -> None:
        self.name = name
        self.shown = shown
        self.schema = plain_schema(table.schema)
        self.rows: int | None = table.num_rows
        self._table = table

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Read all rows; see `Source.batches`."""
        names = wanted(self.schema, columns)
        schema = pa.schema([self.schema.field(name) for name in names])
        for batch in self._table.select(names).to_batches(max_chunksize=BATCH_ROWS):
            yield self._plain(batch, schema)

    def _plain(self, batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
        try:
            return plain_batch(batch, schema)
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise DataError(f"{self.shown}: a value cannot be read: {one_line(error)}") from None


@dataclass(frozen=True)
class StreamSource:
    """Batches that are read from a file when asked for.

    Attributes
    ----------
    name : see `Source.name`
    shown : how messages begin
    read : function of the names wanted that yields batches holding at least these columns
    rows : how many it holds, where that is known before reading
    keep : something that must live as long as the source, such as a temporary folder
    """

    name: str
    shown: str
    schema: pa.Schema
    read: Callable[[list[str]], Iterable[pa.RecordBatch]]
    rows: int | None = None
    keep: object = None

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Read all rows; see `Source.batches`."""
        names = wanted(self.schema, columns)
        schema = pa.schema([self.schema.field(name) for name in names])
        try:
            for batch in self.read(names):
                for start in range(0, batch.num_rows, BATCH_ROWS):
                    yield plain_batch(batch.slice(start, BATCH_ROWS), schema)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise DataError(
                f"{self.shown}: damaged, or changed while it was read: {one_line(error)}; write it again"
            ) from None
