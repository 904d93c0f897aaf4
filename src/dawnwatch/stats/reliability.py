"""The reliability diagram: in bins of neighbouring scores, what they promise, what came true, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.calibration import equal_mass
from dawnwatch.stats.left_out import left_out_of

__all__ = ["SHOWN_BINS", "ReliabilityRow", "reliability"]

SHOWN_BINS = 10
"""Bins that are drawn: few enough for intervals that say something."""


@dataclass(frozen=True, slots=True)
class ReliabilityRow:
    """One bin.

    Attributes
    ----------
    predicted : mean score, in [0, 1]
    observed : share of positives, in [0, 1]
    interval : of `observed`, by leaving out one group of units at a time; None where one group holds all its rows
    rows : at least 1
    """

    predicted: float
    observed: float
    interval: tuple[float, float] | None
    rows: int


def reliability(
    labels: ArrayLike,
    scores: ArrayLike,
    group: NDArray[np.int64],
    groups: int,
    *,
    confidence: float = 0.95,
    bins: int = SHOWN_BINS,
) -> list[ReliabilityRow]:
    """Return the bins of about equal rows, by rising score; equal scores stay together, so there may be fewer.

    Parameters
    ----------
    labels : 0 or 1, shape (rows,)
    scores : chances, not NaN, shape (rows,)
    group : group of each row's unit, from 0, shape (rows,)

    Notes
    -----
    The intervals stand each on its own, cut at 0 and 1. The bins are those of all rows, and stay when a group is left
    out. Where a bin's labels are all alike its interval has no width, which says less than it seems to.

    Examples
    --------
    >>> [row.observed for row in reliability([0, 1, 1, 1], [0.2, 0.2, 0.9, 0.9], np.arange(4), 4, bins=2)]
    [0.5, 1.0]
    """
    y, s = (np.asarray(labels) == 1).astype(np.float64), np.asarray(scores, np.float64)
    if not s.size:
        return []
    _, place, rows = np.unique(s, return_inverse=True, return_counts=True)
    which = equal_mass(rows, bins)[place.reshape(-1)]
    count = int(which.max()) + 1
    flat = group * count + which
    held = np.bincount(flat, minlength=groups * count).reshape(groups, count)
    came = np.bincount(flat, weights=y, minlength=groups * count).reshape(groups, count)
    promised = np.bincount(which, weights=s, minlength=count)
    return [_row(promised[i], came[:, i], held[:, i], confidence) for i in range(count)]


def _row(promised: float, came: NDArray[Any], held: NDArray[Any], confidence: float) -> ReliabilityRow:
    total = int(held.sum())
    observed, interval = float(came.sum()) / total, None
    if (held > 0).sum() > 1:
        without = (came.sum() - came) / np.maximum(total - held, 1)
        low, high = left_out_of(observed, without, held > 0).interval(confidence)
        interval = max(low, 0.0), min(high, 1.0)
    return ReliabilityRow(float(promised) / total, observed, interval, total)
