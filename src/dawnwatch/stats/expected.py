"""What a metric is expected to be before the labels arrive, from the scores and how often each came true before.

Confidence-based performance estimation (CBPE): each row counts as a positive with the chance that its score had in the
reference window, and as a negative with the rest. That holds while the chance of a positive given the score is what it
was: a changed world (concept shift) is invisible to it, which is why an estimate stands beside the realised metric and
never in its place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import isotonic_regression

from dawnwatch.stats.left_out import LeftOut, left_out_of
from dawnwatch.stats.replicates import auc_replicates, without_each

__all__ = ["CalibratedGroups", "calibrated", "calibrated_groups", "expected_auc", "expected_auc_of_groups"]

Floats = NDArray[np.float64]


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


@dataclass(frozen=True)
class CalibratedGroups:
    """What scores were worth in the reference window, with all groups of units and without each.

    Attributes
    ----------
    chance : of a positive in each score bin, shape (1 + groups, score bins)
    above : the realised AUC less what these chances lead one to expect, shape (1 + groups,)
    filled : which groups have rows, shape (groups,)
    """

    chance: Floats
    above: Floats
    filled: NDArray[np.bool_]


def calibrated_groups(reference: ArrayLike) -> CalibratedGroups | None:
    """Return what scores were worth, fitted anew without each group; None where a class is empty in one of the fits.

    Parameters
    ----------
    reference : rows per group of units, label (negative, positive) and score bin, shape (groups, 2, score bins)
    """
    table = np.asarray(reference, np.float64)
    kept = without_each(table)
    if kept.sum(axis=2).min() <= 0:
        return None
    chance = np.array([calibrated(neg, pos) for neg, pos in kept])
    above = auc_replicates(kept) - _of_chances(kept.sum(axis=1), chance)
    return CalibratedGroups(chance, above, table.sum(axis=(1, 2)) > 0) if np.isfinite(above).all() else None


def expected_auc_of_groups(reference: ArrayLike | CalibratedGroups, current: ArrayLike) -> LeftOut | None:
    """Return the AUC expected of the current window, with an interval that knows which rows belong together.

    Parameters
    ----------
    reference : what `calibrated_groups` takes, or what it returned
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
    before = reference if isinstance(reference, CalibratedGroups) else calibrated_groups(reference)
    if before is None:
        return None
    now = np.asarray(current, np.float64)
    values = np.clip(before.above + _of_chances(without_each(now), before.chance), 0.0, 1.0)
    if not np.isfinite(values).all():
        return None
    return left_out_of(float(values[0]), values[1:], before.filled | (now.sum(axis=1) > 0))


def _of_chances(rows: Floats, chance: Floats) -> Floats:
    """Return `expected_auc` of each of many tables, shape (tables, score bins) each; NaN where it is None."""
    pos, neg = rows * chance, rows * (1 - chance)
    pairs = pos.sum(axis=1) * neg.sum(axis=1)
    ordered = np.einsum("rs,rs->r", pos, np.cumsum(neg, axis=1) - neg / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(pairs > 0, ordered / pairs, np.nan)
