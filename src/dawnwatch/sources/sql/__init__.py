"""Tables and queries of databases: SQLite, PostgreSQL and DuckDB, streamed as Arrow record batches.

A source is written as a URL with a table or a query behind the first #:

| written | what is read |
|---|---|
| `postgresql://user@host:5432/db#schema.table` | a table; the URL up to # is libpq's, with its environment variables |
| `sqlite:///log.db#predictions` | three slashes: a path from the working directory |
| `sqlite:////data/log.db#SELECT * FROM predictions` | four slashes: an absolute path |
| `duckdb:///log.duckdb#SELECT ...` | as for SQLite |

Each reading runs the query again, in a new read-only transaction: dawnwatch's counts do not depend on the order of
the rows, but rows written between two readings are seen by the second only.
"""

from __future__ import annotations

import difflib
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

from dawnwatch.errors import DataError
from dawnwatch.sources.base import StreamSource
from dawnwatch.sources.sql.base import Database, open_target
from dawnwatch.sources.sql.statements import parse_target
from dawnwatch.sources.urls import SQL_SCHEMES, redacted, scheme

__all__ = ["open_sql"]

NEEDED = {
    "postgresql": ("adbc_driver_postgresql", "adbc_driver_manager"),
    "postgres": ("adbc_driver_postgresql", "adbc_driver_manager"),
    "sqlite": ("adbc_driver_sqlite", "adbc_driver_manager"),
    "duckdb": ("duckdb",),
}


def open_sql(
    url: str, *, table: str | None = None, query: str | None = None, what: str = "data", name: str | None = None
) -> StreamSource:
    """Open a table or a query of a database.

    Parameters
    ----------
    url : as in the table above; without # where `table` or `query` is given
    table : NAME or SCHEMA.NAME, a part in double quotes where it holds a dot or a space
    query : one SELECT
    what : how messages call the data, for example "current window"
    name : the source's name, the URL without its password where None

    Raises
    ------
    DataError
        In one line, where it cannot be read; never with a password or a value.
    """
    address, _, written = url.partition("#")
    written = written or query or table or ""
    label = redacted(f"{address}#{written}" if written else address)
    shown = f"{what} {label if len(label) <= 120 else label[:117] + '...'}"
    kind = scheme(url)
    if kind not in SQL_SCHEMES:
        raise DataError(f"{shown}: not a database URL; it begins with {', '.join(f'{s}://' for s in SQL_SCHEMES)}")
    if not all(find_spec(module) for module in NEEDED[kind]):
        raise DataError(f"{shown}: reading databases needs their drivers: pip install 'dawnwatch[sql]'")
    if not written.strip():
        raise DataError(
            f"{shown}: nothing to read; write a table or a query behind #, such as {redacted(address)}#TABLE"
        )
    target = parse_target(written, shown=shown)
    return open_target(_database(kind, address, shown), target, name=name or label, shown=shown)


def _database(kind: str, address: str, shown: str) -> Database:
    if kind in {"postgresql", "postgres"}:
        from dawnwatch.sources.sql.postgresql import PostgresDatabase

        return PostgresDatabase(address, shown)
    path = _file(address, shown)
    if kind == "sqlite":
        from dawnwatch.sources.sql.sqlite import SqliteDatabase

        return SqliteDatabase(path, shown)
    from dawnwatch.sources.sql.duckdb import DuckDatabase

    return DuckDatabase(path, shown)


def _file(address: str, shown: str) -> Path:
    """Return the path of a database file, which must be there: opening would make an empty one."""
    written = address.partition("://")[2]
    if not written.startswith("/"):
        raise DataError(f"{shown}: write three slashes before a path and four before an absolute one")
    path = Path(unquote(written[1:])).expanduser()
    if path.is_file():
        return path
    if path.is_dir():
        raise DataError(f"{shown}: a folder, not a database file; add the file's name")
    if not path.is_absolute() and (Path("/") / path).is_file():
        raise DataError(f"{shown}: no such file from the working directory; an absolute path has four slashes")
    siblings = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name, siblings, n=1)
    raise DataError(f"{shown}: no such database file.{f' Did you mean {near[0]!r}?' if near else ' Check the path.'}")
