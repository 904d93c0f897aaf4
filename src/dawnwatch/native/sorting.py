"""Numbers in increasing order, by radix where that was compiled.

NumPy's sort for AVX-512 takes 40 ns a number on some processors (AMD Zen 4), several times as long as this one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dawnwatch.native import load_native

__all__ = ["ascending"]

Floats = NDArray[np.float64]


def ascending(values: Floats) -> Floats:
    """Return the numbers sorted, as `numpy.sort` does, in an array of their own; a zero's sign may be lost.

    Parameters
    ----------
    values : shape (rows,), none NaN
    """
    native = load_native()
    if native is None:
        return np.sort(values)
    found = np.array(values, dtype=np.float64, order="C")
    native.sort(found)
    return found
