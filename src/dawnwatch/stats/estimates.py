"""What metrics are expected to be before the labels arrive: AUC, and accuracy, precision, recall and F1 at a threshold.

Confidence-based estimation (CBPE) counts each row as a positive with the chance that its score had on the reference's
labels, and as a negative with the rest. Its importance-weighted form (PAPE, or M-CBPE) reads those chances off the
reference weighted to the current window's mix of features. Both are `Fitted` from tables: of counts, or of weights.

References
----------
Białek, Kuberski, Perrakis and Bifet, arXiv 2401.08348 (2024).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.calibrators import Calibrator, chances
from dawnwatch.stats.distributions import t_quantile
from dawnwatch.stats.left_out import LeftOut, left_out_of
from dawnwatch.stats.replicates import without_each

__all__ = ["AT_THRESHOLD", "METRICS", "Estimated", "Fitted", "error_of", "estimated", "fitted", "measures", "realised"]

AT_THRESHOLD = ("accuracy", "precision", "recall", "f1")
METRICS = ("auc", *AT_THRESHOLD)
Floats = NDArray[np.float64]


def measures(negatives: Floats, positives: Floats, first: int | None) -> Floats:
    """Return AUC, accuracy, precision, recall and F1 of each table; NaN where one has no denominator.

    Parameters
    ----------
    negatives, positives : rows, weights or expected rows per score bin, score bins increasing, shape (..., score bins)
    first : the first score bin that is answered with yes; None where there is no threshold, and so only an AUC

    Returns
    -------
    shape (1 or 5, ...), in the order of `METRICS`; pairs that share a score bin count one half
    """
    n, m = negatives.sum(axis=-1), positives.sum(axis=-1)
    ordered = (positives * (np.cumsum(negatives, axis=-1) - negatives / 2)).sum(axis=-1)
    found = [_ratio(ordered, n * m)]
    if first is not None:
        tp, fp = positives[..., first:].sum(axis=-1), negatives[..., first:].sum(axis=-1)
        found += [_ratio(tp + n - fp, n + m), _ratio(tp, tp + fp), _ratio(tp, m), _ratio(2 * tp, m + tp + fp)]
    return np.stack(found)


@dataclass(frozen=True)
class Fitted:
    """What scores were worth on the reference, from all groups of units and without each.

    Attributes
    ----------
    chance : of a positive in each score bin, shape (1 + groups, score bins)
    above : realised metric less what these chances expect of the same rows, shape (metrics, 1 + groups)
    residual : the same with the chances of all groups throughout: the labels' own noise, shape (metrics, 1 + groups)
    rows : that are in effect
    filled : groups with rows, shape (groups,)
    first : the first score bin that is answered with yes
    """

    chance: Floats
    above: Floats
    residual: Floats
    rows: float
    filled: NDArray[np.bool_]
    first: int | None


@dataclass(frozen=True, slots=True)
class Estimated:
    """A metric before its labels came.

    Attributes
    ----------
    value : in [0, 1]
    fit : variance from the reference, by which the calibration could have come out otherwise
    labels : variance from what the labels of these rows will be, chances given
    groups : groups of units that both rest on
    """

    value: float
    fit: float
    labels: float
    groups: int

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Return where the realised metric of the same rows should lie, once all their labels have come."""
        half = t_quantile(confidence, max(self.groups - 1, 1)) * sqrt(self.fit + self.labels)
        return max(0.0, self.value - half), min(1.0, self.value + half)


