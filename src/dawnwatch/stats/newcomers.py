"""Whether units that had not been there keep coming, or the population is nearly used up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["keep_coming"]

ENOUGH = 50
"""Units from which on the two halves of a time tell it."""
AS_MANY = 0.9
"""Units that the second half brings for each that the first did, from which on they are as many."""


def keep_coming(units: NDArray[np.uint64], seconds: NDArray[np.float64], begins: float, ends: float) -> bool:
    """Return whether as many units have their first row in the second half of a time as in the first.

    Of a closed population most that ever come have come within the first half; how many more there are nobody knows.

    Parameters
    ----------
    units : each row's unit, shape (rows,)
    seconds : each row's time, shape (rows,)
    begins, ends : of the whole time, in the same seconds
    """
    found, of = np.unique(units, return_inverse=True)
    first = np.full(found.size, np.inf)
    np.minimum.at(first, of.reshape(-1), seconds)
    early = int((first <= (begins + ends) / 2).sum())
    return found.size >= ENOUGH and found.size - early >= AS_MANY * early
