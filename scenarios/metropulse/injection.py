"""Synthetic drift: relabel rows of a categorical column until one value has a wanted share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["relabel", "share_of"]


def share_of(values: NDArray[np.str_], value: str) -> float:
    """Return the share of rows that hold `value`, in [0, 1]."""
    return float(np.mean(values == value))


def relabel(values: NDArray[np.str_], value: str, share: float, rng: np.random.Generator) -> NDArray[np.str_]:
    """Return a copy in which `value` has `share` of the rows, changing as few rows as that takes.

    Below its target, the value is written over rows of other values, drawn with equal chance: the others
    shrink alike. Above its target, surplus rows of it are drawn and take the values of other rows drawn with
    replacement: the others grow alike. So the share ends at the target from either side, never more than half
    a row off. Where no other value exists there is nothing to take, and the copy is unchanged.

    Parameters
    ----------
    values
        Shape (rows,).
    share
        In [0, 1].
    rng
        Draws the rows; the same generator state relabels the same rows.
    """
    # Wide enough for `value`: NumPy would cut a longer string off without a word.
    changed = values.astype(np.result_type(values.dtype, np.array(value).dtype))
    own, others = np.flatnonzero(values == value), np.flatnonzero(values != value)
    missing = round(share * len(values)) - len(own)
    if missing > 0:
        changed[rng.choice(others, missing, replace=False)] = value
    elif missing < 0 and len(others):
        changed[rng.choice(own, -missing, replace=False)] = values[rng.choice(others, -missing)]
    return changed
