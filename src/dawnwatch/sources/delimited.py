"""CSV, TSV and their kin: a column's type is that of all its values.

A file of up to `WHOLE` bytes is read whole; a longer one twice, a block at a time, first for its types (see
`text_types`), so that memory does not grow with it.

What a field means:

- an unquoted empty field is null; a quoted one (`""`) is the empty string
- NaN, inf and -inf are what they say in a numeric column
- NA, N/A, #N/A, null, NULL and None are text in a column of text (NA is Namibia); where all other values of
  the column are numbers, booleans or times, they are nulls, and so is a quoted empty field

A byte order mark and any line ending are fine. Where the ending's own separator is not in the first line, but
a semicolon, a tab or a bar is, that one separates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from dawnwatch.errors import DataError
from dawnwatch.sources.base import Source, StreamSource, TableSource
from dawnwatch.sources.delimited_faults import explain, first_line, header_names, without_values
from dawnwatch.sources.formats import unpacked_ending
from dawnwatch.sources.plain import is_text, plain_schema
from dawnwatch.sources.storage import DataFile, open_text, reason, unpacked_beyond
from dawnwatch.sources.text_types import (
    CATEGORIES,
    NULL_WORDS,
    WORDED_TYPES,
    TextColumn,
    cast_without_words,
    without_words,
)

__all__ = ["open_delimited"]

WHOLE = 64 << 20
"""Bytes, unpacked, up to which a file is read whole."""
BLOCK = 1 << 20
"""Bytes that Arrow parses at a time; no row may be longer."""
ORDER = {".tsv": "\t,;|", ".tab": "\t,;|"}
EXPECTED = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "string": pa.string(),
    "boolean": pa.bool_(),
    "timestamp": pa.timestamp("us"),
}
"""What a column without any value is taken for, by its expected type."""


def open_delimited(file: DataFile, *, name: str, shown: str, types: Mapping[str, str] | None = None) -> Source:
    """Open a file of delimited text.

    Parameters
    ----------
    name : the source's name
    shown : how messages begin
    types : expected types (as in `[columns.*] type`) of columns, since text says none: "string" keeps a
        column of digits text, and a column without any value takes the type it is expected to have

    Raises
    ------
    DataError
        In one line, with the line number where it is known; never with a value of the file.
    """
    try:
        long = unpacked_beyond(file, WHOLE)
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{shown}: cannot be read: {reason(error)}") from None
    separator = _separator(file, shown)
    text = _Text(file, shown, separator, header_names(file, separator, shown=shown), types or {})
    if not long:
        return TableSource(text.whole(), name=name, shown=shown)
    found, rows = text.survey()
    schema = plain_schema(pa.schema([(column, type_) for column, (type_, _) in found.items()]))
    return StreamSource(name, shown, schema, lambda names: text.stream(found, names), rows)


@dataclass(frozen=True)
class _Text:
    """A file of delimited text whose separator and header are known."""

    file: DataFile
    shown: str
    separator: str
    names: list[str]
    types: Mapping[str, str]

    def whole(self) -> pa.Table:
        import pyarrow.csv as csv

        text = {name: pa.string() for name in self.names if self.types.get(name) == "string"}
        try:
            with open_text(self.file) as stream:
                table = csv.read_csv(
                    stream,
                    read_options=csv.ReadOptions(block_size=BLOCK),
                    parse_options=self._parsing(),
                    convert_options=csv.ConvertOptions(
                        **_NULLS, auto_dict_encode=True, auto_dict_max_cardinality=CATEGORIES, column_types=text
                    ),
                )
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise self._fault(error) from None
        if any(_is_bytes(field.type) for field in table.schema):
            raise self._fault(None)
        self._refuse_empty(table.num_rows)
        found = table.column_names
        columns = [_typed(table.column(i), self.types.get(name)) for i, name in enumerate(found)]
        return pa.table(columns, names=found)

    def survey(self) -> tuple[dict[str, tuple[pa.DataType, bool]], int]:
        """Return each column's type, and whether it is to be cast from text, and the number of rows."""
        seen = {name: TextColumn() for name in self.names}
        rows = 0
        try:
            with ThreadPoolExecutor(pa.cpu_count()) as pool:
                for batch in self._read(dict.fromkeys(self.names, pa.string()), self.names):
                    rows += batch.num_rows
                    list(pool.map(TextColumn.add, seen.values(), batch.columns))
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise self._fault(error) from None
        self._refuse_empty(rows)
        found = {}
        for name, column in seen.items():
            expected = self.types.get(name)
            if column.type == pa.null():
                found[name] = EXPECTED.get(expected or "", pa.null()), False
            elif expected == "string":
                found[name] = pa.string(), False
            else:
                found[name] = column.type, column.worded
        return found, rows

    def stream(self, found: Mapping[str, tuple[pa.DataType, bool]], names: list[str]) -> Iterator[pa.RecordBatch]:
        """Read these columns as the types that were found."""
        chosen = names or self.names[:1]  # the number of rows is asked for all the same
        worded = {name: found[name][0] for name in chosen if found[name][1]}
        types = {name: pa.string() if name in worded else found[name][0] for name in chosen}
        try:
            for batch in self._read(types, chosen):
                arrays = [
                    cast_without_words(batch.column(name), worded[name]) if name in worded else batch.column(name)
                    for name in chosen
                ]
                yield pa.RecordBatch.from_arrays(arrays, names=chosen)
        except pa.ArrowException:  # whose message may quote a value
            fault = explain(self.file, self.separator) or "a value is of another type than before"
            raise DataError(f"{self.shown}: changed while it was read: {fault}; read it again") from None

    def _read(self, types: Mapping[str, pa.DataType], names: list[str]) -> Iterator[pa.RecordBatch]:
        import pyarrow.csv as csv

        with open_text(self.file) as stream:
            yield from csv.open_csv(
                stream,
                read_options=csv.ReadOptions(block_size=BLOCK),
                parse_options=self._parsing(),
                convert_options=csv.ConvertOptions(**_NULLS, column_types=types, include_columns=names),
            )

    def _parsing(self) -> object:
        import pyarrow.csv as csv

        return csv.ParseOptions(delimiter=self.separator, newlines_in_values=True)

    def _fault(self, error: Exception | None) -> DataError:
        found = explain(self.file, self.separator)
        if found is None and "straddl" in str(error):
            found = f"a row is longer than {BLOCK >> 20} MiB; check for a quote that is never closed"
        if found is None:
            found = "not UTF-8 text; save it as UTF-8" if error is None else f"{without_values(error)}; check the file"
        return DataError(f"{self.shown}: {found}")

    def _refuse_empty(self, rows: int) -> None:
        if rows == 0:
            raise DataError(f"{self.shown}: a header but no rows; check the query or the export")


