"""Arrow arrays to NumPy, by one stated rule per type."""

from __future__ import annotations

from decimal import Context, Decimal
from functools import cached_property
from math import isfinite
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dawnwatch.model.measurement import Scalar
from dawnwatch.sources.decimals import EXACT_DIGITS, nearest_floats
from dawnwatch.sources.plain import family, is_string, plain_type

__all__ = [
    "Values",
    "as_text",
    "canonical",
    "empty_mask",
    "in_use",
    "null_mask",
    "numbers",
    "plain_decimal",
    "python_values",
    "rows_as_python",
    "texts",
    "type_name",
]

Codes = NDArray[np.int64]
_EXACT = Context(prec=80)
"""Arrow's decimals have up to 76 digits."""
SHOWN = 200
"""Characters of a text that an example row shows at most."""


def type_name(type_: pa.DataType) -> str:
    """Return the family of an Arrow type: integer, number, string, boolean, timestamp, null or other."""
    return family(plain_type(type_))


def null_mask(array: pa.Array) -> NDArray[np.bool_]:
    """Mask of the nulls, shape (rows,). NaN is not null."""
    if pa.types.is_dictionary(array.type) and array.dictionary.null_count:
        # A dictionary may hold a null among its values, which no null index says.
        lost = np.append(null_mask(array.dictionary), True)
        return np.asarray(lost[_codes(array)], dtype=bool)
    if array.null_count == 0:
        return np.zeros(len(array), dtype=bool)
    return np.asarray(array.is_null(nan_is_null=False).to_numpy(zero_copy_only=False), dtype=bool)


def empty_mask(array: pa.Array) -> NDArray[np.bool_]:
    """Mask of the empty strings of a string array, coded or not, shape (rows,). Null is not empty."""
    if pa.types.is_dictionary(array.type):
        return np.asarray(np.append(empty_mask(array.dictionary), False)[_codes(array)], dtype=bool)
    empty = pc.equal(pc.binary_length(array), 0).fill_null(False)
    return np.asarray(empty.to_numpy(zero_copy_only=False), dtype=bool)


def in_use(array: pa.DictionaryArray) -> tuple[Codes, pa.Array]:
    """Return codes, -1 for null, and the values they stand for: of the dictionary only what the rows use.

    Batches cut from one Parquet row group share its whole dictionary, which may be longer than the batch.
    """
    codes = _codes(array)
    used = np.zeros(len(array.dictionary) + 1, dtype=bool)
    used[codes] = True
    used = used[:-1]
    if used.all():
        return codes, array.dictionary
    moved = np.append(np.cumsum(used) - 1, -1)
    return moved[codes], array.dictionary.take(pa.array(np.flatnonzero(used)))


def _codes(array: pa.DictionaryArray) -> Codes:
    """Return the codes, -1 for null, whatever integers they are stored as: some have no -1."""
    return np.asarray(array.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False))


def numbers(array: pa.Array) -> NDArray[np.float64]:
    """Return an integer, number, boolean or timestamp array as float64, nulls as NaN.

    All numbers are compared as float64, so a float32 column meets float64 bin edges by its exact value, and
    integers beyond 2**53 are rounded. Timestamps become seconds since 1970 UTC.
    """
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if type_name(array.type) == "timestamp":
        micros = array.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
        return numbers(micros) / 1e6
    array = nearest_floats(array) if pa.types.is_decimal(array.type) else array.cast(pa.float64(), safe=False)
    return np.asarray(array.to_numpy(zero_copy_only=False), dtype=np.float64)


def python_values(array: pa.Array) -> list[Any]:
    """Return the values as Python objects; what Python cannot hold, such as the year 50000, as text."""
    try:
        return list(array.to_pylist())
    except (ArithmeticError, ValueError):
        return [_python_value(scalar) for scalar in array]


def _python_value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except (ArithmeticError, ValueError):
        try:
            return scalar.cast(pa.string()).as_py()
        except pa.ArrowException:
            return repr(scalar)


def rows_as_python(batch: pa.RecordBatch) -> list[dict[str, Scalar]]:
    """Return rows as JSON can carry them: NaN, infinities, times and nested values as text, long texts cut."""
    columns = [[_plain(value) for value in python_values(column)] for column in batch.columns]
    return [dict(zip(batch.schema.names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(value: Any) -> Scalar:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal):
        plain = plain_decimal(value)
        if not isinstance(plain, Decimal):
            return plain
    if isinstance(value, float) and isfinite(value):
        return value
    text = str(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def as_text(array: pa.Array) -> pa.Array:
    """Return any array as strings: what Arrow can cast by its cast, the rest as Python writes it."""
    try:
        return array.cast(pa.large_string())
    except pa.ArrowException:  # bytes that are no UTF-8, and nested values
        values = [None if value is None else repr(value) for value in python_values(array)]
        return pa.array(values, pa.large_string())


def plain_decimal(value: Decimal) -> int | float | Decimal:
    """Return a decimal as the integer or float that holds it: itself where it has a fraction of over 15 digits."""
    if value == value.to_integral_value():
        return int(value)
    return float(value) if len(value.normalize(_EXACT).as_tuple().digits) <= EXACT_DIGITS else value


def canonical(value: object) -> str:
    """Return the text two equal values share whatever their type: 1, 1.0 and True are "1"."""
    if isinstance(value, Decimal):
        value = plain_decimal(value)
        if isinstance(value, Decimal):
            return format(value.normalize(_EXACT), "f")
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def texts(array: pa.Array) -> tuple[NDArray[np.int64], list[str]]:
    """Return codes and the texts they stand for; -1 for null and NaN. Integral numbers lose their ".0"."""
    if not pa.types.is_dictionary(array.type):
        array = pc.dictionary_encode(as_text(array) if type_name(array.type) == "other" else array)
    codes, distinct = in_use(array)
    found = python_values(distinct)
    if distinct.type in {pa.float16(), pa.float32()}:
        # The shortest text that gives the value back, so that 0.1 is "0.1" in every width.
        found = [None if value is None else float(str(np.float32(value))) for value in found]
    values = found if is_string(distinct.type) else [_text(value) for value in found]
    if None in values:
        lost = np.array([value is None for value in values] + [True])
        codes = np.where(lost[codes], -1, codes)
    return codes, [value or "" for value in values]


class Values:
    """One column of a batch, read as numbers or as texts when asked, and once however often."""

    def __init__(self, array: pa.Array) -> None:
        self.array = array
        self.type = type_name(array.type)

    @cached_property
    def numbers(self) -> NDArray[np.float64]:
        """See `numbers`; all NaN where no row has a value."""
        return np.full(len(self.array), np.nan) if self.type == "null" else numbers(self.array)

    @cached_property
    def texts(self) -> tuple[Codes, list[str]]:
        """See `texts`."""
        return texts(self.array)


def _text(value: object) -> str | None:
    if value is None or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return canonical(value)
