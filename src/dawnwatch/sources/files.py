"""Opening a file, a folder or a glob as one source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from dawnwatch.errors import DataError
from dawnwatch.sources.base import Source, StreamSource, known_rows
from dawnwatch.sources.columnar import open_ipc, open_parquet
from dawnwatch.sources.delimited import open_delimited
from dawnwatch.sources.formats import Format, find_format
from dawnwatch.sources.json_lines import open_json_lines
from dawnwatch.sources.paths import find_files
from dawnwatch.sources.plain import plain_array, plain_type
from dawnwatch.sources.storage import DataFile
from dawnwatch.sources.unify import ClashError, unify
from dawnwatch.sources.urls import redacted

__all__ = ["open_files"]


def open_files(written: str, *, what: str, name: str, types: Mapping[str, str] | None = None) -> Source:
    """Open what a path or glob names.

    Several files make one table, in the order of their paths. A column that one of them lacks is null there;
    a `key=value` folder gives its files a column (integers where every value is one, else strings), unless
    they have it themselves.

    Parameters
    ----------
    written : the path as the user gave it
    what : how messages call the data, for example "current window"
    name : the source's name
    types : expected types of columns, for formats that have none; see `open_delimited`

    Raises
    ------
    DataError
        In one line, where it cannot be read as one table.
    """
    shown = f"{what} {redacted(written)}".strip()
    files = find_files(written, shown=shown)
    if len(files) == 1 and not files[0].partition:
        return _open(files[0], find_format(files[0], shown=shown), name=name, shown=shown, types=types)
    formats = {file.path: find_format(file, shown=f"{what} {file}") for file in files}
    ipc = {Format.IPC_STREAM: Format.IPC_FILE}
    kinds = {ipc.get(formats[file.path], formats[file.path]): file for file in files}
    if len(kinds) > 1:
        one, other = list(kinds.items())[:2]
        raise DataError(
            f"{shown}: files of several formats, such as {one[1].path.name} ({one[0]}) and "
            f"{other[1].path.name} ({other[0]}); name one kind, such as "
            f"'{str(one[1]).removesuffix(one[1].path.name)}*{one[1].path.suffix}'"
        )

    def parts(types: Mapping[str, str] | None) -> list[_Part]:
        keys = _key_types(files)
        return [
            _Part(
                file,
                _open(
                    file,
                    formats[file.path],
                    name=str(file),
                    shown=f"{what} {file}",
                    types=types,
                ),
                keys,
            )
            for file in files
        ]

    opened = parts(types)
    try:
        schema = unify((str(part.file), part.schema) for part in opened)
    except ClashError as clash:
        if Format.DELIMITED not in kinds:
            raise DataError(f"{shown}: {clash}; give the files one type") from None
        # Text says no types: a column that is digits in one file and words in another is text in both.
        opened = parts({**(types or {}), **dict.fromkeys(clash.columns, "string")})
        schema = unify((str(part.file), part.schema) for part in opened)
    if set(kinds) == {Format.PARQUET} and _alike(opened):
        # As one data set, the next file is decoded while this one is counted.
        return open_parquet(*files, name=name, shown=shown)
    counted = [known_rows(part.source) for part in opened]
    rows = None if None in counted else sum(count or 0 for count in counted)
    return StreamSource(name, shown, schema, lambda names: _chain(opened, schema, names), rows)


@dataclass(frozen=True)
class _Part:
    """One file of several, with the columns its folders' names give."""

    file: DataFile
    source: Source
    keys: Mapping[str, pa.DataType]

    @property
    def schema(self) -> pa.Schema:
        own = list(self.source.schema)
        added = [pa.field(name, self.keys[name]) for name in self._added()]
        return pa.schema([*own, *added])

    def batches(self, names: list[str]) -> Iterator[pa.RecordBatch]:
        added = {name: self.file.partition[name] for name in self._added() if name in names}
        for batch in self.source.batches(names):
            columns = dict(zip(batch.schema.names, batch.columns, strict=True))
            for name, value in added.items():
                columns[name] = pa.repeat(_scalar(value, self.keys[name]), batch.num_rows)
            yield pa.RecordBatch.from_pydict(columns) if added else batch

    def _added(self) -> list[str]:
        return [name for name in self.file.partition if name not in self.source.schema.names]


def _alike(parts: list[_Part]) -> bool:
    """Whether files are one table as they stand: the same columns and types, on one file system, nothing added."""
    first = parts[0]
    return all(
        part.source.schema == first.source.schema
        and not part.file.partition
        and part.file.keep is None
        and part.file.filesystem == first.file.filesystem
        for part in parts
    )


def _chain(parts: list[_Part], schema: pa.Schema, names: list[str]) -> Iterator[pa.RecordBatch]:
    for part in parts:
        held = set(part.schema.names)
        for batch in part.batches([name for name in names if name in held]):
            # Filled in here, since a batch without any column would otherwise lose its number of rows.
            columns = [
                plain_array(batch.column(name), schema.field(name).type)
                if name in held
                else pa.nulls(batch.num_rows, schema.field(name).type)
                for name in names
            ]
            chosen = pa.schema([schema.field(name) for name in names])
            yield pa.RecordBatch.from_arrays(columns, schema=chosen) if names else batch


def _scalar(value: Any, type_: pa.DataType) -> pa.Scalar:
    if isinstance(value, pa.Scalar):
        return value.cast(type_)
    return pa.scalar(int(value) if value is not None and type_ == pa.int64() else value, type_)


def _open(file: DataFile, kind: Format, *, name: str, shown: str, types: Mapping[str, str] | None) -> Source:
    source = _opened(file, kind, name=name, shown=shown, types=types)
    return replace(source, keep=file.keep) if isinstance(source, StreamSource) else source


def _opened(file: DataFile, kind: Format, *, name: str, shown: str, types: Mapping[str, str] | None) -> Source:
    match kind:
        case Format.PARQUET:
            return open_parquet(file, name=name, shown=shown)
        case Format.IPC_FILE | Format.IPC_STREAM:
            return open_ipc(file, stream=kind is Format.IPC_STREAM, name=name, shown=shown)
        case Format.DELIMITED:
            return open_delimited(file, name=name, shown=shown, types=types)
        case Format.JSON_LINES:
            return open_json_lines(file, name=name, shown=shown)


def _key_types(files: list[DataFile]) -> dict[str, pa.DataType]:
    """Return the type of each partition key: its own, or integer where every text is one, else string."""
    values: dict[str, list[Any]] = {}
    for file in files:
        for key, value in file.partition.items():
            values.setdefault(key, []).append(value)
    return {key: _key_type([value for value in found if value is not None]) for key, found in values.items()}


def _key_type(values: list[Any]) -> pa.DataType:
    if values and isinstance(values[0], pa.Scalar):
        return plain_type(values[0].type)
    whole = all(value.removeprefix("-").isdecimal() and len(value) <= 18 for value in values)
    return pa.int64() if whole and values else pa.string()
