"""Decimals as the floating-point numbers nearest to them.

Decimals that no float holds exactly stay decimals while they are read, so that keys and units are told apart by every
digit (`dawnwatch.profiling.hashing`); as numbers they are the nearest floats.

Arrow's own cast multiplies by a power of ten, and may miss the nearest number by one in the last place: 1.10 from a
decimal column would then not equal 1.10 from a CSV file or a database, and fall into another bin.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import pyarrow as pa

__all__ = ["EXACT_DIGITS", "nearest_floats", "without_decimals"]

Rows = TypeVar("Rows", pa.RecordBatch, pa.Table)
EXACT_DIGITS = 15
"""Integers of up to this many digits, and powers of ten up to it, are floating-point numbers themselves."""


def nearest_floats(array: pa.Array) -> pa.Array:
    """Return a decimal array as float64, each value correctly rounded; nulls stay nulls.

    >>> from decimal import Decimal
    >>> nearest_floats(pa.array([Decimal("1.10"), None])).to_pylist()
    [1.1, None]
    """
    type_ = array.type
    if pa.types.is_floating(type_):
        return array
    if not 0 <= type_.scale <= EXACT_DIGITS or type_.precision > EXACT_DIGITS:
        return array.cast(pa.string()).cast(pa.float64())
    wide = array.cast(pa.decimal128(type_.precision, type_.scale))
    # Little-endian words of 64 bits; the upper one of so short a number is its sign only.
    words = np.frombuffer(wide.buffers()[1], dtype="<i8")[0::2][wide.offset : wide.offset + len(wide)]
    # A quotient of two exact numbers is rounded once, to the nearest.
    return pa.array(words / 10.0**type_.scale, mask=np.asarray(wide.is_null()))


def without_decimals(rows: Rows) -> Rows:
    """Return rows whose decimals are the nearest floats, as models and trainers take numbers."""
    for at, field in enumerate(rows.schema):
        if pa.types.is_decimal(field.type):
            column = rows.column(at)
            chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
            floats = [nearest_floats(chunk) for chunk in chunks]
            whole = pa.chunked_array(floats, pa.float64()) if isinstance(column, pa.ChunkedArray) else floats[0]
            rows = rows.set_column(at, field.name, whole)
    return rows
