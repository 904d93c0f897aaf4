"""Do scores still follow the features as they did? A stand-in for the model, fitted to its scores, tells.

A model is a fixed function of the features, so whatever the world does, the part of its scores that an additive
function of the binned features gives in one window it gives in the next. Scores that belong to other rows, or are a
default, follow the features of their rows less: were a share s of them exchanged at random, the slope falls to 1 - s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from dawnwatch.stats.distributions import t_quantile

__all__ = ["Link", "Scored", "link", "stand_in_scores"]

Floats = NDArray[np.float64]
RIDGE = 1.0
"""Rows' worth of shrinking each bin's effect towards none: a bin of few rows must not be learned by heart."""

SURE = 0.999
"""Level at which a feature's own slope must have fallen."""
LEAST_SPREAD = 1e-12
"""Variance of a feature's effect from which on it has a slope."""


@dataclass(frozen=True)
class Scored:
    """Sampled rows with a score.

    Attributes
    ----------
    codes : bin of each feature in each row, shape (rows, features); the same bins in both windows
    scores : shape (rows,), finite
    units : rows of one unit are not independent, shape (rows,)
    """

    codes: NDArray[np.intp]
    scores: Floats
    units: NDArray[np.uint64]


@dataclass(frozen=True)
class Link:
    """How much less the scores follow the features than they did.

    Attributes
    ----------
    lost : 1 - slope now / slope then; 0 where all is as before, about s where a share s of scores is of other rows
    explained : share of the scores' variance that the stand-in tells on reference rows it was not fitted to
    loosest : place of the feature with which most of the slope went, where its own slope surely fell; None where none's
        did. Scores that are of other rows loosen every feature alike, and a feature that was changed behind the scorer
        loosens itself
    """

    lost: float
    error: float
    explained: float
    units: int
    loosest: int | None = None

    def interval(self, confidence: float) -> tuple[float, float]:
        """Return the interval of `lost`, by Student's t with the units of the smaller window less one."""
        half = t_quantile(confidence, max(self.units - 1, 1)) * self.error
        return self.lost - half, self.lost + half


def link(reference: Scored, current: Scored, bins: Sequence[int]) -> Link | None:
    """Compare how closely scores follow the features in two windows.

    Parameters
    ----------
    bins : how many bins each feature has

    Returns
    -------
    None where the scores do not vary, or nothing of them can be told from the features.

    Notes
    -----
    The stand-in is a ridge regression on the bins, fitted to either half of the reference's units and read off the
    other, so that what it learned by heart counts for nothing; on the current window it is the mean of the two. Slopes
    are of the scores on the stand-in, with an intercept: a shifted mix of rows moves neither. Their errors are
    linearised and summed by unit. Where features interact strongly, a shifted mix moves the slope a little.
    """
    half = (reference.units % np.uint64(2)).astype(bool)
    if min(int(half.sum()), int((~half).sum()), current.scores.size) < 2:
        return None
    fits = [_fit(_design(reference.codes[side], bins), reference.scores[side]) for side in (half, ~half)]
    then = np.empty(reference.scores.size)
    for side, fit in zip((~half, half), fits, strict=True):
        then[side] = _predict(reference.codes[side], bins, fit)
    now = (_predict(current.codes, bins, fits[0]) + _predict(current.codes, bins, fits[1])) / 2
    before, after = _slope(reference, then), _slope(current, now)
    if before is None or after is None or not before[0] > 0:
        return None
    kept = after[0] / before[0]
    error = sqrt(after[1] ** 2 + (kept * before[1]) ** 2) / before[0]
    explained = float(np.corrcoef(reference.scores, then)[0, 1] ** 2)
    units = min(np.unique(reference.units).size, np.unique(current.units).size)
    return Link(1 - kept, error, explained, units, _loosest(reference, current, bins, fits, half))


def stand_in_scores(reference: Scored, codes: NDArray[np.intp], bins: Sequence[int]) -> Floats:
    """Return what the stand-in, fitted to all of the reference, gives for rows by their features; shape (rows,).

    Parameters
    ----------
    codes : bin of each feature in each row, shape (rows, features)
    bins : how many bins each feature has
    """
    return _predict(codes, bins, _fit(_design(reference.codes, bins), reference.scores))


