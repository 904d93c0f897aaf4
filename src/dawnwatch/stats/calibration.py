"""Whether scores are the chances they claim to be, from counts per score bin.

Rows and score bins are the same thing here: scores in increasing order, each with how many negatives and positives it
holds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.left_out import LeftOut, left_out_of

__all__ = ["BINS", "LEAST", "Calibration", "brier", "calibration_of_groups", "equal_mass", "log_loss"]

BINS = 15
"""Bins of the reliability diagram, of about equal rows."""
LEAST = 1e-7
"""Scores are taken from this to 1 less this, as the logarithm of 0 has no bound."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far scores lie from the share of positives among the rows that have them.

    Attributes
    ----------
    ece : expected calibration error in [0, 1]: the mean distance over bins of about equal rows, by rows
    in_the_large : mean score less share of positives; above zero the scores promise too much
    predicted, observed : mean score and share of positives of each bin, shape (bins,)
    rows : of each bin, shape (bins,)
    """

    ece: LeftOut
    in_the_large: LeftOut
    predicted: Floats
    observed: Floats
    rows: NDArray[np.int64]


def equal_mass(rows: ArrayLike, bins: int = BINS) -> NDArray[np.int64]:
    """Return to which of at most so many bins of about equal rows each score belongs, shape (scores,).

    A score's rows stay together, so that bins of few distinct scores are fewer; those without rows join the bin before.
    """
    counts = np.asarray(rows, np.float64)
    behind = np.cumsum(counts) - counts / 2
    which = np.minimum((behind / max(counts.sum(), 1) * bins).astype(np.int64), bins - 1)
    return np.asarray(np.unique(which, return_inverse=True)[1].reshape(-1), np.int64)


def brier(negatives: ArrayLike, positives: ArrayLike, scores: ArrayLike) -> float | None:
    """Return the mean squared distance of scores and labels, in [0, 1]; None without rows. Lower is better.

    Parameters
    ----------
    negatives, positives, scores : shape (scores,) each

    References
    ----------
    Brier, Monthly Weather Review 78 (1950) 1-3.
    """
    neg, pos, at = (np.asarray(a, np.float64) for a in (negatives, positives, scores))
    every = float(neg.sum() + pos.sum())
    return float(neg @ at**2 + pos @ (1 - at) ** 2) / every if every else None


def log_loss(negatives: ArrayLike, positives: ArrayLike, scores: ArrayLike) -> float | None:
    """Return the mean negative log-likelihood of the labels, in nats; None without rows. Lower is better.

    Scores of 0 and 1 are taken as 1e-7 from them: with a label against them the loss has no bound.
    """
    neg, pos, at = (np.asarray(a, np.float64) for a in (negatives, positives, scores))
    every, inside = float(neg.sum() + pos.sum()), np.clip(at, LEAST, 1 - LEAST)
    return -float(neg @ np.log1p(-inside) + pos @ np.log(inside)) / every if every else None


def calibration_of_groups(table: ArrayLike, scores: ArrayLike, bins: int = BINS) -> Calibration | None:
    """Return the calibration of scores, with intervals that know which rows belong together.

    Parameters
    ----------
    table : rows per group of units, label (negative, positive) and score bin, shape (groups, 2, score bins)
    scores : mean score of each score bin, in [0, 1], shape (score bins,)

    Returns
    -------
    None without rows, or where one group holds them all.

    Notes
    -----
    The bins are those of all rows, and stay when a group is left out. The error of perfectly calibrated scores is not 0
    but about the noise of the shares, which shrinks with the rows: compare it with another window's of as many rows, or
    read `in_the_large`, which has no such floor.

    References
    ----------
    Nixon et al., CVPR workshops (2019) for bins of equal rows; Roelofs et al., AISTATS 2022, on the floor.
    """
    counts, at = np.asarray(table, np.float64), np.asarray(scores, np.float64)
    rows = counts.sum(axis=(0, 1))
    which = equal_mass(rows, bins)
    into = np.zeros((rows.size, int(which.max(initial=0)) + 1))
    into[np.arange(rows.size), which] = 1.0
    parts = np.stack([counts.sum(axis=1) @ into, (counts.sum(axis=1) * at) @ into, counts[:, 1] @ into])
    parts = parts[:, :, parts[0].sum(axis=0) > 0]  # one score in most rows leaves bins without any
    filled = parts[0].sum(axis=1) > 0
    if filled.sum() < 2:
        return None
    whole = parts.sum(axis=1)
    without = whole[:, None, :] - parts
    ece = left_out_of(float(_ece(whole)), _ece(without), filled)
    large = left_out_of(float(_large(whole)), _large(without), filled)
    total, promised, came = whole
    return Calibration(ece, large, promised / total, came / total, total.astype(np.int64))


def _ece(parts: Floats) -> Floats:
    """Return the error from rows, promised and true positives per bin, [3, ..., bins]."""
    rows, promised, came = parts
    return np.asarray(np.abs(promised - came).sum(axis=-1) / rows.sum(axis=-1))


def _large(parts: Floats) -> Floats:
    rows, promised, came = parts
    return np.asarray((promised - came).sum(axis=-1) / rows.sum(axis=-1))
