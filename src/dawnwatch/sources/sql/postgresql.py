"""PostgreSQL, read through ADBC in one read-only transaction for each reading.

| found | becomes |
|---|---|
| numeric(p, 0) of up to 18 digits | int64 |
| any other numeric, money | float64; NaN and the infinities stay |
| uuid, json, jsonb, interval, bit, inet, ranges and what else has no plain type | its text |
| enums, char, varchar, name | string |
| timestamptz | a time in UTC; timestamp | the same without a zone |
| arrays | lists, of the same types |
| bytea | binary |
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

import pyarrow as pa

from dawnwatch.errors import DataError, one_line
from dawnwatch.sources.plain import INT64_DIGITS
from dawnwatch.sources.sql.base import SqlColumn, select
from dawnwatch.sources.sql.statements import Target, quoted

__all__ = ["PostgresDatabase"]

CONNECT_SECONDS = 10
USUAL_SCHEMA = "public"
MODIFIER = b"POSTGRESQL:typmod"


@dataclass(frozen=True)
class PostgresDatabase:
    """One PostgreSQL database; see `Database`.

    Attributes
    ----------
    url : as libpq takes it, with whatever secrets it holds
    """

    url: str
    shown: str

    def query(self, sql: str) -> Iterator[pa.RecordBatch]:
        """Run one query; see `Database.query`."""
        with _Session(self) as session:
            yield from session.run(sql)

    def tables(self) -> list[str]:
        """Return the names of tables and views."""
        sql = (
            "SELECT table_schema::text AS s, table_name::text AS t FROM information_schema.tables "
            "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
        )
        found = [row for batch in self.query(sql) for row in batch.to_pylist()]
        return [row["t"] if row["s"] == USUAL_SCHEMA else f"{row['s']}.{row['t']}" for row in found]

    def describe(self, target: Target) -> tuple[list[SqlColumn], int | None]:
        """Ask the server for the types; counting the rows would be as long as reading them."""
        with _Session(self) as session:
            schema = session.schema(f"SELECT * FROM {target.relation}")
            if len(set(schema.names)) < len(schema.names):
                return [SqlColumn(name, quoted(name), pa.null()) for name in schema.names], None
            asked = ", ".join(f"pg_typeof({quoted(name)})::text AS {quoted(name)}" for name in schema.names)
            found = list(session.run(f"SELECT {asked} FROM {target.relation} LIMIT 1")) if asked else []
            [kinds] = pa.Table.from_batches(found).to_pylist() if any(b.num_rows for b in found) else [{}]
            casts = {field.name: _cast(field, kinds.get(field.name, "")) for field in schema}
            columns = [
                SqlColumn(name, f"{quoted(name)}::{cast}" if cast else quoted(name), pa.null())
                for name, cast in casts.items()
            ]
            typed = session.schema(select(target.relation, columns))
            return [SqlColumn(c.name, c.expression, typed.field(c.name).type) for c in columns], None

    def read(self, relation: str, columns: list[SqlColumn]) -> Iterator[pa.RecordBatch]:
        """Yield all rows; see `Database.read`."""
        return self.query(select(relation, columns))

    def fault(self, error: Exception) -> DataError:
        """Say in words what the server or libpq refused."""
        return DataError(f"{self.shown}: {_words(error, self.url)}")


class _Session:
    """A connection with a transaction that may only read."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    def __enter__(self) -> _Session:
        import adbc_driver_manager
        import adbc_driver_postgresql.dbapi as postgresql

        url = self._database.url
        if "connect_timeout=" not in url:
            url += f"{'&' if '?' in url else '?'}connect_timeout={CONNECT_SECONDS}"
        self._errors = (adbc_driver_manager.Error, pa.ArrowException, OSError)
        try:
            self._connection = postgresql.connect(url)
        except self._errors as error:
            raise self._database.fault(error) from None
        self._cursor = self._connection.cursor()
        list(self.run("SET TRANSACTION READ ONLY"))
        return self

    def __exit__(self, *exc: object) -> None:
        self._cursor.close()
        self._connection.close()

    def run(self, sql: str) -> Iterator[pa.RecordBatch]:
        try:
            self._cursor.execute(sql)
            yield from self._cursor.fetch_record_batch()
        except self._errors as error:
            raise self._database.fault(error) from None

    def schema(self, sql: str) -> pa.Schema:
        try:
            return self._cursor.adbc_execute_schema(sql)
        except self._errors as error:
            raise self._database.fault(error) from None


def _cast(field: pa.Field, kind: str) -> str | None:
    """Return what a column must be cast to in the query; None where it can be read as it is.

    Parameters
    ----------
    field : how the driver would read it; versions differ
    kind : what the server calls its type
    """
    type_ = field.type.value_type if pa.types.is_list(field.type) else field.type
    array = "[]" if kind.endswith("[]") else ""
    kind = kind.removesuffix("[]")
    if kind == "numeric":
        # The modifier packs precision and scale, four bytes up.
        modifier = int((field.metadata or {}).get(MODIFIER, b"-1")) - 4
        whole = modifier >= 0 and modifier & 0xFFFF == 0 and modifier >> 16 <= INT64_DIGITS
        return ("int8" if whole and not array else "float8") + array
    if kind == "money":
        return f"numeric{array}::float8{array}"
    if kind == "oid":
        return f"int8{array}"
    as_text = isinstance(type_, pa.BaseExtensionType) or pa.types.is_interval(type_) or pa.types.is_duration(type_)
    # Bytes under another name than theirs are the database's own form of something.
    as_bytes = pa.types.is_binary(type_) or pa.types.is_fixed_size_binary(type_)
    return f"text{array}" if as_text or (as_bytes and kind != "bytea") else None


def _words(error: Exception, url: str) -> str:
    text = str(error)
    state = re.search(r"SQLSTATE: (\w{5})", text)
    said = re.search(r"(ERROR|FATAL):\s+(.*)", text)
    words = said[2].strip() if said else one_line(error).partition("Failed to connect: ")[2] or one_line(error)
    if said and said[1] == "ERROR" and (state is None or state[1].startswith("22")):
        # Raised while rows were read; the server then quotes the value at fault.
        words = re.sub(r'"[^"]*"?', '"..."', words)
    words = words.partition(" Is the server running")[0]  # libpq's own advice, which ours says shorter
    for secret in _secrets(url):
        words = words.replace(secret, "***")
    if "password" in words:
        return f"{words}; check user and password (in the URL, in PGPASSWORD, or in ~/.pgpass)"
    if "connection to server" in words or "host name" in words:
        return f"{words}; check host and port, and that the server runs"
    return f"{words}; check the query" if said else f"{words}; check the URL"


def _secrets(url: str) -> list[str]:
    user = re.match(r"\w+://[^:@/?]*:(.*)@", url)
    asked = re.findall(r"[?&]\w*pass\w*=([^&]+)", url)
    found = [url, *asked, *([user[1]] if user else [])]
    return sorted({part for secret in found for part in (secret, unquote(secret)) if part}, key=len, reverse=True)
