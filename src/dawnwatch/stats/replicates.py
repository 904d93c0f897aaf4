"""Numbers with what they would be without each group of units: they add, and know their intervals."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.clusters import spread
from dawnwatch.stats.distributions import t_quantile

__all__ = ["Part", "auc_replicates", "pair_replicates", "without_each"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """A number, and the same number without each group of units in turn.

    Parts of the same groups add, subtract and are scaled; since a group is left out of all of them at once, what two
    have in common cancels.

    Attributes
    ----------
    values : shape (1 + groups,): of all rows, then without each group
    filled : groups that have rows in any of the windows it rests on, shape (groups,)
    """

    values: Floats = field(repr=False, compare=False)
    filled: NDArray[np.bool_] = field(repr=False, compare=False)

    @property
    def value(self) -> float:
        """The number itself."""
        return float(self.values[0])

    @property
    def known(self) -> bool:
        """Whether it and all its replicates could be computed, and rest on two groups at least."""
        return bool(np.isfinite(self.values).all()) and int(self.filled.sum()) > 1

    def __add__(self, other: Part) -> Part:
        return Part(self.values + other.values, self.filled | other.filled)

    def __sub__(self, other: Part) -> Part:
        return Part(self.values - other.values, self.filled | other.filled)

    def __mul__(self, factor: float) -> Part:
        return Part(self.values * factor, self.filled)

    def moved_to(self, value: float) -> Part:
        """Return the same uncertainty about another value, as of what was counted in finer bins."""
        return Part(self.values + (value - self.value), self.filled)

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Return Student's interval from the delete-a-group jackknife.

        Raises
        ------
        ValueError
            Where the part is not `known`.

        Notes
        -----
        Variance (G - 1) / G · Σ (x₍g₎ - x̄)² over the G filled groups, with as many degrees of freedom as groups are
        in effect, less one (see `clusters.spread`).

        References
        ----------
        Efron and Stein, Annals of Statistics 9 (1981) 586-596. Kott, Journal of Official Statistics 17 (2001) 521-526
        has the delete-a-group jackknife of whole estimation procedures, model fits included.
        """
        if not self.known:
            raise ValueError("a number without all its replicates has no interval")
        apart = self.values[1:][self.filled] - self.values[1:][self.filled].mean()
        groups = apart.size
        variance = (groups - 1) / groups * float(apart @ apart)
        if variance <= 0 or not isfinite(variance):
            return self.value, self.value
        half = t_quantile(confidence, spread(apart[None, :], 1).groups - 1) * sqrt(variance)
        return self.value - half, self.value + half


def without_each(tables: ArrayLike) -> Floats:
    """Return the total of groups' tables, then the total without each of them.

    Parameters
    ----------
    tables : shape (groups, ...)

    Returns
    -------
    shape (1 + groups, ...)
    """
    counts = np.asarray(tables, dtype=np.float64)
    total = counts.sum(axis=0)
    return np.concatenate([total[None], total[None] - counts])


def auc_replicates(tables: Floats) -> Floats:
    """Return the AUC of each replicate; NaN where a class has no weight.

    Parameters
    ----------
    tables : shape (replicates, 2, score bins)
        Weight per label (negative, positive) and score bin, score bins increasing. Pairs that share one count a half.
    """
    return pair_replicates(tables[:, 1], tables[:, 0])


def pair_replicates(positives: Floats, negatives: Floats) -> Floats:
    """Return how often positives of one part of the rows score above negatives of another, a replicate each.

    Parameters
    ----------
    positives, negatives : shape (replicates, score bins), weights of 0 or more
    """
    below = np.cumsum(negatives, axis=1) - negatives / 2
    ordered = np.einsum("rs,rs->r", positives, below)
    pairs = positives.sum(axis=1) * negatives.sum(axis=1)
    # What leaving a group out takes to nothing may be a rounding error away from it.
    empty = pairs <= 1e-9 * max(float(pairs.max(initial=0.0)), 1e-300)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(empty, np.nan, ordered / pairs))
