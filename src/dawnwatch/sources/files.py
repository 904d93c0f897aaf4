"""Opening a file, a folder or a glob as one source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyarrow as pa

from dawnwatch.errors import DataError
from dawnwatch.sources.base import Source, StreamSource, TableSource
from dawnwatch.sources.columnar import open_ipc, open_parquet
from dawnwatch.sources.delimited import read_delimited
from dawnwatch.sources.formats import Format, find_format
from dawnwatch.sources.json_lines import read_json_lines
from dawnwatch.sources.paths import FoundFile, find_files
from dawnwatch.sources.plain import plain_array
from dawnwatch.sources.unify import ClashError, unify

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
    types : expected types of columns, for formats that have none; see `read_delimited`

    Raises
    ------
    DataError
        In one line, where it cannot be read as one table.
    """
    shown = f"{what} {written}".strip()
    files = find_files(written, shown=shown)
    if len(files) == 1 and not files[0].partition:
        path = files[0].path
        return _open(path, find_format(path, shown=shown), name=name, shown=shown, types=types)
    formats = {file.path: find_format(file.path, shown=f"{what} {file.path}") for file in files}
    ipc = {Format.IPC_STREAM: Format.IPC_FILE}
    kinds = {ipc.get(kind, kind): path for path, kind in formats.items()}
    if len(kinds) > 1:
        one, other = list(kinds.items())[:2]
        raise DataError(
            f"{shown}: files of several formats, such as {one[1].name} ({one[0]}) and "
            f"{other[1].name} ({other[0]}); name one kind, such as '{one[1].parent}/*{one[1].suffix}'"
        )

    def parts(types: Mapping[str, str] | None) -> list[_Part]:
        keys = _key_types(files)
        return [
            _Part(
                file,
                _open(
                    file.path,
                    formats[file.path],
                    name=str(file.path),
                    shown=f"{what} {file.path}",
                    types=types,
                ),
                keys,
            )
            for file in files
        ]

    opened = parts(types)
    try:
        schema = unify((str(part.file.path), part.schema) for part in opened)
    except ClashError as clash:
        if Format.DELIMITED not in kinds:
            raise DataError(f"{shown}: {clash}; give the files one type") from None
        # Text says no types: a column that is digits in one file and words in another is text in both.
        opened = parts({**(types or {}), **dict.fromkeys(clash.columns, "string")})
        schema = unify((str(part.file.path), part.schema) for part in opened)
    return StreamSource(name, shown, schema, lambda names: _chain(opened, schema, names))


@dataclass(frozen=True)
class _Part:
    """One file of several, with the columns its folders' names give."""

    file: FoundFile
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
            for name, text in added.items():
                value = int(text) if text is not None and self.keys[name] == pa.int64() else text
                columns[name] = pa.repeat(pa.scalar(value, self.keys[name]), batch.num_rows)
            yield pa.RecordBatch.from_pydict(columns) if added else batch

    def _added(self) -> list[str]:
        return [name for name in self.file.partition if name not in self.source.schema.names]


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


def _open(path: Path, kind: Format, *, name: str, shown: str, types: Mapping[str, str] | None) -> Source:
    match kind:
        case Format.PARQUET:
            return open_parquet(path, name=name, shown=shown)
        case Format.IPC_FILE | Format.IPC_STREAM:
            return open_ipc(path, stream=kind is Format.IPC_STREAM, name=name, shown=shown)
        case Format.DELIMITED:
            return TableSource(read_delimited(path, shown=shown, types=types), name=name, shown=shown)
        case Format.JSON_LINES:
            return TableSource(read_json_lines(path, shown=shown), name=name, shown=shown)


def _key_types(files: list[FoundFile]) -> dict[str, pa.DataType]:
    """Return integer for each partition key whose values all are one, string for the others."""
    pairs = sorted(
        ((key, value) for file in files for key, value in file.partition.items() if value is not None),
        key=lambda pair: pair[0],
    )
    types = dict.fromkeys((key for file in files for key in file.partition), pa.string())
    for key, group in groupby(pairs, key=lambda pair: pair[0]):
        if all(value.removeprefix("-").isdecimal() and len(value) <= 18 for _, value in group):
            types[key] = pa.int64()
    return types
