"""A labelled reference in the current window's mix of features, and whether it can stand for that window at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dawnwatch.stats.density_ratio import MOST_RATIO, cells_of, ratios
from dawnwatch.stats.scored import Scored

__all__ = ["Reweighted", "reweighted"]

AT_CAP = 0.999
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Reweighted:
    """The reference's rows as weights.

    Attributes
    ----------
    tables : weight per label and score bin of all groups, then without each, shape (1 + groups, 2, score bins)
    by_group : weight per group of units, label and score bin, shape (groups, 2, score bins)
    outside : share of the rows now for which the reference has none, or none to speak of
    lacking : share of the rows now in bins of each feature that the reference has none of, or less than a twentieth of
        the share they have now, shape (features,)
    effective : rows of each class (negative, positive) that are in effect, (Σ w)² / Σ w², shape (2,)
    share : rows in effect, as a share of all of the reference's
    """

    tables: Floats
    by_group: Floats
    outside: float
    lacking: Floats
    effective: Floats
    share: float

    @property
    def rows(self) -> float:
        """Rows in effect."""
        return float(self.effective.sum())


def reweighted(
    then: Scored, group: Ints, bins: Ints, *, scores: int, groups: int, strange: NDArray[np.bool_] | None = None
) -> Reweighted:
    """Return the labelled rows `then` weighted to the features of the rows now.

    Parameters
    ----------
    group, bins : of the rows now, labelled or not, shape (rows,) and (rows, features)
    scores : number of score bins
    strange : which rows now are known to have no counterpart, shape (rows,)

    Notes
    -----
    Weights are the density ratio of `density_ratio.ratios`, which sees all rows or all but a group of them, of both
    windows at once, and are scaled to a mean of 1. A row now lies outside the reference's support where it holds a bin
    that no row then does, or one of a kind that the ratio would have weigh as much as it may (20 times).
    """
    every = np.concatenate([then.bins, bins])
    cells, at = cells_of(every)
    old, new = at[: len(then.bins)], at[len(then.bins) :]
    ratio = ratios(cells, _counts(old, then.group, len(cells), groups), _counts(new, group, len(cells), groups))
    outside = np.zeros(len(bins), bool) if strange is None else strange.copy()
    lacking = np.array([_rare(a, b) for a, b in zip(bins.T, then.bins.T, strict=True)])
    for feature in range(bins.shape[1]):
        outside |= ~np.isin(bins[:, feature], then.bins[:, feature])
    outside |= ratio[0][new] >= AT_CAP * MOST_RATIO
    key = then.label * scores + then.score
    tables = np.empty((1 + groups, 2 * scores))
    for replicate, found in enumerate(ratio):
        weight = found[old]
        if replicate:
            weight = np.where(then.group == replicate - 1, 0.0, weight)
        tables[replicate] = np.bincount(key, weight, 2 * scores)
        tables[replicate] *= np.count_nonzero(weight) / max(weight.sum(), 1e-300)
    own = ratio[0][old]
    own *= own.size / max(own.sum(), 1e-300)
    by_group = (
        np.bincount(then.group * 2 * scores + key, own, groups * 2 * scores)
        .reshape(groups, 2, scores)
        .astype(np.float64)
    )
    effective = np.array([_effective(own[then.label == label]) for label in (0, 1)])
    return Reweighted(
        tables.reshape(-1, 2, scores),
        by_group.reshape(groups, 2, scores),
        float(outside.mean()) if outside.size else 0.0,
        lacking,
        effective,
        _effective(own) / max(own.size, 1),
    )


def _counts(cell: Ints, group: Ints, cells: int, groups: int) -> Floats:
    return np.bincount(group * cells + cell, minlength=groups * cells).reshape(groups, cells).astype(np.float64)


def _rare(now: Ints, then: Ints) -> float:
    """Return the share of rows now in bins that rows then hardly have."""
    bins = 1 + int(max(now.max(initial=0), then.max(initial=0)))
    new, old = (np.bincount(side, minlength=bins) / max(side.size, 1) for side in (now, then))
    return float(new[old * MOST_RATIO <= new].sum())


def _effective(weights: Floats) -> float:
    """Return how many rows of equal weight would say as much (Kish)."""
    return float(weights.sum() ** 2 / (weights @ weights)) if weights.size else 0.0
