"""Finding the line at which JSON Lines are wrong, so that a message can name it (and never quote it)."""

from __future__ import annotations

import io
import json

from dawnwatch.sources.storage import DataFile, open_text

__all__ = ["LONGEST", "explain"]

LONGEST = 1 << 24
"""Bytes; no line may be longer."""


def explain(file: DataFile) -> str | None:
    """Return what is wrong with a file that Arrow refused and in which line; None where nothing is found."""
    kinds: dict[str, tuple[str, int]] = {}
    try:
        with open_text(file) as stream:
            for number, line in enumerate(io.BufferedReader(stream), start=1):
                if line.strip() and (fault := _fault(line, number, kinds)):
                    return f"line {number}: {fault}"
    except OSError:
        return None
    return None


def _fault(line: bytes, number: int, kinds: dict[str, tuple[str, int]]) -> str | None:
    if len(line) >= LONGEST:
        return f"longer than {LONGEST >> 20} MiB; write one object a line"
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
