"""CSV, TSV and their kin, read whole, so that a column's type is that of all its values.

What a field means:

- an unquoted empty field is null; a quoted one (`""`) is the empty string
- NaN, inf and -inf are what they say in a numeric column
- NA, N/A, #N/A, null, NULL and None are text in a column of text (NA is Namibia); where all other values of
  the column are numbers, booleans or times, they are nulls, and so is a quoted empty field

A byte order mark and any line ending are fine. Where the ending's own separator is not in the first line, but
a semicolon, a tab or a bar is, that one separates.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dawnwatch.errors import DataError, one_line
from dawnwatch.sources.delimited_faults import explain, first_line, header_names
from dawnwatch.sources.formats import open_text
from dawnwatch.sources.plain import is_text

__all__ = ["NULL_WORDS", "read_delimited"]

NULL_WORDS = ("NA", "N/A", "#N/A", "null", "NULL", "None")
"""Words that stand for null among numbers, and for themselves in text."""

ORDER = {".tsv": "\t,;|", ".tab": "\t,;|"}
CATEGORIES = 10_000
"""A column of text with more distinct values than this is not dictionary-encoded."""


def read_delimited(path: Path, *, shown: str, types: Mapping[str, str] | None = None) -> pa.Table:
    """Read a file of delimited text.

    Parameters
    ----------
    shown : how messages begin
    types : expected types (as in `[columns.*] type`) of columns, since text says none: "string" keeps a
        column of digits text, and a column without any value takes the type it is expected to have

    Raises
    ------
    DataError
        In one line, with the line number where it is known; never with a value of the file.
    """
    import pyarrow.csv as csv

    types = types or {}
    separator = _separator(path, shown)
    names = header_names(path, separator, shown=shown)
    text = {name: pa.string() for name in names if types.get(name) == "string"}
    try:
        with open_text(path) as stream:
            table = csv.read_csv(
                stream,
                parse_options=csv.ParseOptions(delimiter=separator, newlines_in_values=True),
                convert_options=csv.ConvertOptions(
                    null_values=[""],
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=False,
                    auto_dict_encode=True,
                    auto_dict_max_cardinality=CATEGORIES,
                    column_types=text,
                ),
            )
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = explain(path, separator) or f"{one_line(error)}; check the file"
        raise DataError(f"{shown}: {reason}") from None
    if any(_is_bytes(field.type) for field in table.schema):
        raise DataError(f"{shown}: {explain(path, separator) or 'not UTF-8 text; save it as UTF-8'}")
    if table.num_rows == 0:
        raise DataError(f"{shown}: a header but no rows; check the query or the export")
    found = table.column_names
    columns = [_typed(table.column(i), types.get(name)) for i, name in enumerate(found)]
    return pa.table(columns, names=found)


def _separator(path: Path, shown: str) -> str:
    line = first_line(path, shown=shown)
    unpacked = Path(path.stem) if path.suffix in {".gz", ".bz2", ".zst"} else path
    order = ORDER.get(unpacked.suffix.lower(), ",\t;|")
    return next((mark for mark in order if mark in line), order[0])


def _typed(column: pa.ChunkedArray, expected: str | None) -> pa.ChunkedArray:
    """Give a column without values its expected type, and a column of numbers and null words its numbers."""
    if pa.types.is_null(column.type):
        empty = {
            "integer": pa.int64(),
            "number": pa.float64(),
            "string": pa.string(),
            "boolean": pa.bool_(),
            "timestamp": pa.timestamp("us"),
        }
        return column.cast(empty.get(expected or "", pa.null()))
    if not is_text(column.type) or expected == "string":
        return column
    return _without_null_words(column)


def _without_null_words(column: pa.ChunkedArray) -> pa.ChunkedArray:
    coded = column.unify_dictionaries() if pa.types.is_dictionary(column.type) else column
    distinct = coded.chunk(0).dictionary if pa.types.is_dictionary(column.type) else pc.unique(coded)
    words = pa.array([*NULL_WORDS, ""])
    if not pc.any(pc.is_in(distinct, value_set=words)).as_py():
        return column
    values = coded.cast(pa.string()) if pa.types.is_dictionary(column.type) else coded
    values = pc.if_else(pc.is_in(values, value_set=words), pa.scalar(None, pa.string()), values)
    if values.null_count == len(values):
        return column
    trimmed = pc.utf8_trim_whitespace(values)
    # The order in which Arrow itself tries them on a file.
    for type_ in (pa.int64(), pa.float64(), pa.bool_(), pa.timestamp("us"), pa.timestamp("us", "UTC")):
        try:
            return trimmed.cast(type_)
        except pa.ArrowInvalid:
            continue
    return column


def _is_bytes(type_: pa.DataType) -> bool:
    inner = type_.value_type if pa.types.is_dictionary(type_) else type_
    return bool(pa.types.is_binary(inner) or pa.types.is_large_binary(inner))
