"""DuckDB: database files, and relations of a running connection.

| found | becomes |
|---|---|
| HUGEINT, UHUGEINT (what a sum of whole numbers or booleans is) | float64 |
| DECIMAL | int64 without fraction up to 18 digits, else float64 |
| INTERVAL, BIT, TIME WITH TIME ZONE, BIGNUM, UNION | their text |
| UUID, JSON | string; ENUM | coded string |
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from dawnwatch.errors import DataError, one_line
from dawnwatch.sources.base import BATCH_ROWS, StreamSource
from dawnwatch.sources.plain import plain_schema
from dawnwatch.sources.sql.base import SqlColumn, select
from dawnwatch.sources.sql.statements import Target, quoted

__all__ = ["DuckDatabase", "open_relation"]

USUAL_SCHEMA = "main"
AS_NUMBER = ("HUGEINT", "UHUGEINT")
AS_TEXT = ("INTERVAL", "BIT", "TIME WITH TIME ZONE", "BIGNUM", "VARINT", "UUID", "JSON")

ONCE = "it can be read only once; give its table instead, as from relation.to_arrow_table()"


@dataclass(frozen=True)
class DuckDatabase:
    """One DuckDB file; see `Database`."""

    path: Path
    shown: str

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        import duckdb

        try:
            connection = duckdb.connect(str(self.path), read_only=True)
        except duckdb.Error as error:
            raise DataError(f"{self.shown}: {_words(error)}") from None
        try:
            yield connection
        finally:
            connection.close()

    def query(self, sql: str) -> Iterator[pa.RecordBatch]:
        """Run one query; see `Database.query`."""
        with self._connected() as connection:
            yield from _stream(connection, sql, self.shown)

    def tables(self) -> list[str]:
        """Return the names of tables and views."""
        sql = "SELECT table_schema AS s, table_name AS t FROM information_schema.tables ORDER BY 1, 2"
        found = [row for batch in self.query(sql) for row in batch.to_pylist()]
        return [row["t"] if row["s"] == USUAL_SCHEMA else f"{row['s']}.{row['t']}" for row in found]

    def describe(self, target: Target) -> tuple[list[SqlColumn], int | None]:
        """Ask for the types; a table's rows are counted from what is stored of it."""
        with self._connected() as connection:
            columns = _columns(lambda: connection.sql(f"SELECT * FROM {target.relation}"), self.shown)
            rows = None
            if target.parts:
                [counted] = _stream(connection, f"SELECT count(*) AS n FROM {target.relation}", self.shown)
                rows = int(counted.column(0)[0].as_py())
            return columns, rows

    def read(self, relation: str, columns: list[SqlColumn]) -> Iterator[pa.RecordBatch]:
        """Yield all rows; see `Database.read`."""
        return self.query(select(relation, columns))


def open_relation(relation: Any, *, name: str, shown: str) -> StreamSource:
    """Return a relation, which is run again for each reading, on the connection it belongs to.

    Raises
    ------
    DataError
        Where it cannot be run, has no rows, or a column's name is there twice.
    """
    columns = _columns(lambda: relation, shown)
    names = [column.name for column in columns]
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        raise DataError(f"{shown}: the column name {twice!r} is there twice; rename one of them")

    [counted] = _batches(lambda: relation.aggregate("count(*) AS n"), shown)
    rows = int(counted.column(0)[0].as_py())
    if not rows:
        raise DataError(f"{shown}: the table has no rows; check the query that made it")

    def read(wanted: list[str]) -> Iterator[pa.RecordBatch]:
        chosen = [f"{c.expression} AS {quoted(c.name)}" for c in columns if c.name in wanted]
        found = 0
        for batch in _batches(lambda: relation.project(", ".join(chosen) or '1 AS "row"'), shown):
            found += batch.num_rows
            yield batch
        if not found:  # older versions of DuckDB read a used-up stream as an empty one
            raise DataError(f"{shown}: {ONCE}")

    schema = plain_schema(pa.schema([(column.name, column.type) for column in columns]))
    return StreamSource(name, shown, schema, read, rows)


def _columns(made: Any, shown: str) -> list[SqlColumn]:
    import duckdb

    try:
        relation = made()
        types = dict(zip(relation.columns, map(str, relation.types), strict=True))
        names = list(relation.columns)
        expressions = {name: _expression(name, type_) for name, type_ in types.items()}
        if len(types) < len(names):
            return [SqlColumn(name, quoted(name), pa.null()) for name in names]
        chosen = ", ".join(f"{expression} AS {quoted(name)}" for name, expression in expressions.items())
        schema = relation.project(chosen).limit(0).to_arrow_table().schema
    except duckdb.Error as error:
        raise DataError(f"{shown}: {_words(error)}") from None
    return [SqlColumn(name, expressions[name], schema.field(name).type) for name in names]


def _expression(name: str, type_: str) -> str:
    if type_ in AS_NUMBER:
        return f"CAST({quoted(name)} AS DOUBLE)"
    if type_ in AS_TEXT or type_.startswith("UNION"):
        return f"CAST({quoted(name)} AS VARCHAR)"
    return quoted(name)


def _stream(connection: Any, sql: str, shown: str) -> Iterator[pa.RecordBatch]:
    return _batches(lambda: connection.sql(sql), shown)


def _batches(made: Any, shown: str) -> Iterator[pa.RecordBatch]:
    import duckdb

    reader = None
    try:
        relation = made()
        # The older name warns in newer versions. Asked of the type, since a relation's attributes are its columns too.
        newer = hasattr(type(relation), "to_arrow_reader")
        reader = relation.to_arrow_reader(BATCH_ROWS) if newer else relation.fetch_arrow_reader(BATCH_ROWS)
        yield from reader
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        raise DataError(f"{shown}: {_words(error)}") from None
    finally:
        if reader is not None:
            reader.close()  # an open result keeps the connection from being used


def _words(error: Exception) -> str:
    text = one_line(error).partition(" LINE 1:")[0].partition(" Did you mean")[0]
    kind, _, words = text.partition(": ")
    if "not a valid DuckDB" in text:
        return "not a DuckDB database; check the path"
    if "lock" in words and "IO Error" in kind:
        return "another process has it open for writing; close it there, or read a copy"
    if "different configuration" in text:
        return "open for writing in this program; close that connection, or give a relation of it"
    if "open result" in text or "unfinished result" in text:
        return "its connection is still reading another result; finish it, or use another connection's cursor()"
    if "already been consumed" in text:
        return ONCE
    if kind in {"Conversion Error", "Invalid Input Error", "Out of Range Error"}:  # which quote the value at fault
        return f"a value cannot be converted or computed ({kind}); check the casts of the query"
    return words.rstrip(".!") + "; check the query"
