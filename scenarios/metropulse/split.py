"""Which rows are the reference, the training rows, the holdout and the current window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["by_time", "holdout_by_unit", "holdout_random"]


def by_time(timestamp: NDArray[np.int64], share: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Split rows into the older `share` and the newer rest, both in order of time.

    Rows of the same second keep their order, so that the same log always splits alike.

    Returns
    -------
    (older, newer)
        Row numbers; `older` holds round(share · rows) of them.
    """
    order = np.argsort(timestamp, kind="stable")
    cut = round(share * len(order))
    return order[:cut], order[cut:]


def holdout_random(label: NDArray[np.int64], share: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Draw rows for the holdout at random, stratified by label.

    Riders are in both parts, so this flatters a model that will meet new ones.

    Returns
    -------
    ndarray of bool, shape (rows,)
        True for round(share · rows) of each class.
    """
    held = np.zeros(len(label), dtype=bool)
    for one in np.unique(label):
        rows = np.flatnonzero(label == one)
        held[rng.permutation(rows)[: round(share * len(rows))]] = True
    return held


def holdout_by_unit(unit: NDArray[np.int64], share: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Draw whole riders for the holdout, until their rows come nearest to `share` of all.

    Returns
    -------
    ndarray of bool, shape (rows,)
        True for every row of the drawn riders; at least one rider is on either side where there are two.
    """
    units, position, rows = np.unique(unit, return_inverse=True, return_counts=True)
    drawn = rng.permutation(len(units))
    held_rows = np.cumsum(rows[drawn])
    count = int(np.argmin(np.abs(held_rows - share * len(unit)))) + 1
    count = min(count, max(len(units) - 1, 1))
    chosen = np.zeros(len(units), dtype=bool)
    chosen[drawn[:count]] = True
    held: NDArray[np.bool_] = chosen[position]
    return held
