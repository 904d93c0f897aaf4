"""Maps from a model's scores to chances, learned from labels: Platt's and the isotonic one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.calibration import LEAST

__all__ = ["Isotonic", "Platt", "fit_isotonic", "fit_platt"]

Floats = NDArray[np.float64]
STEPS, CLOSE, LEAST_CURVATURE = 100, 1e-10, 1e-12


@dataclass(frozen=True, slots=True)
class Platt:
    """The chance 1 / (1 + exp(-(slope · logit(score) + intercept))): keeps the order of scores where slope > 0."""

    slope: float
    intercept: float

    def __call__(self, scores: ArrayLike) -> Floats:
        """Return the chance of each score in [0, 1]."""
        return _chance(self.slope * _logit(scores) + self.intercept)


@dataclass(frozen=True, slots=True)
class Isotonic:
    """A chance that never falls as the score rises: straight lines between `scores`, flat outside them."""

    scores: Floats
    chances: Floats

    def __call__(self, scores: ArrayLike) -> Floats:
        """Return the chance of each score."""
        return np.interp(np.asarray(scores, np.float64), self.scores, self.chances)


def fit_platt(labels: ArrayLike, scores: ArrayLike) -> Platt | None:
    """Return Platt's map over the logit of scores that are chances; None where a class is empty.

    Parameters
    ----------
    labels : 0 or 1, shape (rows,)
    scores : in [0, 1], shape (rows,); 0 and 1 are taken as 1e-7 from them

    Notes
    -----
    Maximum likelihood by Newton's steps, towards Platt's targets, (positives + 1) / (positives + 2) and
    1 / (negatives + 2), which keep the map finite where the scores part the classes. Over the logit, scores that are
    right already have slope 1 and intercept 0, and a shift of the base rate alone moves the intercept.

    References
    ----------
    Platt, Advances in Large Margin Classifiers (1999) 61-74; Lin, Lin and Weng, Machine Learning 68 (2007) 267-276.
    """
    y = np.asarray(labels) == 1
    positives, rows = int(y.sum()), y.size
    if not 0 < positives < rows:
        return None
    x = np.stack([_logit(scores), np.ones(rows)])
    target = np.where(y, (positives + 1) / (positives + 2), 1 / (rows - positives + 2))
    at = np.array([0.0, np.log((positives + 1) / (rows - positives + 1))])
    loss = _loss(at @ x, target)
    for _ in range(STEPS):
        chance = _chance(at @ x)
        slope = x @ (chance - target)
        curve = (x * (chance * (1 - chance))) @ x.T
        step = np.linalg.solve(curve + LEAST_CURVATURE * np.eye(2), slope)
        # A full step may overshoot; halves of it always come to less.
        size = 1.0
        while (new := _loss((at - size * step) @ x, target)) > loss and size > CLOSE:
            size /= 2
        at, gained, loss = at - size * step, loss - new, new
        if gained <= CLOSE * max(loss, 1.0):
            break
    return Platt(float(at[0]), float(at[1]))


def fit_isotonic(labels: ArrayLike, scores: ArrayLike) -> Isotonic | None:
    """Return the never falling map with the least squared error; None where a class is empty.

    Rows of one score count as one point with their weight. Between the points chances go in straight lines, as
    scikit-learn's do.

    References
    ----------
    Zadrozny and Elkan, KDD 2002, 694-699; pool adjacent violators, Ayer et al., Annals of Mathematical Statistics 26
    (1955) 641-647.
    """
    from scipy.optimize import isotonic_regression

    y = (np.asarray(labels) == 1).astype(np.float64)
    if not 0 < y.sum() < y.size:
        return None
    found, place, rows = np.unique(np.asarray(scores, np.float64), return_inverse=True, return_counts=True)
    shares = np.bincount(place.reshape(-1), weights=y) / rows
    return Isotonic(found, np.asarray(isotonic_regression(shares, weights=rows).x))


def _logit(scores: ArrayLike) -> Floats:
    inside = np.clip(np.asarray(scores, np.float64), LEAST, 1 - LEAST)
    return np.asarray(np.log(inside) - np.log1p(-inside))


def _chance(logits: Floats) -> Floats:
    # Neither side may overflow.
    small = np.exp(-np.abs(logits))
    return np.asarray(np.where(logits >= 0, 1, small) / (1 + small))


def _loss(logits: Floats, target: Floats) -> float:
    return float((np.logaddexp(0, logits) - target * logits).sum())
