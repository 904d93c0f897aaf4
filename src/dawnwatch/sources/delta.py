"""Delta tables: the files of the current version, found with the `deltalake` package.

The folder of a Delta table also holds files whose rows were replaced or deleted; only its log says which count.
"""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Any
from urllib.parse import unquote

import pyarrow as pa

from dawnwatch.errors import DataError, one_line
from dawnwatch.sources.selection import in_order
from dawnwatch.sources.storage import DataFile

__all__ = ["delta_files"]

PARTITION = "partition."
"""What `deltalake` puts before the names of partition columns."""


def delta_files(folder: PurePath, *, shown: str, filesystem: Any = None, origin: str = "") -> list[DataFile]:
    """Return the files of a Delta table's current version, with the values of its partition columns.

    Parameters
    ----------
    folder : the table's folder, within `filesystem` if that is given
    shown : how messages begin
    origin : what makes a URL of such a path, for example "s3://"

    Raises
    ------
    DataError
        Where `deltalake` is not there, the log cannot be read, or the table uses what cannot be followed by
        reading its files (deletion vectors, column mapping).
    """
    try:
        from deltalake import DeltaTable
    except ImportError:
        raise DataError(
            f"{shown}: a Delta Lake table, whose folder also holds rows that were replaced or deleted; to read "
            "its current version: pip install 'dawnwatch[delta]'"
        ) from None
    try:
        table = DeltaTable(f"{origin}{folder}" if filesystem is not None else str(Path(folder).absolute()))
        mapped = table.metadata().configuration.get("delta.columnMapping.mode", "none") != "none"
        marked = "deletionVectors" in (table.protocol().reader_features or []) and _any_marked(table)
        actions = pa.table(table.get_add_actions(flatten=True))
        types = {field.name: field.type for field in pa.schema(table.schema().to_arrow())}
    except Exception as error:  # deltalake raises what its Rust parts do, under several names
        raise DataError(f"{shown}: its Delta log cannot be read: {one_line(error)}") from None
    if mapped or marked:
        feature = "column mapping" if mapped else "deletion vectors"
        raise DataError(
            f"{shown}: a Delta table with {feature}, which dawnwatch does not follow; rewrite it without, or export "
            "its current version to Parquet"
        )
    keys = [name.removeprefix(PARTITION) for name in actions.column_names if name.startswith(PARTITION)]
    columns = {key: actions[PARTITION + key].cast(types[key]) for key in keys}
    files = []
    for i, path in enumerate(actions["path"].to_pylist()):
        if "://" in path:
            raise DataError(f"{shown}: a Delta table with files outside its folder (a shallow clone); copy it whole")
        place = _place(folder, path, filesystem)
        partition = {key: columns[key][i] for key in keys}
        files.append(DataFile(place, partition, filesystem, shown=f"{origin}{place}"))
    if not files:
        raise DataError(f"{shown}: the table has no rows; check what writes it")
    return in_order(files)


def _place(folder: PurePath, path: str, filesystem: Any) -> PurePath:
    """Return where a file lies; versions of `deltalake` differ in whether they decode what the log says."""
    place = folder / path
    if "%" not in path:
        return place
    found = Path(place).exists() if filesystem is None else filesystem.get_file_info(str(place)).is_file
    return place if found else folder / unquote(path)


def _any_marked(table: Any) -> bool:
    if not hasattr(table, "deletion_vectors"):
        return True  # it cannot be told, so the worse is taken
    return any(pa.record_batch(batch).num_rows for batch in pa.RecordBatchReader.from_stream(table.deletion_vectors()))
