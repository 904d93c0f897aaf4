"""Finding the line at which delimited text is wrong, so that a message can name it (and never quote it)."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator

from dawnwatch.errors import DataError, one_line
from dawnwatch.sources.storage import DataFile, open_text, reason

__all__ = ["explain", "first_line", "header_names", "without_values"]


def first_line(file: DataFile, *, shown: str) -> str:
    """Return the first line that is not blank, without quoted parts, for telling its separator.

    Raises
    ------
    DataError
        Where there is none.
    """
    try:
        for line in _text(file):
            if line.strip():
                return "".join(line.split('"')[::2])
    except OSError as error:
        raise DataError(f"{shown}: cannot be read: {reason(error)}") from None
    raise DataError(f"{shown}: the file holds blank lines only; check what was to write it")


def header_names(file: DataFile, separator: str, *, shown: str) -> list[str]:
    """Return the column names.

    Raises
    ------
    DataError
        Where they are not UTF-8 or one is there twice.
    """
    try:
        names = next((row for row in csv.reader(_text(file), delimiter=separator) if row), [])
    except (csv.Error, OSError) as error:
        raise DataError(f"{shown}: line 1: not a header: {one_line(error)}; check the file") from None
    if any("\ufffd" in name for name in names) and (fault := _bad_bytes(file)):
        raise DataError(f"{shown}: {fault}")
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        raise DataError(f"{shown}: line 1: the column name {twice!r} is there twice; rename one of them")
    return names


def explain(file: DataFile, separator: str) -> str | None:
    """Return what is wrong with a file that Arrow refused, with its line; None where nothing is found."""
    try:
        return _bad_bytes(file) or _ragged(file, separator)
    except (OSError, csv.Error):
        return None


def without_values(error: Exception) -> str:
    """Return Arrow's message on a CSV file up to where it quotes the row or the value."""
    return re.sub(r"(, got \d+|invalid value).*", r"\1", one_line(error))


def _bad_bytes(file: DataFile) -> str | None:
    """Return the first line that is not UTF-8. Byte 10 always ends a line there, so lines decode alone."""
    with open_text(file) as stream:
        for number, line in enumerate(io.BufferedReader(stream), start=1):
            try:
                codecs.decode(line, "utf-8")
            except UnicodeDecodeError as error:
                return (
                    f"line {number}: byte 0x{line[error.start]:02x} is not UTF-8 (perhaps Latin-1 or "
                    "Windows-1252); save the file as UTF-8, for example with `iconv -f latin1 -t utf-8`"
                )
    return None


def _ragged(file: DataFile, separator: str) -> str | None:
    reader = csv.reader(_text(file), delimiter=separator)
    expected: int | None = None
    start = 1
    for row in reader:
        if row:
            if expected is None:
                expected = len(row)
            elif len(row) != expected:
                return (
                    f"line {start}: {len(row)} fields where the header names {expected}; quote fields that "
                    "hold the separator, and check for rows that were cut off"
                )
        start = reader.line_num + 1
    return None


def _text(file: DataFile) -> Iterator[str]:
    with open_text(file) as stream:
        yield from io.TextIOWrapper(io.BufferedReader(stream), "utf-8-sig", errors="replace", newline="")
