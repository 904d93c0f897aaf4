"""The AUC and its fall where rows of one unit are not independent: a jackknife that leaves out groups of units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.auc import MANY, auc_from_counts
from dawnwatch.stats.clusters import spread
from dawnwatch.stats.distributions import f_above, t_above, t_quantile

__all__ = [
    "ClusteredAuc",
    "ClusteredDrop",
    "clustered_auc",
    "clustered_drop",
    "clustered_from",
    "clustered_homogeneity",
    "drop_from",
    "drop_of",
]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Jackknifed:
    """A number with the variance between groups of units.

    Attributes
    ----------
    value : of all rows
    variance : the jackknife's
    groups : groups with labelled rows
    degrees : degrees of freedom of the variance: the groups in effect less one
    design_effect : the variance over DeLong's, which takes rows as independent; None where DeLong's is 0
    left_out : the value without each group in turn, shape (groups,), those without rows among them
    bound : largest possible error of `value` from score bins that hold several scores
    """

    value: float
    variance: float
    groups: int
    degrees: float
    design_effect: float | None
    left_out: Floats = field(repr=False, compare=False)
    bound: float = 0.0

    @property
    def method(self) -> str:
        """The test, in words."""
        return "jackknife"

    def _half(self, confidence: float) -> float:
        return t_quantile(confidence, self.degrees) * sqrt(self.variance) + self.bound

    def _p_value(self, distance: float) -> float:
        least = max(abs(distance) - self.bound, 0.0)
        if self.variance <= 0:
            return 0.0 if least else 1.0
        return min(1.0, 2 * t_above(least / sqrt(self.variance), self.degrees))


@dataclass(frozen=True, slots=True)
class ClusteredAuc(_Jackknifed):
    """An AUC in [0, 1] with the variance between groups of units; see `clustered_auc`."""

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Student's interval, cut at 0 and 1."""
        half = self._half(confidence)
        return max(0.0, self.value - half), min(1.0, self.value + half)

    @property
    def p_value(self) -> float:
        """Of "the AUC is one half", two-sided."""
        return self._p_value(self.value - 0.5)


@dataclass(frozen=True, slots=True)
class ClusteredDrop(_Jackknifed):
    """How far the AUC fell, positive meaning worse, with the variance between groups; see `clustered_drop`."""

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Two-sided Student's interval."""
        half = self._half(confidence)
        return self.value - half, self.value + half

    @property
    def p_value(self) -> float:
        """Of "the AUC did not change", two-sided."""
        return self._p_value(self.value)

    def detectable(self, level: float, power: float = 0.8) -> float:
        """Return the smallest drop that a test at `level` would have found in these windows with chance `power`."""
        errors = t_quantile(1 - level, self.degrees) + t_quantile(2 * power - 1, self.degrees)
        return errors * sqrt(self.variance) + self.bound


def clustered_auc(table: ArrayLike) -> ClusteredAuc | None:
    """Return the AUC with a variance that holds where only groups of units are independent.

    Parameters
    ----------
    table : shape (groups, 2, score bins)
        Rows per group of units, label (negative, positive) and score bin, score bins increasing. Pairs that share a
        score bin count one half.

    Returns
    -------
    None where a class is empty, or would be without one of the groups.

    Notes
    -----
    The delete-a-group jackknife: (G - 1) / G · Σ (A₍g₎ - Ā)², A₍g₎ being the AUC without group g, over the G groups
    with rows. Pairs of rows of two groups count for both, which a variance from per-group AUCs would miss. Intervals
    are Student's; with groups of equal weight the degrees of freedom are about G - 1, and fewer where a few large
    groups carry the variance (see `spread`).

    References
    ----------
    Efron and Stein, Annals of Statistics 9 (1981) 586-596. Obuchowski, Biometrics 53 (1997) 567-578 has the AUC of
    clustered rows.
    """
    counts = _counts(table)
    found = _leave_out(counts)
    if found is None:
        return None
    value, left_out = found
    return ClusteredAuc(value, *_between(left_out, _filled(counts), _delong(counts)), left_out)


def clustered_drop(reference: ArrayLike, current: ArrayLike) -> ClusteredDrop | None:
    """Return by how much the AUC fell, with a variance that holds where only groups of units are independent.

    Parameters
    ----------
    reference, current : shape (groups, 2, score bins)
        As in `clustered_auc`; the score bins of the two windows may differ. A unit is in the same group in both.

    Returns
    -------
    None where a class of either window is empty, or would be without one of the groups.

    Raises
    ------
    ValueError
        Where the windows have different numbers of groups.

    Notes
    -----
    A group is left out of both windows at once, so that units with rows in both count once, whatever their windows
    have in common.
    """
    tables = [_counts(table) for table in (reference, current)]
    if tables[0].shape[0] != tables[1].shape[0]:
        raise ValueError(f"both windows need the same groups; got {tables[0].shape[0]} and {tables[1].shape[0]}")
    of_reference, of_current = (_leave_out(table) for table in tables)
    if of_reference is None or of_current is None:
        return None
    left_out = of_reference[1] - of_current[1]
    filled = _filled(tables[0]) | _filled(tables[1])
    between = _between(left_out, filled, sum(_delong(table) for table in tables))
    return ClusteredDrop(of_reference[0] - of_current[0], *between, left_out)