def fitted(
    tables: ArrayLike,
    calibrator: Calibrator,
    scores: ArrayLike,
    *,
    first: int | None,
    filled: NDArray[np.bool_],
    rows: float | None = None,
) -> Fitted | None:
    """Return what scores were worth, the calibration fitted anew to each table.

    Parameters
    ----------
    tables : weight per label (negative, positive) and score bin of all groups, then without each,
        shape (1 + groups, 2, score bins)
    scores : mean score of each bin, shape (score bins,)
    rows : in effect, where weights make them fewer than the tables' sum

    Returns
    -------
    None where a class is empty in one of the tables.
    """
    counts = np.asarray(tables, np.float64)
    if counts.sum(axis=2).min() <= 1e-9 * counts[0].sum() or filled.sum() < 2:
        return None
    chance = chances(calibrator, counts, scores)
    both, real = counts.sum(axis=1), measures(counts[:, 0], counts[:, 1], first)
    above = real - measures(both * (1 - chance), both * chance, first)
    residual = real - measures(both * (1 - chance[0]), both * chance[0], first)
    return Fitted(chance, above, residual, float(both[0].sum()) if rows is None else rows, filled, first)


def estimated(of: Fitted, now: ArrayLike) -> list[Estimated | None]:
    """Return each metric that rows are expected to have; None for one that has no denominator.

    Parameters
    ----------
    now : rows per score bin, whatever their labels, shape (score bins,)

    Notes
    -----
    The reference's realised metric, and the change that the scores lead one to expect: a fit of the calibration follows
    the noise of the rows it was made on and expects too much of them and of others alike, which the difference takes
    out. The interval is of the realised metric of these very rows. Two things keep the two apart: the fit (jackknifed
    between the reference's groups of units) and the labels, of which the reference shows how far they stray from their
    chances, units alike (the jackknife with the chances held), scaled to as many rows as there are now.
    """
    rows = np.asarray(now, np.float64)
    values = of.above + measures(rows * (1 - of.chance), rows * of.chance, of.first)
    scale = of.rows / max(float(rows.sum()), 1.0)
    found: list[Estimated | None] = []
    for one, noise in zip(values, of.residual, strict=True):
        if not np.isfinite(one).all() or not np.isfinite(noise).all():
            found.append(None)
            continue
        fit = left_out_of(float(one[0]), one[1:], of.filled)
        labels = left_out_of(0.0, noise[1:], of.filled)
        value = float(np.clip(one[0], 0.0, 1.0))
        found.append(Estimated(value, fit.variance, labels.variance * scale, fit.groups))
    return found


def realised(labelled: ArrayLike, first: int | None) -> list[LeftOut | None]:
    """Return each metric of labelled rows, with the delete-a-group jackknife; None where it has no denominator.

    Parameters
    ----------
    labelled : rows, or their weights, per group of units, label and score bin, shape (groups, 2, score bins)
    """
    table = np.asarray(labelled, np.float64)
    kept, filled = without_each(table), table.sum(axis=(1, 2)) > 0
    return [_left_out(values, filled) for values in measures(kept[:, 0], kept[:, 1], first)]


def error_of(of: Fitted, labelled: ArrayLike) -> list[tuple[float, LeftOut] | None]:
    """Return each metric expected of labelled rows, and by how much that is above what they realise.

    Parameters
    ----------
    labelled : rows, or their weights (such as the inverse chance that a row's label has come), per group of units,
        label and score bin, shape (groups, 2, score bins)

    Returns
    -------
    The estimate on these rows, and estimate less realised, a group of units being left out of the reference, of the
    estimate and of the realised metric at once; None where one of them cannot be told.
    """
    table = np.asarray(labelled, np.float64)
    kept, filled = without_each(table), table.sum(axis=(1, 2)) > 0
    both = kept.sum(axis=1)
    expected = of.above + measures(both * (1 - of.chance), both * of.chance, of.first)
    apart = expected - measures(kept[:, 0], kept[:, 1], of.first)
    found: list[tuple[float, LeftOut] | None] = []
    for value, gap in zip(expected[:, 0], apart, strict=True):
        error = _left_out(gap, filled | of.filled)
        found.append(None if error is None else (float(np.clip(value, 0.0, 1.0)), error))
    return found


def _left_out(values: Floats, filled: NDArray[np.bool_]) -> LeftOut | None:
    if filled.sum() < 2 or not np.isfinite(values).all():
        return None
    return left_out_of(float(values[0]), values[1:], filled)


def _ratio(above: Floats, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(below > 1e-9, above / below, np.nan))
