"""Area under the ROC curve with DeLong's variance, from counts per score.

Rows and score bins are the same thing here: scores in increasing order, each with how many negatives and positives
it holds. With one entry per distinct score the result is exact; with score bins the pairs that share a bin are
not ordered, and count one half, which bounds the error.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["AucEstimate", "DropEstimate", "auc_drop", "auc_from_counts", "counts_by_score", "homogeneity"]


@dataclass(frozen=True, slots=True)
class AucEstimate:
    """An AUC in [0, 1], its variance, the bound on its binning error, and the rows it rests on."""

    value: float
    variance: float
    bound: float
    negatives: int
    positives: int

    @property
    def n(self) -> int:
        """Rows with a label and a score."""
        return self.negatives + self.positives

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Normal interval, widened by the binning bound and cut at 0 and 1."""
        half = _z(confidence) * sqrt(self.variance) + self.bound
        return max(0.0, self.value - half), min(1.0, self.value + half)


@dataclass(frozen=True, slots=True)
class DropEstimate:
    """How far the AUC fell between two independent windows; positive means worse."""

    value: float
    variance: float
    bound: float

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Two-sided normal interval, widened by the binning bounds."""
        half = _z(confidence) * sqrt(self.variance) + self.bound
        return self.value - half, self.value + half


def counts_by_score(scores: ArrayLike, labels: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (negatives, positives) at each distinct score, in increasing order.

    Parameters
    ----------
    scores : shape (rows,), not NaN
    labels : shape (rows,), 0 or 1
    """
    scores, labels = np.asarray(scores, dtype=np.float64), np.asarray(labels)
    order = np.argsort(scores, kind="stable")
    scores, labels = scores[order], labels[order].astype(np.int64)
    starts = np.flatnonzero(np.r_[True, scores[1:] != scores[:-1]]) if scores.size else np.empty(0, np.int64)
    rows = np.diff(np.r_[starts, scores.size])
    positives = np.add.reduceat(labels, starts) if scores.size else np.empty(0, np.int64)
    return rows - positives, positives


def auc_from_counts(
    negatives: ArrayLike, positives: ArrayLike, *, exact: bool | NDArray[np.bool_] = True
) -> AucEstimate | None:
    """Return the AUC with DeLong's variance; None where a class is empty.

    Parameters
    ----------
    negatives, positives : shape (scores,)
        Rows of each class at each score or score bin, scores increasing.
    exact : whether each entry is one score, for all of them or for each, shape (scores,); in the others the pairs
        that share an entry are of unknown order and make `bound`

    Notes
    -----
    With m positives and n negatives, every positive has a placement (the share of negatives below it, ties one
    half) and every negative likewise; AUC is the mean placement and its variance is
    S_pos / m + S_neg / n, with S the sample variances of the placements. A class with a single row has no
    sample variance; its term is taken from the other side's largest possible value, 1/4, so that the
    interval is wide rather than falsely narrow.

    References
    ----------
    DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988) 837-845; the rank form is Sun and Xu, IEEE Signal
    Processing Letters 21 (2014) 1389-1393.
    """
    neg, pos = np.asarray(negatives, dtype=np.float64), np.asarray(positives, dtype=np.float64)
    n, m = neg.sum(), pos.sum()
    if n == 0 or m == 0:
        return None
    neg_below = np.cumsum(neg) - neg
    pos_above = m - np.cumsum(pos)
    placement_pos = (neg_below + neg / 2) / n
    placement_neg = (pos_above + pos / 2) / m
    value = float(pos @ placement_pos / m)
    variance = _spread(pos, placement_pos, value, m) / m + _spread(neg, placement_neg, value, n) / n
    # A pair within one entry counts one half, and is worth 0 to 1.
    bound = float(np.where(exact, 0.0, neg) @ pos / (2 * n * m))
    return AucEstimate(value, float(variance), bound, int(n), int(m))


def auc_drop(reference: AucEstimate, current: AucEstimate) -> DropEstimate:
    """Return reference minus current for two windows that share no rows."""
    return DropEstimate(
        reference.value - current.value,
        reference.variance + current.variance,
        reference.bound + current.bound,
    )


def homogeneity(drops: list[DropEstimate]) -> float | None:
    """Return the p-value of "all these drops are equal" (Cochran's Q, chi-squared with k - 1 degrees of freedom).

    None with fewer than two drops or where one has no variance. A large p-value does not prove equality.
    """
    variances = np.array([d.variance for d in drops])
    if len(drops) < 2 or (variances <= 0).any():
        return None
    from scipy.special import chdtrc

    values = np.array([d.value for d in drops])
    pooled = float((values / variances).sum() / (1 / variances).sum())
    return float(chdtrc(len(drops) - 1, ((values - pooled) ** 2 / variances).sum()))


def _spread(counts: NDArray[np.float64], placements: NDArray[np.float64], mean: float, total: float) -> float:
    if total < 2:
        return 0.25
    return float(counts @ (placements - mean) ** 2 / (total - 1))


def _z(confidence: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(0.5 + confidence / 2))