def clustered_from(value: float, left_out: Floats, filled: NDArray[np.bool_]) -> ClusteredAuc:
    """Return an AUC that was computed otherwise, such as of weighted rows, with the variance between groups of units.

    Parameters
    ----------
    left_out : the AUC without each group in turn, shape (groups,)
    filled : groups that hold a row, shape (groups,), two at least
    """
    return ClusteredAuc(value, *_between(left_out, filled, 0.0), left_out)


def drop_from(reference: ArrayLike, current: ClusteredAuc) -> ClusteredDrop | None:
    """Return by how much the AUC fell to one that was computed otherwise; see `clustered_drop`.

    Parameters
    ----------
    reference : shape (groups, 2, score bins), in the groups of units that `current` left out
    """
    table = _counts(reference)
    found = _leave_out(table)
    if found is None:
        return None
    left_out = found[1] - current.left_out
    # A group without rows in either window leaves both AUCs as they are, and so adds nothing.
    every = np.ones(left_out.size, bool)
    return ClusteredDrop(found[0] - current.value, *_between(left_out, every, 0.0), left_out)


def drop_of(values: Floats) -> ClusteredDrop:
    """Return a fall of the AUC by what it is of all rows and without each group of units, shape (1 + groups,)."""
    every = np.ones(values.size - 1, bool)
    return ClusteredDrop(float(values[0]), *_between(values[1:], every, 0.0), values[1:])


def clustered_homogeneity(drops: Sequence[ClusteredDrop]) -> float | None:
    """Return the p-value of "all these drops are equal", for drops of the same groups of units.

    Hotelling's T² of the differences to the first drop, with the jackknife's covariance: slices of one rider share
    his group, so their drops are not independent. None with fewer than two drops, with no more groups than drops, or
    where the covariance is singular. A large p-value does not prove equality.

    References
    ----------
    Hotelling, Annals of Mathematical Statistics 2 (1931) 360-378.
    """
    if len(drops) < 2:
        return None
    left_out = np.array([drop.left_out for drop in drops])
    apart = left_out[1:] - left_out[0]
    groups, differences = max(drop.groups for drop in drops), len(drops) - 1
    if groups <= len(drops):
        return None
    spreads = apart - apart.mean(axis=1, keepdims=True)
    covariance = (groups - 1) / groups * (spreads @ spreads.T)
    if np.linalg.matrix_rank(covariance) < differences:
        return None
    distance = np.array([drop.value - drops[0].value for drop in drops[1:]])
    statistic = float(distance @ np.linalg.solve(covariance, distance))
    rest = groups - differences
    return f_above(statistic * rest / ((groups - 1) * differences), differences, rest)


def _leave_out(counts: NDArray[Any]) -> tuple[float, Floats] | None:
    """Return the AUC, and the AUC without each group in turn, shape (groups,).

    The ordered pairs without a group are all, less those of its positives, less those of its negatives, and the
    pairs within it once more, which were taken off twice.
    """
    negatives, positives = counts[:, 0], counts[:, 1]
    all_negatives, all_positives = negatives.sum(axis=0), positives.sum(axis=0)
    # Pairs are counted twice, so that a half is a whole number.
    below = 2 * np.cumsum(all_negatives) - all_negatives
    above = 2 * (all_positives.sum() - np.cumsum(all_positives)) + all_positives
    up_to = np.cumsum(negatives, axis=1)
    within = 2 * np.einsum("gs,gs->g", positives, up_to) - np.einsum("gs,gs->g", positives, negatives)
    ordered = float(all_positives @ below)
    n, m = float(all_negatives.sum()), float(all_positives.sum())
    pairs = (n - negatives.sum(axis=1)) * (m - positives.sum(axis=1))
    if not pairs.size or (pairs <= 0).any():
        return None
    less = positives @ below + negatives @ above - within
    return ordered / (2 * n * m), (ordered - less) / (2 * pairs)


def _counts(table: ArrayLike) -> NDArray[Any]:
    """Return the table in 64 bits, whole numbers unless pairs of them may not fit."""
    counts = np.asarray(table, dtype=np.int64)
    return counts.astype(np.float64) if counts.sum() >= MANY else counts


def _filled(counts: NDArray[Any]) -> NDArray[np.bool_]:
    return np.asarray(counts.sum(axis=(1, 2)) > 0)


def _delong(counts: NDArray[Any]) -> float:
    found = auc_from_counts(*counts.sum(axis=0))
    return 0.0 if found is None else found.variance


def _between(left_out: Floats, filled: NDArray[np.bool_], delong: float) -> tuple[float, int, float, float | None]:
    """Return the jackknife's variance, the groups, the degrees of freedom, and the design effect."""
    values, groups = left_out[filled], int(filled.sum())
    apart = values - values.mean()
    variance = (groups - 1) / groups * float(apart @ apart)
    effective = spread(apart[None, :], 1).groups if variance > 0 else float(groups)
    return variance, groups, effective - 1, variance / delong if delong > 0 else None
