"""What every database is to dawnwatch: queries that answer in record batches, and columns with plain types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from dawnwatch.errors import DataError, did_you_mean
from dawnwatch.sources.base import StreamSource
from dawnwatch.sources.plain import plain_schema
from dawnwatch.sources.sql.statements import Target, quoted

__all__ = ["Database", "SqlColumn", "open_target", "select"]


@dataclass(frozen=True)
class SqlColumn:
    """A column to read.

    Attributes
    ----------
    expression : what is selected, already quoted; a cast where the database's own type has no plain one
    type : its Arrow type once read
    """

    name: str
    expression: str
    type: pa.DataType


class Database(Protocol):
    """One database, opened for reading only, anew for each query."""

    def query(self, sql: str) -> Iterator[pa.RecordBatch]:
        """Run one query and yield what it answers a batch at a time.

        Raises
        ------
        DataError
            In one line, without any password and without any value.
        """

    def describe(self, target: Target) -> tuple[list[SqlColumn], int | None]:
        """Return the columns, and the number of rows where it is known without reading them."""

    def read(self, relation: str, columns: list[SqlColumn]) -> Iterator[pa.RecordBatch]:
        """Yield all rows of these columns, each of the type that `describe` gave it."""

    def tables(self) -> list[str]:
        """Return the names of the tables and views, with their schemas where it is not the usual one."""


def open_target(database: Database, target: Target, *, name: str, shown: str) -> StreamSource:
    """Return a table or query as a source that is run again for each reading.

    Raises
    ------
    DataError
        Where it cannot be read, holds no rows, or a column's name is there twice.
    """
    try:
        columns, rows = database.describe(target)
    except DataError:
        if target.parts:
            _refuse_unknown(database, target, shown)
        raise
    names = [column.name for column in columns]
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        raise DataError(f"{shown}: the column name {twice!r} is there twice; rename one of them with AS")
    if rows == 0 or not names or (rows is None and not _any_row(database, target)):
        raise DataError(f"{shown}: no rows; check the table or the query")
    schema = plain_schema(pa.schema([(column.name, column.type) for column in columns]))

    def read(wanted: list[str]) -> Iterator[pa.RecordBatch]:
        return database.read(target.relation, [column for column in columns if column.name in wanted])

    return StreamSource(name, shown, schema, read, rows)


def _any_row(database: Database, target: Target) -> bool:
    return any(batch.num_rows for batch in database.query(f'SELECT 1 AS "row" FROM {target.relation} LIMIT 1'))


def select(relation: str, columns: list[SqlColumn]) -> str:
    """Return the query for these columns; for none of them, one that still answers with every row."""
    chosen = ", ".join(f"{column.expression} AS {quoted(column.name)}" for column in columns)
    return f"SELECT {chosen or '1 AS ' + quoted('row')} FROM {relation}"


def _refuse_unknown(database: Database, target: Target, shown: str) -> None:
    known = database.tables()
    name = ".".join(target.parts)
    if name in known or target.parts[-1] in known:
        return
    listed = ", ".join(repr(table) for table in known[:8]) + (", ..." if len(known) > 8 else "")
    hint = did_you_mean(name, known) or (f" It has {listed}." if known else " It has none.")
    raise DataError(f"{shown}: no such table as {name!r}.{hint}")
