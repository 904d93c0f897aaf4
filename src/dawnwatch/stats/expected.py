"""What a metric is expected to be before the labels arrive, from the scores and how often each came true before.

Confidence-based performance estimation (CBPE): each row counts as a positive with the chance that its score had in the
reference window, and as a negative with the rest. That holds while the chance of a positive given the score is what it
was: a changed world (concept shift) is invisible to it, which is why an estimate stands beside the realised metric and
never in its place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import isotonic_regression

from dawnwatch.stats.distributions import t_above, t_quantile

__all__ = [
    "Expected",
    "Rates",
    "calibrated",
    "expected_auc",
    "expected_auc_of_groups",
    "expected_rates",
    "gap",
    "scattered",
]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Expected:
    """A number that is estimated, or its distance from the realised one, with its variance between groups of units.

    Attributes
    ----------
    value : in the metric's unit
    variance : the delete-a-group jackknife's
    groups : groups of units with rows
    left_out : the value without each group in turn, shape (groups,)
    """

    value: float
    variance: float
    groups: int
    left_out: Floats = field(repr=False, compare=False)

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Two-sided Student's interval with groups - 1 degrees of freedom."""
        half = t_quantile(confidence, max(self.groups - 1, 1)) * sqrt(self.variance)
        return self.value - half, self.value + half

    @property
    def p_value(self) -> float:
        """Of "this is zero", two-sided."""
        if self.variance <= 0:
            return 0.0 if self.value else 1.0
        return min(1.0, 2 * t_above(abs(self.value) / sqrt(self.variance), max(self.groups - 1, 1)))


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates at a threshold, each in [0, 1]; None where its denominator is empty."""

    accuracy: float | None
    precision: float | None
    recall: float | None
    f1: float | None


def calibrated(negatives: ArrayLike, positives: ArrayLike) -> Floats:
    """Return how often each score came true: the isotonic fit of the share of positives per score bin.

    Parameters
    ----------
    negatives, positives : shape (score bins,)
        Rows of each class, score bins increasing; weights other than whole numbers will do.

    Returns
    -------
    Chances in [0, 1], never falling, shape (score bins,). A bin without rows has that of the bin below, the first ones
    that of the first with rows; 0.5 everywhere where there are no rows at all.

    References
    ----------
    Zadrozny and Elkan, KDD 2002, 694-699.
    """
    neg, pos = np.asarray(negatives, np.float64), np.asarray(positives, np.float64)
    rows = neg + pos
    held = np.flatnonzero(rows > 0)
    if held.size == 0:
        return np.full(rows.shape, 0.5)
    fitted = isotonic_regression(pos[held] / rows[held], weights=rows[held]).x
    behind = np.searchsorted(held, np.arange(rows.size), side="right") - 1
    return np.asarray(np.clip(fitted[np.maximum(behind, 0)], 0.0, 1.0))


def expected_auc(rows: ArrayLike, chance: ArrayLike) -> float | None:
    """Return the AUC that rows with these chances of being positive are expected to have.

    Parameters
    ----------
    rows : rows per score bin, score bins increasing, shape (score bins,)
    chance : of a positive in each, shape (score bins,)

    Returns
    -------
    In [0, 1]; None where one class is expected to be empty. Pairs that share a score bin count one half.

    Notes
    -----
    The ratio of expected ordered pairs to expected pairs. With n rows it differs from the expected ratio by O(1/n).

    References
    ----------
    Białek, Kuberski, Perrakis and Bifet, arXiv 2401.08348 (2024).
    """
    counts, share = np.asarray(rows, np.float64), np.asarray(chance, np.float64)
    pos, neg = counts * share, counts * (1 - share)
    pairs = float(pos.sum() * neg.sum())
    if pairs <= 0:
        return None
    below = np.cumsum(neg) - neg / 2
    return float(pos @ below) / pairs


def expected_rates(rows: ArrayLike, chance: ArrayLike, first: int) -> Rates:
    """Return the rates expected where rows from score bin `first` on are called positive.

    Parameters
    ----------
    rows, chance : as in `expected_auc`
    """
    counts, share = np.asarray(rows, np.float64), np.asarray(chance, np.float64)
    hits, called = float(counts[first:] @ share[first:]), float(counts[first:].sum())
    positives, every = float(counts @ share), float(counts.sum())
    right = hits + float(counts[:first] @ (1 - share[:first]))
    return Rates(
        accuracy=right / every if every else None,
        precision=hits / called if called else None,
        recall=hits / positives if positives else None,
        f1=2 * hits / (called + positives) if called + positives else None,
    )


def expected_auc_of_groups(reference: ArrayLike, current: ArrayLike) -> Expected | None:
    """Return the AUC expected of the current window, with an interval that knows which rows belong together.

    Parameters
    ----------
    reference : rows per group of units, label (negative, positive) and score bin, shape (groups, 2, score bins)
    current : rows per group of units and score bin, whatever their labels, shape (groups, score bins)

    Returns
    -------
    None where a class is expected to be empty, or would be without one of the groups.

    Notes
    -----
    The reference window's realised AUC, and the change that the scores lead one to expect: a fit of the calibration
    follows the noise of the rows it was made on, and expects too high an AUC of them and of others alike (by 0.01 with
    1,200 rows), which the difference takes out.

    A group is left out of both windows at once, the calibration being fitted anew without it: the interval holds what
    is not known of the calibration, and of which units came.
    """
    before, now = np.asarray(reference, np.float64), np.asarray(current, np.float64)
    whole = _expected(before.sum(axis=0), now.sum(axis=0))
    without = [_expected(before.sum(axis=0) - of, now.sum(axis=0) - rows) for of, rows in zip(before, now, strict=True)]
    left_out = [value for value in without if value is not None]
    if whole is None or len(left_out) < len(without):
        return None
    return _jackknifed(whole, np.array(left_out), (before.sum(axis=(1, 2)) + now.sum(axis=1)) > 0)


def scattered(table: ArrayLike, groups: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return counts of independent rows as those of so many groups, each row in one of them by chance.

    Parameters
    ----------
    table : rows per cell, any shape

    Returns
    -------
    Shape (groups, *table.shape); they add to `table`. Where no unit is known, every row is one: a jackknife that leaves
    out random groups of rows then stands for one that leaves out rows.
    """
    counts = np.asarray(table, np.int64)
    drawn = rng.multinomial(counts.ravel(), np.full(groups, 1 / groups))
    return np.asarray(np.moveaxis(drawn.reshape(*counts.shape, groups), -1, 0))


def gap(realised: float, realised_left_out: ArrayLike, expected: Expected) -> Expected:
    """Return by how much the realised metric lies above what was expected; below zero it is worse.

    Parameters
    ----------
    realised_left_out : the realised metric without each group in turn, shape (groups,), the groups being the same
    """
    apart = np.asarray(realised_left_out, np.float64) - expected.left_out
    return _jackknifed(realised - expected.value, apart, np.ones(apart.size, bool))


def _expected(reference: Floats, current: Floats) -> float | None:
    chance, (neg, pos) = calibrated(*reference), reference
    if neg.sum() <= 0 or pos.sum() <= 0:
        return None
    realised = float(pos @ (np.cumsum(neg) - neg / 2)) / float(neg.sum() * pos.sum())
    then, now = expected_auc(neg + pos, chance), expected_auc(current, chance)
    return None if then is None or now is None else min(max(realised + now - then, 0.0), 1.0)


def _jackknifed(value: float, left_out: Floats, filled: NDArray[np.bool_]) -> Expected:
    values, groups = left_out[filled], int(filled.sum())
    apart = values - values.mean()
    return Expected(value, (groups - 1) / groups * float(apart @ apart), groups, left_out)
