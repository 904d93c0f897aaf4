"""Tables in memory: PyArrow, pandas, and through Narwhals Polars, Modin and others; DuckDB relations."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pyarrow as pa

from dawnwatch.errors import DataError, one_line
from dawnwatch.sources.base import StreamSource, TableSource

__all__ = ["open_dataframe"]

ACCEPTED = "a path, a PyArrow Table, or a pandas, Polars or any other dataframe that Narwhals accepts"
LIBRARIES = {"pyarrow": "PyArrow", "polars": "Polars", "duckdb": "DuckDB", "modin": "Modin"}


def open_dataframe(data: Any, *, what: str, name: str | None = None) -> TableSource | StreamSource:
    """Open a table in memory, or a DuckDB relation, which is run anew for each reading.

    Buffers are shared where the library allows; an index is ignored.

    NaN in a NumPy-backed pandas column is null, as pandas means it; in a nullable or Arrow-backed one, and in
    every other library, NaN stays NaN. A pandas column of mixed types becomes strings.

    Parameters
    ----------
    what : how messages call the data, for example "reference"
    name : the source's name, what it is ("pandas DataFrame") where None

    Raises
    ------
    DataError
        Where it is no table, has no rows, or a column name is there twice.
    """
    kind = _kind(data)
    shown = f"{what} ({kind})"
    if nw.dependencies.is_duckdb_relation(data):
        from dawnwatch.sources.sql.duckdb import open_relation

        return open_relation(data, name=name or kind, shown=shown)
    try:
        table = _table(data)
    except (TypeError, NotImplementedError, AttributeError) as error:
        raise DataError(f"{shown}: not a table that can be read; give {ACCEPTED}") from error
    except Exception as error:  # a lazy frame runs its whole query here, which may raise anything
        raise DataError(f"{shown}: cannot be read: {one_line(error)}") from None
    names = table.schema.names
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        raise DataError(f"{shown}: the column name {twice!r} is there twice; rename one of them")
    if not table.num_rows or not names:
        raise DataError(f"{shown}: the table has no rows; check the query that made it")
    return TableSource(table, name=name or kind, shown=shown)


def _table(data: Any) -> pa.Table:
    if isinstance(data, pa.Table):
        return data
    if isinstance(data, pa.RecordBatch):
        return pa.Table.from_batches([data])
    if nw.dependencies.is_pandas_dataframe(data):
        return _from_pandas(data)
    try:
        frame = nw.from_native(data)
    except TypeError:
        # Anything with the Arrow PyCapsule interface will do, but a Series has it too and is no table.
        if hasattr(data, "__arrow_c_stream__") and type(data).__name__ != "Series":
            return pa.table(data)
        raise
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    if frame.implementation.is_pandas_like():
        return _from_pandas(frame.to_pandas())
    if frame.implementation.is_polars():
        return _from_polars(frame)
    return frame.to_arrow()


def _from_pandas(frame: Any) -> pa.Table:
    names = [str(name) for name in frame.columns]
    return pa.Table.from_arrays([_from_series(frame.iloc[:, i]) for i in range(len(names))], names=names)


def _from_series(series: Any) -> pa.Array:
    try:
        array = pa.array(series, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return _as_strings(series.tolist(), series.isna().tolist())
    if isinstance(array.type, pa.BaseExtensionType):  # periods and intervals: their stored numbers say little
        return _as_strings(series.tolist(), series.isna().tolist())
    return array


def _from_polars(frame: Any) -> pa.Table:
    """Convert column by column: some Polars types (Object, Int128) have no Arrow form."""
    arrays = []
    for column in frame.iter_columns():
        if column.dtype in (nw.Int128, nw.UInt128):
            column = column.cast(nw.Float64)
        if column.dtype == nw.Object:
            values = column.to_list()
            arrays.append(_as_strings(values, [value is None for value in values]))
        else:
            arrays.append(column.to_arrow())
    return pa.Table.from_arrays(arrays, names=list(frame.columns))


def _as_strings(values: list[Any], missing: list[bool]) -> pa.Array:
    """Write every value as text; what UTF-8 cannot hold (lone surrogates) is escaped."""
    texts = [
        None if lost else str(value).encode("utf-8", "backslashreplace").decode()
        for value, lost in zip(values, missing, strict=True)
    ]
    return pa.array(texts, pa.string())


def _kind(data: Any) -> str:
    """Return what a table is called: "pandas DataFrame"."""
    library = type(data).__module__.partition(".")[0]
    kind = type(data).__name__
    if library == "builtins":
        return kind
    return f"{LIBRARIES.get(library, library)} {kind}"
