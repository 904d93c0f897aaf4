"""SQLite, whose columns may hold values of any type: what each holds is found before it is read.

| the column's values | become |
|---|---|
| whole numbers | int64; boolean where the table declares BOOLEAN and all are 0 or 1 |
| numbers, some with a fraction | float64 |
| text | string; times where all of it is ISO 8601 |
| blobs | binary |
| text and numbers, or blobs and others | refused: a cast in the query must say what they are |

SQLite stores NaN as null.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from dawnwatch.errors import DataError, one_line
from dawnwatch.sources.base import BATCH_ROWS
from dawnwatch.sources.json_lines import ISO_TIME
from dawnwatch.sources.sql.base import SqlColumn
from dawnwatch.sources.sql.statements import Target, quoted

__all__ = ["SqliteDatabase"]

STORED = ("integer", "real", "text", "blob")
WORDS = {"integer": "whole numbers", "real": "numbers with a fraction", "text": "text", "blob": "blobs"}
AT_ONCE = 100
"""Columns looked at in one query; SQLite answers with 2,000 numbers at most."""
DAY_TIME = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][T ][0-9][0-9]:[0-9][0-9]*"
EMPTY = {pa.int64(): "0", pa.bool_(): "0", pa.float64(): "0.0", pa.binary(): "x''"}


@dataclass(frozen=True)
class SqliteDatabase:
    """One SQLite file; see `Database`."""

    path: Path
    shown: str

    @contextmanager
    def _answer(self, sql: str) -> Iterator[pa.RecordBatchReader]:
        import adbc_driver_manager
        import adbc_driver_sqlite.dbapi as sqlite

        url = f"file:{quote(str(self.path.absolute()))}?mode=ro"
        try:
            with sqlite.connect(url) as connection, connection.cursor() as cursor:
                cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(BATCH_ROWS)})
                cursor.execute(sql)
                yield cursor.fetch_record_batch()
        except (adbc_driver_manager.Error, pa.ArrowException, OSError) as error:
            raise DataError(f"{self.shown}: {_words(error)}") from None

    def query(self, sql: str) -> Iterator[pa.RecordBatch]:
        """Run one query; see `Database.query`."""
        with self._answer(sql) as reader:
            yield from reader

    def tables(self) -> list[str]:
        """Return the names of tables and views."""
        found = self._rows("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
        return [row["name"] for row in found]

    def describe(self, target: Target) -> tuple[list[SqlColumn], int | None]:
        """Find each column's type over all rows."""
        with self._answer(f"SELECT * FROM {target.relation} LIMIT 0") as reader:
            names = list(reader.schema.names)
        declared = self._declared(target)
        columns: list[SqlColumn] = []
        rows = 0
        for start in range(0, len(names), AT_ONCE):
            part = names[start : start + AT_ONCE]
            counts = [c for i, name in enumerate(part) for c in _counts(i, quoted(name))]
            [found] = self._rows(f"SELECT count(*) AS n, {', '.join(counts)} FROM {target.relation}")
            rows = found["n"]
            for i, name in enumerate(part):
                seen = {key: found[f"{key}{i}"] or 0 for key in (*STORED, "zero_one")}
                columns.append(self._column(target.relation, name, seen, declared.get(name, "")))
        return columns, rows

    def read(self, relation: str, columns: list[SqlColumn]) -> Iterator[pa.RecordBatch]:
        """Yield all rows; see `Database.read`.

        The driver takes a column's type from its first values, where they may all be null. So a row with a value
        of the right type is put first, and left out again.
        """
        held = [column for column in columns if not pa.types.is_null(column.type)]
        first = [f"{EMPTY.get(column.type, repr(''))} AS {quoted(column.name)}" for column in held]
        rest = [column.expression for column in held]
        sql = f"SELECT {', '.join(first) or '0 AS ' + quoted('row')} UNION ALL SELECT {', '.join(rest) or '0'} "
        skip = 1
        for batch in self.query(f"{sql} FROM {relation}"):
            batch, skip = batch.slice(skip), 0
            arrays = [self._typed(batch.column(i), column) for i, column in enumerate(held)]
            yield pa.RecordBatch.from_arrays(arrays, names=[column.name for column in held]) if held else batch

    def _typed(self, array: pa.Array, column: SqlColumn) -> pa.Array:
        try:
            if pa.types.is_string(array.type):
                array.validate(full=True)
            return array.cast(column.type)
        except pa.ArrowException:  # whose message may quote a value
            what = "text that is no UTF-8" if pa.types.is_string(column.type) else f"a value that is no {column.type}"
            raise DataError(f"{self.shown}: column {column.name!r} holds {what}; correct it, or leave it out") from None

    def _column(self, relation: str, name: str, seen: dict[str, int], declared: str) -> SqlColumn:
        kinds = {kind for kind in STORED if seen[kind]}
        if len(kinds) > 1 and kinds != {"integer", "real"}:
            parts = " and ".join(f"{WORDS[kind]} ({seen[kind]:,} rows)" for kind in STORED if kind in kinds)
            raise DataError(
                f"{self.shown}: column {name!r} holds {parts}, and SQLite does not say which is meant; "
                f"query it as CAST({quoted(name)} AS TEXT) or AS REAL"
            )
        expression = quoted(name)
        if not kinds:
            return SqlColumn(name, expression, pa.null())
        if "real" in kinds:
            return SqlColumn(name, f"CAST({expression} AS REAL)", pa.float64())
        if kinds == {"integer"}:
            truth = declared in {"BOOL", "BOOLEAN"} and seen["zero_one"] == seen["integer"]
            return SqlColumn(name, expression, pa.bool_() if truth else pa.int64())
        if kinds == {"blob"}:
            return SqlColumn(name, expression, pa.binary())
        return SqlColumn(name, expression, self._text_type(relation, expression, seen["text"]))

    def _text_type(self, relation: str, name: str, rows: int) -> pa.DataType:
        """Return the type of a column of text: that of times where all of it is, with or without a zone."""
        [first] = self._rows(f"SELECT {name} AS t FROM {relation} WHERE {name} IS NOT NULL LIMIT 1")
        if not ISO_TIME.match(first["t"]):
            return pa.string()
        zoned = f"({name} GLOB '*Z' OR substr({name}, -6) GLOB '[+-][0-9][0-9]:[0-9][0-9]')"
        is_time = f"{name} GLOB '{DAY_TIME}' AND datetime({name}) IS NOT NULL"
        [found] = self._rows(f"SELECT sum({is_time}) AS times, sum({zoned}) AS zoned FROM {relation}")
        if found["times"] != rows or found["zoned"] not in (0, rows):
            return pa.string()
        return pa.timestamp("us", "UTC" if found["zoned"] else None)

    def _declared(self, target: Target) -> dict[str, str]:
        """Return the types a table declares; a query declares none."""
        if not target.parts:
            return {}
        name = target.parts[-1].replace("'", "''")
        return {row["name"]: row["type"].upper() for row in self._rows(f"SELECT * FROM pragma_table_info('{name}')")}

    def _rows(self, sql: str) -> list[dict[str, Any]]:
        return [row for batch in self.query(sql) for row in batch.to_pylist()]


def _counts(i: int, name: str) -> list[str]:
    kinds = [f"sum(typeof({name}) = '{kind}') AS {kind}{i}" for kind in STORED]
    return [*kinds, f"sum({name} = 0 OR {name} = 1) AS zero_one{i}"]


def _words(error: Exception) -> str:
    text = one_line(error)
    if "not a database" in text:
        return "not an SQLite database; check the path"
    if "unable to open" in text:
        return "cannot be opened; check who may read the file and its folder"
    if "locked" in text:
        return "locked by another process; try again when it has written"
    found = re.search(r"query: (.*?)(?: query: |$)", text)
    return (found[1] if found else text).rstrip(".") + "; check the query"
