"""Arrow arrays to NumPy, by one stated rule per type."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

__all__ = ["canonical", "null_mask", "numbers", "texts", "type_name"]


def type_name(type_: pa.DataType) -> str:
    """Return the family of an Arrow type: integer, number, string, boolean, timestamp, null or other."""
    if pa.types.is_dictionary(type_):
        return type_name(type_.value_type)
    if pa.types.is_integer(type_):
        return "integer"
    if pa.types.is_floating(type_) or pa.types.is_decimal(type_):
        return "number"
    if pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_):
        return "string"
    if pa.types.is_boolean(type_):
        return "boolean"
    if pa.types.is_timestamp(type_) or pa.types.is_date(type_):
        return "timestamp"
    return "null" if pa.types.is_null(type_) else "other"


def null_mask(array: pa.Array) -> NDArray[np.bool_]:
    """Mask of the nulls, shape (rows,). NaN is not null."""
    if array.null_count == 0:
        return np.zeros(len(array), dtype=bool)
    return np.asarray(array.is_null(nan_is_null=False).to_numpy(zero_copy_only=False), dtype=bool)


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
    array = array.cast(pa.float64(), safe=False)
    return np.asarray(array.to_numpy(zero_copy_only=False), dtype=np.float64)


def canonical(value: object) -> str:
    """Return the text two equal values share whatever their type: 1, 1.0 and True are "1"."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def texts(array: pa.Array) -> tuple[NDArray[np.int64], list[str]]:
    """Return codes and the texts they stand for; -1 for null and NaN. Integral numbers lose their ".0"."""
    if not pa.types.is_dictionary(array.type):
        array = pc.dictionary_encode(array)
    values = [_text(value) for value in array.dictionary.to_pylist()]
    codes = array.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    lost = np.array([value is None for value in values] + [True])
    codes = np.where(lost[codes], -1, codes)
    return codes, [value or "" for value in values]


def _text(value: object) -> str | None:
    if value is None or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return canonical(value)
