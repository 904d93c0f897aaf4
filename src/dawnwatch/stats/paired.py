"""DeLong's variance for the difference of two AUCs over the same rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.auc import DropEstimate

__all__ = ["paired_drop"]

Floats = NDArray[np.float64]


def paired_drop(labels: ArrayLike, scores_a: ArrayLike, scores_b: ArrayLike) -> DropEstimate | None:
    """Return the AUC of `scores_a` minus that of `scores_b`, both given to the same rows; positive where b is worse.

    Parameters
    ----------
    labels : shape (rows,), 0 or 1
    scores_a, scores_b : shape (rows,), not NaN

    Returns
    -------
    None where a class is empty.

    Raises
    ------
    ValueError
        Where the three differ in length, a label is neither 0 nor 1, or a score is NaN.

    Notes
    -----
    Each row's placement among the other class is taken by both scores, and the variance is that of their difference,
    so what both scores find easy does not count as noise. A class with a single row has no sample variance; its
    term is the largest possible one, 1, the placements' difference lying within [-1, 1].

    For rows of one unit the variance is too small; `clustered_drop` serves there, with both scores' tables.

    References
    ----------
    DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988) 837-845; the placements by ranks are Sun and Xu's, IEEE
    Signal Processing Letters 21 (2014) 1389-1393.
    """
    y = np.asarray(labels)
    a, b = np.asarray(scores_a, dtype=np.float64), np.asarray(scores_b, dtype=np.float64)
    if not y.shape == a.shape == b.shape:
        raise ValueError(f"labels and both scores need the same rows; got {y.size}, {a.size} and {b.size}")
    if not np.isin(y, (0, 1)).all():
        raise ValueError("labels are 0 or 1")
    if np.isnan(a).any() or np.isnan(b).any():
        raise ValueError("a score is NaN; leave out rows without a score")
    positive = y == 1
    if positive.all() or not positive.any():
        return None
    differences = [of_a - of_b for of_a, of_b in zip(_placements(a, positive), _placements(b, positive), strict=True)]
    variance = sum((float(d.var(ddof=1)) if d.size > 1 else 1.0) / d.size for d in differences)
    return DropEstimate(float(differences[0].mean()), variance, 0.0)


def _placements(scores: Floats, positive: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return the share of negatives below each positive, and of positives above each negative, ties one half."""
    pos, neg = scores[positive], scores[~positive]
    return _below(pos, np.sort(neg)), 1 - _below(neg, np.sort(pos))


def _below(scores: Floats, others: Floats) -> Floats:
    less, up_to = np.searchsorted(others, scores, "left"), np.searchsorted(others, scores, "right")
    return np.asarray((less + up_to) / (2 * others.size))
