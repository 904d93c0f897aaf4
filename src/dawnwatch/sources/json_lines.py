"""JSON Lines: one object a line. Read whole, so that a column's type is that of all its values."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path

import pyarrow as pa

from dawnwatch.errors import DataError, one_line
from dawnwatch.sources.formats import open_text

__all__ = ["read_json_lines"]

BLOCK = 1 << 24
"""Bytes Arrow parses at a time; no line may be longer."""
ISO_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


def read_json_lines(path: Path, *, shown: str) -> pa.Table:
    """Read a file of JSON Lines. A key that a line lacks is null; blank lines are passed over.

    Raises
    ------
    DataError
        In one line, with the line number where it is known; never with a value of the file.
    """
    import pyarrow.json as arrow_json

    try:
        with open_text(path) as stream:
            table = arrow_json.read_json(stream, read_options=arrow_json.ReadOptions(block_size=BLOCK))
        if not table.num_rows or not table.num_columns:
            raise DataError(f"{shown}: no rows; check the query or the export")
        for column in table.itercolumns():
            column.validate(full=True)  # Arrow's reader does not check that strings are UTF-8
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = _explain(path) or f"{one_line(error)}; check the file"
        raise DataError(f"{shown}: {reason}") from None
    return _with_times(table)


def _with_times(table: pa.Table) -> pa.Table:
    """Read text columns that hold nothing but ISO 8601 times as times, as CSV columns are."""
    for at, field in enumerate(table.schema):
        if not pa.types.is_string(field.type):
            continue
        column = table.column(at)
        first = next((value.as_py() for value in column if value.is_valid), None)
        if first is None or not ISO_TIME.match(first):
            continue
        for type_ in (pa.timestamp("us"), pa.timestamp("us", "UTC")):
            with contextlib.suppress(pa.ArrowInvalid):
                table = table.set_column(at, field.name, column.cast(type_))
                break
    return table


def _explain(path: Path) -> str | None:
    """Return what is wrong and in which line; None where nothing is found."""
    kinds: dict[str, tuple[str, int]] = {}
    try:
        with open_text(path) as stream:
            for number, line in enumerate(io.BufferedReader(stream), start=1):
                if line.strip() and (fault := _fault(line, number, kinds)):
                    return f"line {number}: {fault}"
    except OSError:
        return None
    return None


def _fault(line: bytes, number: int, kinds: dict[str, tuple[str, int]]) -> str | None:
    if len(line) >= BLOCK:
        return f"longer than {BLOCK >> 20} MiB; write one object a line"
    try:
        row = json.loads(line.decode("utf-8-sig"), object_pairs_hook=_Pairs)
    except UnicodeDecodeError as error:
        return f"byte 0x{line[error.start]:02x} is not UTF-8; save the file as UTF-8"
    except json.JSONDecodeError:
        return (
            "not one whole JSON object; write one object a line "
            "(pandas: to_json(orient='records', lines=True), jq: jq -c '.[]')"
        )
    if not isinstance(row, _Pairs):
        return f"{_kind(row)} where an object is needed; write one object a line (an array: jq -c '.[]')"
    names = [name for name, _ in row]
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        return f"the key {twice!r} is there twice; rename one of them"
    for name, value in row:
        kind = _kind(value)
        before, where = kinds.setdefault(name, (kind, number)) if value is not None else (kind, number)
        if kind != before:
            return f"{name!r} is {kind} here but {before} in line {where}; write one type throughout"
    return None


class _Pairs(list[tuple[str, object]]):
    """An object with its keys as they stand, twice or not."""


def _kind(value: object) -> str:
    if isinstance(value, _Pairs):
        return "an object"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, list):
        return "an array"
    return "null" if value is None else "a string"
