"""Values that are those of a fixed number of rows before: a spike among all lags at which rows agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["RowLag", "row_lag"]

NEAREST = 10
"""Shorter lags are not looked at: neighbours in a log are alike for many reasons."""
NEIGHBOURS = 10
"""Lags on either side that a spike must stand above."""
PAIRWISE = 64
"""Rows of one value up to which pairs are counted one by one; of more, by a Fourier transform."""
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RowLag:
    """The lag that stands out most.

    Attributes
    ----------
    lag : rows between two that agree
    agree : share of the pairs of rows so far apart that hold one value, in [0, 1]
    beyond : by how much that is above the largest such share of the lags next to it, in [-1, 1]
    pairs : of rows so far apart, no two of one unit
    """

    lag: int
    agree: float
    beyond: float
    pairs: int


def row_lag(values: Ints, units: Ints) -> RowLag | None:
    """Return the lag at which rows of other units agree most beyond the lags next to it; None with too few rows.

    A value that is served late by a fixed number of rows agrees with the row that it belongs to at that lag and at no
    other. Seasons, sittings and frequent values raise whole ranges of lags, and a value that is the unit's own goes
    with the unit; neither is a spike. Lags go from 10 rows to half of the rows.

    Parameters
    ----------
    values, units : codes from 0 on, in the order of the log, shape (rows,)

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> values = rng.integers(0, 100, 1000)
    >>> late = np.where(rng.random(1000) < 0.5, np.roll(values, 50), values)
    >>> row_lag(late, np.arange(1000)).lag
    50
    """
    rows = values.size
    lags = np.arange(NEAREST, rows // 2)
    if lags.size <= 2 * NEIGHBOURS:
        return None
    together = _agreeing(_joint(values, units))
    alike, own = _agreeing(values), _agreeing(units)
    pairs = (rows - np.arange(rows)) - own
    share = (alike - together) / np.maximum(pairs, 1)
    beside = np.stack([share[lags + step] for step in range(-NEIGHBOURS, NEIGHBOURS + 1) if step])
    beyond = share[lags] - beside.max(axis=0)
    at = int(beyond.argmax())
    lag = int(lags[at])
    return RowLag(lag, float(share[lag]), float(beyond[at]), int(pairs[lag]))


def _joint(values: Ints, units: Ints) -> Ints:
    return np.asarray(np.unique(values * (int(units.max()) + 1) + units, return_inverse=True)[1].reshape(-1))


def _agreeing(codes: Ints) -> NDArray[np.float64]:
    """Return how many pairs of rows of one code lie each number of rows apart, shape (rows,)."""
    rows = codes.size
    found, size = np.zeros(rows), 1 << (2 * rows - 1).bit_length()
    order = np.argsort(codes, kind="stable")
    for at in np.split(order, np.flatnonzero(np.diff(codes[order])) + 1):
        if at.size > PAIRWISE:
            there = np.zeros(rows)
            there[at] = 1
            wave = np.fft.rfft(there, size)
            found += np.round(np.fft.irfft(wave * wave.conj(), size)[:rows])
        elif at.size > 1:
            first, second = np.triu_indices(at.size, 1)
            found += np.bincount(at[second] - at[first], minlength=rows)
    found[0] = 0  # a row and itself are no pair
    return found
