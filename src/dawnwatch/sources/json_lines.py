"""JSON Lines: one object a line, and a column's type is that of all its values.

A file of up to `WHOLE` bytes is read whole; a longer one a block of lines at a time, first for the types of its
columns, so that memory does not grow with it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from dawnwatch.errors import DataError
from dawnwatch.sources.base import Source, StreamSource, TableSource
from dawnwatch.sources.json_faults import LONGEST, explain
from dawnwatch.sources.json_types import MixedError, joined
from dawnwatch.sources.plain import plain_schema
from dawnwatch.sources.storage import DataFile, open_text, reason, unpacked_beyond

__all__ = ["open_json_lines"]

WHOLE = 64 << 20
"""Bytes, unpacked, up to which a file is read whole."""
BLOCK = 1 << 22
"""Bytes of a longer file that are read at a time."""
ISO_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
TIMES = (pa.timestamp("us"), pa.timestamp("us", "UTC"))
"""What a column of ISO 8601 times may be, in the order in which they are tried."""


def open_json_lines(file: DataFile, *, name: str, shown: str) -> Source:
    """Open a file of JSON Lines. A key that a line lacks is null; blank lines are passed over.

    Parameters
    ----------
    name : the source's name
    shown : how messages begin

    Raises
    ------
    DataError
        In one line, with the line number where it is known; never with a value of the file.
    """
    try:
        if not unpacked_beyond(file, WHOLE):
            return TableSource(_whole(file, shown), name=name, shown=shown)
        return _Lines(file, shown).open(name)
    except (pa.ArrowException, MixedError, OSError, UnicodeDecodeError) as error:
        raise DataError(f"{shown}: {explain(file) or reason(error)}") from None


def _whole(file: DataFile, shown: str) -> pa.Table:
    import pyarrow.json as arrow_json

    with open_text(file) as stream:
        table = arrow_json.read_json(stream, read_options=arrow_json.ReadOptions(block_size=LONGEST))
    _refuse_empty(table.num_rows, table.schema, shown)
    for at, field in enumerate(table.schema):
        column = table.column(at)
        column.validate(full=True)  # Arrow's reader does not check that strings are UTF-8
        if pa.types.is_string(field.type) and (type_ := _time_type(column)):
            table = table.set_column(at, field.name, column.cast(type_))
    return table


@dataclass(frozen=True)
class _Lines:
    """A file of JSON Lines that is read a block at a time."""

    file: DataFile
    shown: str

    def open(self, name: str) -> StreamSource:
        read, rows = self._survey()
        _refuse_empty(rows, read, self.shown)
        text = [field.name for field in read if pa.types.is_string(field.type)]
        times = self._times(read, text) if text else {}
        found = pa.schema([pa.field(field.name, times.get(field.name, field.type)) for field in read])
        return StreamSource(name, self.shown, plain_schema(found), lambda names: self._stream(read, times, names), rows)

    def _survey(self) -> tuple[pa.Schema, int]:
        """Return the columns as Arrow reads them, and the number of rows."""
        import pyarrow.json as arrow_json

        types: dict[str, pa.DataType] = {}
        rows = 0
        for block in self._blocks():
            table = arrow_json.read_json(io.BytesIO(block), _options(block))
            table.validate(full=True)
            rows += table.num_rows
            for field in table.schema:
                types[field.name] = joined(types.get(field.name, pa.null()), field.type)
        return pa.schema(list(types.items())), rows

    def _times(self, read: pa.Schema, text: list[str]) -> dict[str, pa.DataType]:
        """Return the columns of text that hold nothing but ISO 8601 times, with their types."""
        left = {name: list(TIMES) for name in text}
        begun: set[str] = set()
        for batch in self._read(read, text):
            for name, types in list(left.items()):
                column = batch.column(name)
                if name not in begun and column.null_count < len(column):
                    begun.add(name)
                    if not _begins_like_time(column):
                        del left[name]
                        continue
                left[name] = [type_ for type_ in types if _casts(column, type_)]
                if not left[name]:
                    del left[name]
            if not left:
                break
        return {name: types[0] for name, types in left.items() if name in begun}

    def _stream(self, read: pa.Schema, times: dict[str, pa.DataType], names: list[str]) -> Iterator[pa.RecordBatch]:
        chosen = names or read.names[:1]  # the number of rows is asked for all the same
        try:
            for batch in self._read(read, chosen):
                arrays = [
                    batch.column(name).cast(times[name]) if name in times else batch.column(name) for name in chosen
                ]
                yield pa.RecordBatch.from_arrays(arrays, names=chosen)
        except pa.ArrowException:  # whose message may quote a value
            fault = explain(self.file) or "a value is of another type than before"
            raise DataError(f"{self.shown}: changed while it was read: {fault}; read it again") from None

    def _read(self, schema: pa.Schema, names: list[str]) -> Iterator[pa.RecordBatch]:
        import pyarrow.json as arrow_json

        parsing = arrow_json.ParseOptions(
            explicit_schema=pa.schema([schema.field(name) for name in names]), unexpected_field_behavior="ignore"
        )
        for block in self._blocks():
            table = arrow_json.read_json(io.BytesIO(block), _options(block), parsing)
            yield from table.select(names).combine_chunks().to_batches()

    def _blocks(self) -> Iterator[bytes]:
        """Cut the file behind line ends: within a JSON string they are escaped."""
        rest = b""
        with open_text(self.file) as stream:
            while piece := bytes(stream.read(BLOCK)):
                rest += piece
                cut = rest.rfind(b"\n") + 1
                if not cut and len(rest) > LONGEST:
                    raise pa.ArrowInvalid("a line is too long")
                block, rest = rest[:cut], rest[cut:]
                if block.strip():
                    yield block
        if rest.strip():
            yield rest


def _options(block: bytes) -> object:
    import pyarrow.json as arrow_json

    return arrow_json.ReadOptions(block_size=len(block) + 1)


def _refuse_empty(rows: int, schema: pa.Schema, shown: str) -> None:
    if not rows or not len(schema):
        raise DataError(f"{shown}: no rows; check the query or the export")


def _time_type(column: pa.ChunkedArray) -> pa.DataType | None:
    if not _begins_like_time(column):
        return None
    return next((type_ for type_ in TIMES if _casts(column, type_)), None)


def _begins_like_time(column: pa.Array | pa.ChunkedArray) -> bool:
    first = next((value.as_py() for value in column if value.is_valid), None)
    return first is not None and ISO_TIME.match(first) is not None


def _casts(column: pa.Array | pa.ChunkedArray, type_: pa.DataType) -> bool:
    try:
        pc.cast(column, type_)
    except pa.ArrowInvalid:
        return False
    return True
