"""Decimals as the floating-point numbers nearest to them.

Arrow's own cast multiplies by a power of ten, and may miss the nearest number by one in the last place: 1.10 from a
decimal column would then not equal 1.10 from a CSV file or a database, and fall into another bin.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

__all__ = ["nearest_floats"]

EXACT_DIGITS = 15
"""Integers of up to this many digits, and powers of ten up to it, are floating-point numbers themselves."""


def nearest_floats(array: pa.Array) -> pa.Array:
    """Return a decimal array as float64, each value correctly rounded; nulls stay nulls.

    >>> from decimal import Decimal
    >>> nearest_floats(pa.array([Decimal("1.10"), None])).to_pylist()
    [1.1, None]
    """
    type_ = array.type
    if not 0 <= type_.scale <= EXACT_DIGITS or type_.precision > EXACT_DIGITS:
        return array.cast(pa.string()).cast(pa.float64())
    wide = array.cast(pa.decimal128(type_.precision, type_.scale))
    # Little-endian words of 64 bits; the upper one of so short a number is its sign only.
    words = np.frombuffer(wide.buffers()[1], dtype="<i8")[0::2][wide.offset : wide.offset + len(wide)]
    # A quotient of two exact numbers is rounded once, to the nearest.
    return pa.array(words / 10.0**type_.scale, mask=np.asarray(wide.is_null()))
