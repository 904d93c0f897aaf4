"""Maps from score bins to chances, fitted to weighted counts, and which of them the labels call for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.calibration import BINS, LEAST, equal_mass
from dawnwatch.stats.expected import calibrated
from dawnwatch.stats.left_out import left_out_of

__all__ = ["FOLDS", "Calibrator", "Chosen", "chances", "choose", "platt"]

Calibrator = Literal["none", "platt", "isotonic"]
FOLDS = 5
LEVEL = 0.05
"""Chance that a map is fitted though the scores need none."""
ROUNDS, CLOSE, HALVINGS = 50, 1e-9, 30
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Chosen:
    """Which map the labels call for.

    Attributes
    ----------
    calibrator : the simplest that no other beats by more than chance
    error : its expected calibration error on rows it was not fitted to, in [0, 1]
    uncalibrated : that of the scores as they are; None where they are no chances
    """

    calibrator: Calibrator
    error: float
    uncalibrated: float | None


def chances(calibrator: Calibrator, tables: ArrayLike, scores: ArrayLike) -> Floats:
    """Return the chance of a positive at each score bin, fitted to each table.

    Parameters
    ----------
    tables : weight per label (negative, positive) and score bin, score bins increasing, shape (tables, 2, score bins)
    scores : mean score of each bin, shape (score bins,); in [0, 1] but for "isotonic", which reads their order alone

    Returns
    -------
    shape (tables, score bins), in [0, 1]
    """
    counts, at = np.asarray(tables, np.float64), np.asarray(scores, np.float64)
    if calibrator == "none":
        return np.broadcast_to(np.clip(at, 0.0, 1.0), (len(counts), at.size)).copy()
    if calibrator == "platt":
        return platt(counts, at)
    return np.array([calibrated(negative, positive) for negative, positive in counts])


def platt(tables: Floats, scores: Floats) -> Floats:
    """Return Platt's map over the logit of the scores, fitted to each of many tables at once; see `chances`.

    Maximum likelihood towards Platt's targets, as `recalibration.fit_platt` does of single rows. A table without one of
    the classes gets the share of positives everywhere.

    References
    ----------
    Platt, Advances in Large Margin Classifiers (1999) 61-74; Lin, Lin and Weng, Machine Learning 68 (2007) 267-276.
    """
    negatives, positives = tables[:, 0], tables[:, 1]
    n, m = negatives.sum(axis=1), positives.sum(axis=1)
    inside = np.clip(scores, LEAST, 1 - LEAST)
    x = np.log(inside) - np.log1p(-inside)
    yes, no = (m + 1) / (m + 2), 1 / (n + 2)
    rows = negatives + positives
    wanted = positives * yes[:, None] + negatives * no[:, None]
    at = np.stack([np.zeros(len(tables)), np.log((m + 1) / (n + 1))], axis=1)
    loss = _loss(at, x, rows, wanted)
    for _ in range(ROUNDS):
        chance = _logistic(at[:, :1] * x + at[:, 1:])
        apart, curve = rows * chance - wanted, rows * chance * (1 - chance)
        slope = np.stack([apart @ x, apart.sum(axis=1)], axis=1)
        mixed = curve @ x
        hessian = np.stack([curve @ (x * x), mixed, mixed, curve.sum(axis=1)], axis=1).reshape(-1, 2, 2)
        step = np.linalg.solve(hessian + 1e-9 * np.eye(2), slope[:, :, None])[:, :, 0]
        size = np.ones((len(tables), 1))
        # A full step may overshoot; halves of it always come to less.
        for _ in range(HALVINGS):
            new = _loss(at - size * step, x, rows, wanted)
            worse = new > loss + CLOSE
            if not worse.any():
                break
            size[worse] /= 2
        at, gained, loss = at - size * step, loss - new, new
        if (np.abs(gained) <= CLOSE * np.maximum(loss, 1.0)).all():
            break
    found = _logistic(at[:, :1] * x + at[:, 1:])
    alone = (n <= 0) | (m <= 0)
    return np.where(alone[:, None], (m / np.maximum(n + m, 1e-300))[:, None], found)


def choose(table: ArrayLike, scores: ArrayLike, *, probabilities: bool, folds: int = FOLDS) -> Chosen:
    """Return which map the labelled rows call for, by what each makes of rows it was not fitted to.

    Parameters
    ----------
    table : weight per group of units, label and score bin, shape (groups, 2, score bins)
    scores : mean score of each bin, shape (score bins,)
    probabilities : whether scores lie in [0, 1], so that they may need no map, or Platt's

    Notes
    -----
    Groups of units are dealt to folds, and each fold gets the chances that the others were fitted to. The Brier scores
    of two maps that keep the rows' order differ by their calibration alone, and have no floor that noise sets, unlike
    a calibration error; so a map takes the place of a simpler one where its Brier score is lower by more than chance,
    groups being left out of both at once. The calibration errors are for reading.

    References
    ----------
    Zadrozny and Elkan, KDD 2002, 694-699; Murphy, Journal of Applied Meteorology 12 (1973) 595-600.
    """
    counts, at = np.asarray(table, np.float64), np.asarray(scores, np.float64)
    names: tuple[Calibrator, ...] = ("none", "platt", "isotonic") if probabilities else ("isotonic",)
    fold = np.arange(len(counts)) % folds
    total = counts.sum(axis=0)
    learned = np.stack([total - counts[fold == one].sum(axis=0) for one in range(folds)])
    given = {name: chances(name, learned, at)[fold] for name in names}
    held = counts.sum(axis=(1, 2))
    best: Calibrator = names[0]
    for name in names[1:]:
        lost = _brier(counts, given[best]) - _brier(counts, given[name])
        if lost.sum() > 0 and _above_chance(lost, held):
            best = name
    raw = _error(counts, given["none"]) if "none" in given else None
    return Chosen(best, _error(counts, given[best]), raw)


def _above_chance(lost: Floats, held: Floats) -> bool:
    filled = held > 0
    if filled.sum() < 2:
        return False
    without = (lost.sum() - lost) / np.maximum(held.sum() - held, 1e-300)
    return left_out_of(float(lost.sum() / held.sum()), without, filled).p_value < 2 * LEVEL


def _brier(counts: Floats, chance: Floats) -> Floats:
    """Return the summed squared distance of each group's rows, shape (groups,)."""
    return np.asarray((counts[:, 0] * chance**2 + counts[:, 1] * (1 - chance) ** 2).sum(axis=1))


def _error(counts: Floats, chance: Floats) -> float:
    """Return the expected calibration error over bins of about equal rows, by the score."""
    rows = counts.sum(axis=1)
    which = equal_mass(rows.sum(axis=0), BINS)
    apart = np.bincount(which, weights=(rows * chance - counts[:, 1]).sum(axis=0))
    return float(np.abs(apart).sum() / max(float(rows.sum()), 1e-300))


def _logistic(logits: Floats) -> Floats:
    small = np.exp(-np.abs(logits))
    return np.asarray(np.where(logits >= 0, 1, small) / (1 + small))


def _loss(at: Floats, x: Floats, rows: Floats, wanted: Floats) -> Floats:
    logits = at[:, :1] * x + at[:, 1:]
    return np.asarray((rows * np.logaddexp(0, logits) - wanted * logits).sum(axis=1))