_NULLS = {"null_values": [""], "strings_can_be_null": True, "quoted_strings_can_be_null": False}


def _separator(file: DataFile, shown: str) -> str:
    line = first_line(file, shown=shown)
    order = ORDER.get(unpacked_ending(file.path.name), ",\t;|")
    return next((mark for mark in order if mark in line), order[0])


def _typed(column: pa.ChunkedArray, expected: str | None) -> pa.ChunkedArray:
    """Give a column without values its expected type, and a column of numbers and null words its numbers."""
    if pa.types.is_null(column.type):
        return column.cast(EXPECTED.get(expected or "", pa.null()))
    if not is_text(column.type) or expected == "string":
        return column
    coded = column.unify_dictionaries() if pa.types.is_dictionary(column.type) else column
    distinct = coded.chunk(0).dictionary if pa.types.is_dictionary(column.type) else pc.unique(coded)
    if not pc.any(pc.is_in(distinct, value_set=pa.array([*NULL_WORDS, ""]))).as_py():
        return column
    values = coded.cast(pa.string()) if pa.types.is_dictionary(column.type) else coded
    left = without_words(values)
    if left.null_count == len(left):
        return column
    for type_ in WORDED_TYPES:
        try:
            return cast_without_words(left, type_)
        except pa.ArrowInvalid:
            continue
    return column


def _is_bytes(type_: pa.DataType) -> bool:
    inner = type_.value_type if pa.types.is_dictionary(type_) else type_
    return bool(pa.types.is_binary(inner) or pa.types.is_large_binary(inner))
