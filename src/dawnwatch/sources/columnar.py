"""Parquet and Arrow IPC, streamed: only the columns asked for, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from dawnwatch.errors import DataError, one_line
from dawnwatch.sources.base import BATCH_ROWS, StreamSource
from dawnwatch.sources.plain import is_string, plain_schema
from dawnwatch.sources.row_groups import read_row_groups
from dawnwatch.sources.storage import DataFile

__all__ = ["open_ipc", "open_parquet"]


def open_parquet(*files: DataFile, name: str, shown: str) -> StreamSource:
    """Open a Parquet file, or several with the same columns. Strings are read as dictionaries, which is far faster.

    Raises
    ------
    DataError
        Where its footer cannot be read, it holds no rows, or a column name is there twice.
    """
    import pyarrow.dataset as ds
    import pyarrow.parquet as pq

    try:
        where = files[0].filesystem
        found = pq.read_schema(str(files[0].path), filesystem=where)
        _refuse_double_names(found.names, shown)  # a dataset cannot be made of them
        text = [field.name for field in found if is_string(field.type)]
        file_format = ds.ParquetFileFormat(read_options=ds.ParquetReadOptions(dictionary_columns=text))
        dataset = ds.dataset([str(file.path) for file in files], format=file_format, filesystem=where)
        rows = dataset.count_rows()
        schema = _checked(dataset.schema, rows, shown)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise DataError(f"{shown}: not a whole Parquet file: {_last(error)}; perhaps cut off, write it again") from None

    def read(names: list[str]) -> Iterator[pa.RecordBatch]:
        return read_row_groups(dataset, {file.path.as_posix(): file for file in files}, names, BATCH_ROWS)

    return StreamSource(name, shown, schema, read, rows)


def open_ipc(file: DataFile, *, stream: bool, name: str, shown: str) -> StreamSource:
    """Open an Arrow IPC file (also called Feather) or stream.

    Read from a file handle rather than a memory map: a file that is cut off while it is mapped would end the
    process rather than raise.

    Raises
    ------
    DataError
        Where its schema cannot be read, it holds no rows, or a column name is there twice.
    """
    try:
        with file.open() as handle:
            reader = pa.ipc.open_stream(handle) if stream else pa.ipc.open_file(handle)
            names = list(reader.schema.names)
            # A stream has no footer, so that nothing but reading it whole says how many rows it holds.
            rows = None if stream else _ipc_rows(file)
            any_rows = any(batch.num_rows for batch in _ipc_batches(file, stream, [])) if rows is None else rows
            schema = _checked(reader.schema, int(any_rows), shown)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"{shown}: not a whole Arrow IPC file: {one_line(error)}; perhaps cut off, write it again"
        ) from None

    def read(columns: list[str]) -> Iterator[pa.RecordBatch]:
        return _ipc_batches(file, stream, [names.index(column) for column in columns])

    return StreamSource(name, shown, schema, read, rows)


def _ipc_rows(file: DataFile) -> int:
    """Count rows by the metadata alone."""
    import pyarrow.dataset as ds
    from pyarrow import fs

    fragment = ds.IpcFileFormat().make_fragment(str(file.path), filesystem=file.filesystem or fs.LocalFileSystem())
    return int(fragment.count_rows())


def _ipc_batches(file: DataFile, stream: bool, fields: Sequence[int]) -> Iterator[pa.RecordBatch]:
    # An empty list of fields means all of them to Arrow.
    options = pa.ipc.IpcReadOptions(included_fields=sorted(fields) or [0])
    with file.open() as handle:
        if stream:
            yield from pa.ipc.open_stream(handle, options=options)
            return
        reader = pa.ipc.open_file(handle, options=options)
        for i in range(reader.num_record_batches):
            yield reader.get_batch(i)


def _last(error: Exception) -> str:
    """Return the innermost reason: Arrow puts what it was doing, and the path again, before it."""
    return one_line(error).rpartition(": ")[2].rstrip(".")


def _refuse_double_names(names: list[str], shown: str) -> None:
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        raise DataError(f"{shown}: the column name {twice!r} is there twice; rename one of them")


def _checked(schema: pa.Schema, rows: int, shown: str) -> pa.Schema:
    _refuse_double_names(schema.names, shown)
    if rows == 0 or not schema.names:
        raise DataError(f"{shown}: the table has no rows; check the query or the export")
    return plain_schema(schema)
