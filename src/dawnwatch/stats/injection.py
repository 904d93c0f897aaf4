"""Incidents of a known size, put into counts: values that move to another, and scores that say less of the label.

Each takes counts through growing doses, and a row once touched stays touched: the same window under more and more of
the same incident, so that where it is first found is read off without the noise of another draw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.auc import auc_from_counts
from dawnwatch.stats.divergence import psi

__all__ = ["blur_for", "blurred", "move_for", "moved", "moves_for"]

Ints = NDArray[np.int64]
STEPS = 60


def move_for(shares: ArrayLike, target: int, size: float) -> float | None:
    """Return which share of all rows must take the value `target` for a PSI of this size; None where none does.

    Parameters
    ----------
    shares : shape (bins,), counts or shares before
    """
    before = np.asarray(shares, dtype=np.float64)
    before = before / before.sum()
    there = np.eye(before.size)[target]
    # Where all rows moved, the bins left behind would be empty, and their shares no longer those of the PSI's formula.
    return _solved(lambda dose: psi(before, (1 - dose) * before + dose * there), size, 1 - 1e-6)


def moves_for(shares: ArrayLike, target: int, sizes: Sequence[float]) -> list[float]:
    """Return what `move_for` does of growing sizes, all solved at once, up to the first that no dose makes.

    Parameters
    ----------
    shares : shape (bins,), counts or shares before; that of `target` above 0
    """
    rows = np.asarray(shares, dtype=np.float64)
    there, before = np.eye(rows.size)[target][rows > 0], rows[rows > 0] / rows.sum()
    wanted = np.asarray(sizes, dtype=np.float64)

    def size_of(doses: NDArray[np.float64]) -> NDArray[np.float64]:
        after = (1 - doses)[:, None] * before + doses[:, None] * there
        return np.asarray(((after - before) * np.log(after / before)).sum(axis=1))

    low, high = np.zeros(wanted.size), np.full(wanted.size, 1 - 1e-6)
    reached = size_of(high) >= wanted
    for _ in range(STEPS):
        middle = (low + high) / 2
        less = size_of(middle) < wanted
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    return high[: int(np.logical_and.accumulate(reached).sum())].tolist()  # type: ignore[no-any-return]


def moved(counts: Ints, target: int, doses: Sequence[float], rng: np.random.Generator) -> Iterator[Ints]:
    """Yield the counts after each dose: rows drawn at random, whatever their unit, have the value `target`.

    Parameters
    ----------
    counts : shape (bins, ...)
    doses : shares of the rows, growing
    """
    left, before = counts.astype(np.int64), 0.0
    gone = np.zeros(counts.shape[1:], np.int64)
    for dose in doses:
        taken = rng.binomial(left, (dose - before) / (1 - before))
        left, before = left - taken, dose
        gone = gone + taken.sum(axis=0)
        after = left.copy()
        after[target] += gone
        yield after


def blur_for(table: ArrayLike, size: float) -> float | None:
    """Return which share of the rows must lose their score for the AUC to fall by `size`; None where none does.

    Parameters
    ----------
    table : shape (2, scores), rows of each class at each score, scores increasing
    """
    found = auc_from_counts(*np.asarray(table))
    if found is None:
        return None
    start = found.value
    counts = np.asarray(table, dtype=np.float64)
    of_all = counts.sum(axis=0) / counts.sum()
    shares = counts / counts.sum(axis=1, keepdims=True)

    def fall(dose: float) -> float:
        negatives, positives = (1 - dose) * shares + dose * of_all
        below = np.cumsum(negatives) - negatives / 2
        return start - float(positives @ below)

    return _solved(fall, size, 1.0)


def blurred(counts: Ints, doses: Sequence[float], rng: np.random.Generator) -> Iterator[Ints]:
    """Yield the counts after each dose: rows drawn at random have the score of another row, whatever its label.

    Parameters
    ----------
    counts : shape (groups, classes, scores)
    doses : shares of the rows, growing
    """
    left, before = counts.astype(np.int64), 0.0
    lost = np.zeros_like(left)
    # Most cells are empty, and those that are not hold few rows.
    filled = np.flatnonzero(left)
    up_to = np.cumsum(counts.sum(axis=(0, 1)))
    for dose in doses:
        share = min((dose - before) / (1 - before), 1.0) if before < 1 else 0.0
        taken = np.zeros_like(left)
        taken.flat[filled] = rng.binomial(left.flat[filled], share)
        left, before = left - taken, dose
        rows = taken.sum(axis=2).ravel()
        scores = np.searchsorted(up_to, rng.integers(up_to[-1], size=int(rows.sum())), side="right")
        places = np.repeat(np.arange(rows.size), rows) * up_to.size + scores
        lost = lost + np.bincount(places, minlength=lost.size).reshape(lost.shape)
        yield left + lost


def _solved(size_of: Callable[[float], float], size: float, most: float) -> float | None:
    """Return the dose with this size, by bisection of a size that grows with the dose."""
    if size_of(most) < size:
        return None
    low, high = 0.0, most
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if size_of(middle) < size else (low, middle)
    return high