def _design(codes: NDArray[np.intp], bins: Sequence[int]) -> Floats:
    starts = np.concatenate([[0], np.cumsum(bins)])
    design = np.zeros((codes.shape[0], int(starts[-1])))
    for at in range(codes.shape[1]):
        design[np.arange(codes.shape[0]), starts[at] + codes[:, at]] = 1.0
    return design


def _fit(design: Floats, scores: Floats) -> tuple[float, Floats]:
    mean = float(scores.mean())
    gram = design.T @ design + RIDGE * np.eye(design.shape[1])
    return mean, np.asarray(np.linalg.solve(gram, design.T @ (scores - mean)), dtype=np.float64)


def _predict(codes: NDArray[np.intp], bins: Sequence[int], fit: tuple[float, Floats]) -> Floats:
    starts = np.concatenate([[0], np.cumsum(bins)])[:-1]
    return np.asarray(fit[0] + fit[1][codes + starts].sum(axis=1))


def _slope(rows: Scored, told: Floats) -> tuple[float, float] | None:
    """Return the slope of the scores on what the stand-in tells, and its error between units."""
    x = told - told.mean()
    spread = float((x**2).sum())
    _, at = np.unique(rows.units, return_inverse=True)
    groups = int(at.max()) + 1
    if spread <= 1e-12 * max(told.size, 1) or groups < 2:
        return None
    slope = float((x * rows.scores).sum()) / spread
    residual = rows.scores - rows.scores.mean() - slope * x
    by_unit = np.bincount(at, weights=x * residual / spread)
    return slope, sqrt(float((by_unit**2).sum()) * groups / (groups - 1))


def _loosest(
    reference: Scored, current: Scored, bins: Sequence[int], fits: list[tuple[float, Floats]], half: NDArray[np.bool_]
) -> int | None:
    """Return the feature whose own slope, the others held, fell surely, and took most of what the features told."""
    then = np.empty(reference.codes.shape, np.float64)
    for side, fit in zip((~half, half), fits, strict=True):
        then[side] = _effects(reference.codes[side], bins, fit)
    now = (_effects(current.codes, bins, fits[0]) + _effects(current.codes, bins, fits[1])) / 2
    varied = np.flatnonzero(np.minimum(then.var(axis=0), now.var(axis=0)) > LEAST_SPREAD)
    before, after = (_slopes(rows, told[:, varied]) for rows, told in ((reference, then), (current, now)))
    if varied.size == 0 or before is None or after is None:
        return None
    fell = before[0] - after[0]
    units = min(np.unique(reference.units).size, np.unique(current.units).size)
    sure = fell > t_quantile(SURE, max(units - 1, 1)) * np.sqrt(before[1] ** 2 + after[1] ** 2)
    taken = np.where(sure, fell * then[:, varied].var(axis=0), 0.0)
    return int(varied[taken.argmax()]) if taken.max() > 0 else None


def _effects(codes: NDArray[np.intp], bins: Sequence[int], fit: tuple[float, Floats]) -> Floats:
    """Return what each feature adds to the stand-in's score of each row, shape (rows, features)."""
    starts = np.concatenate([[0], np.cumsum(bins)])[:-1]
    return np.asarray(fit[1][codes + starts])


def _slopes(rows: Scored, told: Floats) -> tuple[Floats, Floats] | None:
    """Return the slope of the scores on each feature's effect, the others held, and its error between units."""
    x = told - told.mean(axis=0)
    _, at = np.unique(rows.units, return_inverse=True)
    groups = int(at.max()) + 1
    if groups < 2:
        return None
    inverse = np.linalg.pinv(x.T @ x)
    slopes = inverse @ (x.T @ rows.scores)
    residual = rows.scores - rows.scores.mean() - x @ slopes
    by_unit = np.zeros((groups, x.shape[1]))
    np.add.at(by_unit, at, x * residual[:, None])
    spread = inverse @ (by_unit.T @ by_unit) @ inverse * groups / (groups - 1)
    return slopes, np.sqrt(np.maximum(np.diag(spread), 0.0))
