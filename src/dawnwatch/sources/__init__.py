"""Where data comes from: files and dataframes, all as Arrow record batches."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike, fspath
from typing import Any

from dawnwatch.errors import DataError
from dawnwatch.sources.base import Source
from dawnwatch.sources.urls import SQL_SCHEMES, is_url, redacted, scheme

__all__ = ["Source", "open_source"]


def open_source(
    data: object, *, what: str | None = None, name: str | None = None, types: Mapping[str, str] | None = None
) -> Source:
    """Open anything that holds a table.

    Parameters
    ----------
    data : a path, folder or glob of Parquet, CSV, TSV, JSON Lines or Arrow IPC files, on this machine or as a
        URL of an object store or a web server; a database's URL with a table or a query (see
        `dawnwatch.sources.sql`); a PyArrow Table or RecordBatch; any dataframe that Narwhals accepts; or a
        `Source`, which is returned as it is
    what : how messages call the data, for example "current window"; by default its name, or "data"
    name : the source's name, which packets quote; by default the path as it was given, or what a dataframe is
        ("pandas DataFrame")
    types : expected types of columns by name ("string", "number", ...), for CSV and TSV, which say none:
        "string" keeps a column of digits text, and a column without any value takes its expected type

    Raises
    ------
    DataError
        In one line, where it cannot be read as a table or holds no rows.

    Examples
    --------
    >>> import pyarrow as pa
    >>> source = open_source(pa.table({"score": [0.2, 0.9], "clicked": [0, 1]}))
    >>> source.name, [batch.num_rows for batch in source.batches(["score"])]
    ('PyArrow Table', [2])
    """
    what = what or name or "data"
    if isinstance(data, str | PathLike):
        path: Any = fspath(data)
        if isinstance(path, bytes):
            raise DataError(f"{what}: the path is bytes; give a str or a pathlib.Path")
        if scheme(path) in SQL_SCHEMES and is_url(path):
            from dawnwatch.sources.sql import open_sql

            return open_sql(path, what=what, name=name)
        from dawnwatch.sources.files import open_files

        return open_files(path, what=what, name=name or redacted(path), types=types)
    # A dataframe may have columns called name, schema and batches; only a source has them as what they are.
    if callable(getattr(data, "batches", None)) and isinstance(data, Source):
        return data
    from dawnwatch.sources.dataframes import open_dataframe

    return open_dataframe(data, what=what, name=name)
