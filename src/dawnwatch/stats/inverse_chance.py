"""The AUC of all rows off those whose label has come: each weighs the inverse of the chance that it had."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dawnwatch.stats.density_ratio import MOST_RATIO, ratios
from dawnwatch.stats.jackknife import clustered_auc
from dawnwatch.stats.replicates import Part, without_each
from dawnwatch.stats.scored import Replicated, Scored, Weights, auc_part

__all__ = ["SURE", "ArrivalBias", "Weighted", "arrival_bias", "class_first", "excess_positives", "weighted_auc"]

FOLDS = 4
PIECES = 64
ROUNDS = 3
SURE = 0.999
"""Level of the interval that must exclude chance before rows are weighted: the raw number is what was measured."""
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ArrivalBias:
    """Can a row's features tell whether its label has come?

    Attributes
    ----------
    auc : of telling rows with a label from rows without, by a model that never saw their units; 0.5 is chance
    interval : at level 0.999
    """

    auc: float
    interval: tuple[float, float]

    @property
    def shown(self) -> bool:
        """Whether they tell it better than chance."""
        return self.interval[0] > 0.5


@dataclass(frozen=True, slots=True)
class Weighted:
    """The AUC of labelled rows as they are, and weighted to stand for all rows.

    Attributes
    ----------
    raw, auc : with what they are without each group of units
    weights : of each labelled row, in the order given, with a mean of 1, shape (labelled rows,)
    effective : labelled rows that would tell as much were they weighted alike, (Σ w)² / Σ w² (Kish)
    cut : share of all rows whose weight was cut at 20, since hardly a row like them has a label
    """

    raw: Part
    auc: Part
    weights: Floats = field(repr=False)
    effective: float
    cut: float


def arrival_bias(features: Ints, came: Mask, group: Ints, groups: int) -> ArrivalBias | None:
    """Test whether labels come of some rows rather than of others.

    Parameters
    ----------
    features : the bin of each feature, shape (rows, features)
    came : whether the row has its label, shape (rows,)
    group : group of each row's unit, shape (rows,)

    Returns
    -------
    None where one kind of rows is missing, be it of all rows or without a group of units.

    Notes
    -----
    A logistic model of the chance is fitted to all units but a fourth, and asked of that fourth, in turn: fitted and
    asked on the same rows it would always tell them apart. Chance is excluded by the jackknife between groups of units.
    """
    cells, at = np.unique(features, axis=0, return_inverse=True)
    at = at.reshape(-1)
    odds = np.zeros(came.size)
    for fold in range(FOLDS):
        asked = group % FOLDS == fold
        some, every = (np.bincount(at[rows], minlength=len(cells))[None] for rows in (~asked & came, ~asked))
        if not some.any():
            return None
        odds[asked] = 1 / ratios(cells, some.astype(np.float64), every.astype(np.float64))[0][at[asked]]
    edges = np.unique(np.quantile(odds, np.arange(1, PIECES) / PIECES))
    key = (group * 2 + came) * PIECES + np.searchsorted(edges, odds)
    found = clustered_auc(np.bincount(key, minlength=groups * 2 * PIECES).reshape(groups, 2, PIECES))
    return None if found is None else ArrivalBias(found.value, found.interval(SURE))


def weighted_auc(rows: Scored, came: Mask, groups: int, base: Floats | None = None) -> Weighted:
    """Weight the labelled rows so that they stand for all.

    Parameters
    ----------
    rows : all rows, labelled or not, with the bins of the features that may decide whether a label comes; the label of
        a row without one is not read
    came : whether the row has its label, shape (rows,)
    groups : of units
    base : inverse chance of each labelled row that is known beforehand, such as by class and age, of all rows and
        without each group, shape (1 + groups, labelled rows); by default 1

    Returns
    -------
    AUCs that are not `known` where too few rows of a class, or groups of units, have labels.

    Notes
    -----
    The weight is the base times the density of all rows over that of the labelled ones, so weighted, at the row's
    features: (1 / P(came | x)) up to a constant where the base is 1, and right for chances that are a product of a
    part by class and age and a part by features. The density ratio is a logistic regression's odds, additive in the
    features and cut at 20. It is fitted to the rows it weights: a chance estimated from them weights better than even
    the true one (Hirano, Imbens and Ridder). Each replicate leaves a group of units out of the fit as well.

    What is assumed: rows alike in the features (and, with a base, in class and age) have their labels by chance alone.

    References
    ----------
    Horvitz and Thompson, Journal of the American Statistical Association 47 (1952) 663-685. Hirano, Imbens and Ridder,
    Econometrica 71 (2003) 1161-1189. Robins, Hernán and Brumback, Epidemiology 11 (2000) 550-560 for stabilized
    weights.
    """
    cells, at = np.unique(rows.bins, axis=0, return_inverse=True)
    at = at.reshape(-1)
    own = np.flatnonzero(came)
    first = np.ones((1 + groups, own.size)) if base is None else base
    key, size = rows.group * len(cells) + at, groups * len(cells)
    every = np.bincount(key, minlength=size).reshape(groups, -1).astype(np.float64)
    # The base differs hardly from one replicate to the next; the fit takes that of all rows.
    labelled = np.bincount(key[own], first[0], minlength=size).reshape(groups, -1).astype(np.float64)
    ratio = ratios(cells, labelled, every)
    weights = ratio[:, at[own]] * first
    weights /= weights.mean(axis=1, keepdims=True)
    told = rows.only(own)
    # Replicates sort their rows; a kind a row keeps each one's weights with it.
    order = np.lexsort((told.score, told.label, told.stratum))
    found = Replicated(told, groups).auc(Weights(np.arange(own.size), weights.T[order]))
    alone = weights[0]
    return Weighted(
        raw=auc_part(told, groups),
        auc=Part(found, told.filled(groups)),
        weights=alone,
        effective=float(alone.sum() ** 2 / (alone**2).sum()) if own.size else 0.0,
        cut=float((ratio[0][at] >= MOST_RATIO * (1 - 1e-9)).mean()),
    )


def excess_positives(baseline: Floats, labelled: Floats) -> Part:
    """Return by how much more often labelled rows are positive than the baseline's at the same score.

    Parameters
    ----------
    baseline, labelled : weight per group of units, label (negative, positive) and score bin, shape (groups, 2, bins),
        in the same score bins; the labelled rows weighted to stand for all

    Notes
    -----
    Where labels come by chance alone among rows alike in what they were weighted by, and a score means what it meant,
    it is 0. Above it positives come first, or there are more of them: the labels alone do not tell which. The AUC is
    indifferent to a class that comes sooner as such, and weights by features are not: they take the scores at which
    that class is frequent for ones whose labels come sooner.
    """
    before, now = without_each(baseline), without_each(labelled)
    # Half a row of each class keeps a score that the baseline never met at even odds.
    chance = (before[:, 1] + 0.5) / (before.sum(axis=1) + 1.0)
    rows = now.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = (now[:, 1] - rows * chance).sum(axis=1) / rows.sum(axis=1)
    return Part(excess, np.asarray((baseline + labelled).sum(axis=(1, 2)) > 0))


def class_first(rows: Scored, came: Mask, groups: int, chance: Floats) -> tuple[float, float]:
    """Return what the weighted AUC would be if one class had its labels sooner, and how much more often it then has.

    Parameters
    ----------
    rows, came, groups : as `weighted_auc` takes them
    chance : of each labelled row to be positive by its score, as it was where all labels had come, in (0, 1)

    Returns
    -------
    The AUC in [0, 1], and the odds by which a positive has its label before a negative of the same kind; above 1
    positives come first.

    Notes
    -----
    Weights by features and the ratio of the classes are found in turn: the labelled rows, weighted by features alone,
    are positive more often than their scores promise by that ratio, if scores mean what they meant. They need not, so
    that this is the other end of what may be, and no better a number: weights that it hardly moves can be trusted.
    """
    label, ratio, found = rows.label[came], 1.0, None
    for _ in range(ROUNDS):
        base = np.where(label == 1, 1 / ratio, 1.0)
        found = weighted_auc(rows, came, groups, np.broadcast_to(base, (1 + groups, label.size)))
        alone = found.weights / base
        positive, promised, every = float(alone @ label), float(alone @ chance), float(alone.sum())
        ratio = positive / max(every - positive, 1e-9) * (every - promised) / max(promised, 1e-9)
        ratio = min(max(ratio, 1 / MOST_RATIO), MOST_RATIO)
    assert found is not None  # noqa: S101 - there are rounds
    return found.auc.value, ratio
