"""How strong an incident is, in the metric's own terms, and the search for the dose that makes it so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike

from dawnwatch.drills.truth import Measure, Strength
from dawnwatch.stats.auc import auc_from_counts
from dawnwatch.stats.calibration import equal_mass
from dawnwatch.stats.divergence import psi

__all__ = ["TARGETS", "TOLERANCE", "auc", "ece", "psi_between", "solve"]

TARGETS: dict[Measure, dict[Strength, float]] = {
    "psi": {"weak": 0.15, "middle": 0.30, "strong": 0.60},
    "auc_drop": {"weak": 0.04, "middle": 0.08, "strong": 0.16},
    "rows": {"weak": 0.10, "middle": 0.20, "strong": 0.40},
    "label_share": {"weak": 0.05, "middle": 0.10, "strong": 0.20},
    "ece": {"weak": 0.04, "middle": 0.08, "strong": 0.16},
}
"""Weak is half of middle, strong its double. The middle is what an incident looks like that must not be missed; a weak
fall of the AUC lies below the default tolerance of 0.05."""

TOLERANCE = 0.1
"""How far, as a share of the target, the measure may end from it."""


def auc(label: ArrayLike, score: ArrayLike) -> float:
    """Return the area under the ROC curve of labels 0 and 1.

    Raises
    ------
    ValueError
        Where a class is empty.
    """
    positive = np.asarray(label) == 1
    values, at = np.unique(np.asarray(score, dtype=np.float64), return_inverse=True)
    counts = [np.bincount(at[chosen], minlength=len(values)) for chosen in (~positive, positive)]
    estimate = auc_from_counts(*counts)
    if estimate is None:
        raise ValueError("the AUC of a single class is not defined")
    return estimate.value


def ece(label: ArrayLike, score: ArrayLike) -> float:
    """Return the expected calibration error of chances, in [0, 1]; lower is better.

    The mean distance of mean score and share of positives over 15 bins of about equal rows, by rows, as
    `performance.calibration` has it. Calibrated scores do not have 0: the shares are noisy.
    """
    positive = np.asarray(label) == 1
    values, at = np.unique(np.asarray(score, dtype=np.float64), return_inverse=True)
    bins = equal_mass(np.bincount(at))[at]
    over = np.bincount(bins, weights=values[at] - positive)
    return float(np.abs(over).sum() / len(positive))


def psi_between(before: pa.ChunkedArray, after: pa.ChunkedArray) -> float:
    """Return the PSI between two columns of categories; null is a category."""
    counts = [Counter(column.to_pylist()) for column in (before, after)]
    names = list(dict.fromkeys([*counts[0], *counts[1]]))
    return psi(*([count[name] for name in names] for count in counts))


def solve(measure: Callable[[int], float], target: float, most: int) -> int | None:
    """Return the dose from 0 to `most` whose measure comes nearest to the target; None beyond the tolerance.

    By bisection, so the measure should grow with the dose; small ups and downs, as the AUC has, do no harm.
    """
    low, high = 0, most
    if most == 0 or measure(most) < target * (1 - TOLERANCE):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if measure(middle) < target else (low, middle)
    best = min((low, high), key=lambda dose: abs(measure(dose) - target))
    return best if abs(measure(best) - target) <= TOLERANCE * target else None
