"""Which type a column of delimited text has, found over all its values a block at a time.

Arrow reads a column as the first type of a fixed list that all its values fit. So it is enough to keep, for each
column, which types have fitted every value so far: what is found does not depend on where blocks begin and end,
and is what Arrow finds in the file as a whole. dawnwatch adds one rule: where all values but null words (and quoted
empty fields) are numbers, booleans or times, the words are nulls.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["CATEGORIES", "NULL_WORDS", "WORDED_TYPES", "TextColumn", "cast_without_words", "without_words"]

NULL_WORDS = ("NA", "N/A", "#N/A", "null", "NULL", "None")
"""Words that stand for null among numbers, and for themselves in text."""
CATEGORIES = 10_000
"""A column of text with more distinct values than this in a block is not dictionary-encoded."""
TIME_OF_DAY = r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"
BOOLEANS = pa.array(["0", "1", "false", "False", "FALSE", "true", "True", "TRUE"])

PLAIN_TYPES = (
    pa.int64(),
    pa.bool_(),
    pa.date32(),
    pa.time32("s"),
    pa.timestamp("s"),
    pa.timestamp("ns"),
    pa.timestamp("s", "UTC"),
    pa.timestamp("ns", "UTC"),
    pa.float64(),
)
"""In the order in which Arrow tries them on a file."""
WORDED_TYPES = (pa.int64(), pa.float64(), pa.bool_(), pa.timestamp("us"), pa.timestamp("us", "UTC"))
"""What a column with null words may be, in the order in which they are tried."""

IMPLIED = {
    pa.int64(): pa.int64(),
    pa.float64(): pa.float64(),
    pa.bool_(): pa.bool_(),
    pa.date32(): pa.timestamp("us"),
    pa.timestamp("s"): pa.timestamp("us"),
    pa.timestamp("s", "UTC"): pa.timestamp("us", "UTC"),
}
"""Which of the latter values of the former are for certain, so that they need not be tried."""


class TextColumn:
    """What is known of one column after some blocks."""

    def __init__(self) -> None:
        self._plain = list(PLAIN_TYPES)
        self._worded = list(WORDED_TYPES)
        self._has_words = False
        self._has_values = False
        self._coded = True

    def add(self, values: pa.Array) -> None:
        """Take in the strings of one block; nulls are unquoted empty fields."""
        if self._plain or self._worded:
            self._narrow(values)
        if not self._plain and not self._worded and self._coded:
            self._coded = pc.count_distinct(values, mode="only_valid").as_py() <= CATEGORIES

    def _narrow(self, values: pa.Array) -> None:
        left = without_words(values)
        if left.null_count > values.null_count:
            self._has_words = True
            self._plain = []
        if left.null_count == len(left):
            return
        self._has_values = True
        self._plain = [type_ for type_ in self._plain if _fits(left, type_)]
        implied = {IMPLIED.get(type_) for type_ in self._plain}
        self._worded = [
            type_ for type_ in self._worded if type_ in implied or _casts(left, type_, pc.utf8_trim_whitespace)
        ]

    @property
    def type(self) -> pa.DataType:
        """Its type: null where it has no value at all, a dictionary for text that repeats."""
        if not self._has_values and not self._has_words:
            return pa.null()
        if self._plain:
            return self._plain[0]
        if self.worded:
            return self._worded[0]
        return pa.dictionary(pa.int32(), pa.string()) if self._coded else pa.string()

    @property
    def worded(self) -> bool:
        """Whether it must be read as text and then cast, because null words stand among its values."""
        return self._has_words and self._has_values and bool(self._worded)


def without_words(values: pa.Array) -> pa.Array:
    """Return strings with null in place of the null words and of the empty string."""
    words = pa.array([*NULL_WORDS, ""])
    return pc.if_else(pc.is_in(values, value_set=words), pa.scalar(None, pa.string()), values)


def cast_without_words(values: pa.Array, type_: pa.DataType) -> pa.Array:
    """Return strings as values of one of `WORDED_TYPES`, null words as nulls.

    Raises
    ------
    pyarrow.ArrowInvalid
        Where a value is none.
    """
    return pc.utf8_trim_whitespace(without_words(values)).cast(type_)


def _fits(values: pa.Array, type_: pa.DataType) -> bool:
    """Whether Arrow's CSV reader takes all values as a type."""
    if pa.types.is_boolean(type_):
        return bool(pc.all(pc.is_in(values.drop_null(), value_set=BOOLEANS)).as_py())
    if pa.types.is_time(type_):  # which Arrow does not cast from text
        return bool(pc.all(pc.match_substring_regex(pc.ascii_trim(values, " \t"), TIME_OF_DAY)).as_py())
    return _casts(values, type_, None if pa.types.is_timestamp(type_) else partial(pc.ascii_trim, characters=" \t"))


def _casts(values: pa.Array, type_: pa.DataType, trim: Callable[[pa.Array], pa.Array] | None) -> bool:
    try:
        values.cast(type_)  # most text has no space to trim
    except pa.ArrowInvalid:
        return trim is not None and _casts(trim(values), type_, None)
    return True
