"""Precision, recall, F1 and the cost of wrong answers at a threshold, with what each is without a group of units."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.left_out import LeftOut, left_out_of
from dawnwatch.stats.replicates import without_each

__all__ = ["Answers", "answers_of_groups", "change"]

Floats = NDArray[np.float64]


class Answers(NamedTuple):
    """What the answers at a threshold are worth; None where too few rows say.

    precision : share of positives among the rows answered with yes, in [0, 1]
    recall : share of the positives that are answered with yes, in [0, 1]
    f1 : harmonic mean of both, in [0, 1]
    cost : of wrong answers, per row; None, too, where no costs are given. Lower is better.
    said_yes : share of rows answered with yes
    """

    precision: LeftOut | None
    recall: LeftOut | None
    f1: LeftOut | None
    cost: LeftOut | None
    said_yes: float


def answers_of_groups(
    table: ArrayLike, first: int, *, false_positive: float | None = None, false_negative: float | None = None
) -> Answers:
    """Return what the answers are worth where all scores from one score bin on are answered with yes.

    Parameters
    ----------
    table : rows per group of units, label (negative, positive) and score bin, shape (groups, 2, score bins)
    first : the first score bin that is answered with yes
    false_positive, false_negative : what an answer of yes to a negative, and of no to a positive, costs

    Notes
    -----
    Ratios of sums over groups, each with the delete-a-group jackknife. A measure that has no denominator, or would have
    none without one of the groups, is None: its jackknife would not be regular.
    """
    counts = np.asarray(table, np.float64)
    filled = counts.sum(axis=(1, 2)) > 0
    yes, no = counts[:, :, first:].sum(axis=2), counts[:, :, :first].sum(axis=2)
    fp, tp, tn, fn = (without_each(part) for part in (yes[:, 0], yes[:, 1], no[:, 0], no[:, 1]))
    rows = fp + tp + tn + fn
    costs = None
    if false_positive is not None and false_negative is not None:
        costs = _ratio(false_positive * fp + false_negative * fn, rows, filled)
    return Answers(
        _ratio(tp, tp + fp, filled),
        _ratio(tp, tp + fn, filled),
        _ratio(2 * tp, 2 * tp + fp + fn, filled),
        costs,
        float((fp + tp)[0] / rows[0]) if rows[0] else 0.0,
    )


def change(now: LeftOut, before: LeftOut) -> LeftOut:
    """Return how much a measure moved between two windows, the same group being left out of both at once.

    Groups with rows in either window count; a window stays as it is without a group that it holds no row of.
    """
    apart = [np.where(np.isnan(one.left_out), one.value, one.left_out) for one in (now, before)]
    filled = ~(np.isnan(now.left_out) & np.isnan(before.left_out))
    return left_out_of(now.value - before.value, apart[0] - apart[1], filled)


def _ratio(above: Floats, below: Floats, filled: NDArray[np.bool_]) -> LeftOut | None:
    """Return a ratio from its parts over all groups, then without each of them; shape (1 + groups,) each.

    Without a group that has no rows it is NaN.
    """
    # A rounding error away from nothing is nothing.
    if filled.sum() < 2 or (below[1:][filled] < 0.5).any() or below[0] < 0.5:
        return None
    left = np.where(filled, above[1:] / np.maximum(below[1:], 0.5), np.nan)
    return left_out_of(float(above[0] / below[0]), left, filled)
