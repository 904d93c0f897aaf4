"""Labelled and scored rows, as all of them and without each group of units: their AUC under any weights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from dawnwatch.stats.replicates import Part, auc_replicates

__all__ = ["Replicated", "Scored", "Weights", "auc_part"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Scored:
    """Labelled and scored rows of one window.

    Attributes
    ----------
    group : group of each row's unit, shape (rows,)
    label : 0 or 1, shape (rows,)
    score : code of the score, increasing with it, shape (rows,)
    stratum : from 0; rows are only ever weighted against rows of the same stratum, shape (rows,)
    bins : bin of each feature, shape (rows, features)
    """

    group: Ints
    label: Ints
    score: Ints
    stratum: Ints
    bins: Ints

    def only(self, kept: NDArray[np.bool_] | Ints) -> Scored:
        """Return these rows, in this order."""
        return Scored(self.group[kept], self.label[kept], self.score[kept], self.stratum[kept], self.bins[kept])

    def coarser(self, groups: int) -> Scored:
        """Return the same rows in fewer groups."""
        return Scored(self.group % groups, self.label, self.score, self.stratum, self.bins)

    def filled(self, groups: int) -> NDArray[np.bool_]:
        """Return which groups hold a row, shape (groups,)."""
        return np.asarray(np.bincount(self.group, minlength=groups) > 0)


@dataclass(frozen=True)
class Weights:
    """What rows weigh in each replicate that holds them; rows of one kind weigh alike.

    Attributes
    ----------
    kind : of each row, from 0, shape (rows,)
    odds : weight of each kind, shape (kinds, replicates)
    """

    kind: Ints
    odds: Floats


class Replicated:
    """Rows with which of them each replicate holds, sorted by stratum, label and score.

    Replicate 0 holds all rows, replicate 1 + g all but those of group g. No table of rows by replicates is made where
    it can be helped: a replicate is all rows less one group's, and each row is of one group.

    Attributes
    ----------
    rows : the rows in that order
    groups : number of groups
    """

    def __init__(self, rows: Scored, groups: int) -> None:
        self.rows, self.groups = rows.only(np.lexsort((rows.score, rows.label, rows.stratum))), groups
        self._scores = int(rows.score.max(initial=0)) + 1
        self._strata = int(rows.stratum.max(initial=0)) + 1
        self._key = (self.rows.stratum * 2 + self.rows.label) * self._scores + self.rows.score

    @cached_property
    def _starts(self) -> Ints:
        """Where the rows of each stratum, label and score start, and where the last end."""
        return np.searchsorted(self._key, np.arange(self._strata * 2 * self._scores + 1))

    @cached_property
    def _alike(self) -> Weights:
        return Weights(np.zeros(self.rows.label.size, np.int64), np.ones((1, self.groups + 1)))

    def of(self, stratum: int) -> slice:
        """Return where a stratum's rows stand."""
        first, end = np.searchsorted(self.rows.stratum, [stratum, stratum + 1])
        return slice(int(first), int(end))

    def counts(self, own: slice, kind: Ints, kinds: int) -> Floats:
        """Return how many of the rows in `own` each group holds of each kind, shape (kinds, groups)."""
        flat = np.bincount(kind * self.groups + self.rows.group[own], minlength=self.groups * kinds)
        return flat.reshape(kinds, self.groups).astype(np.float64)

    def tables(self, weights: Weights | None = None) -> Floats:
        """Return the weight per label and score, by default of rows that weigh 1, shape (replicates, 2, scores)."""
        kind, odds = ((weights or self._alike).kind, (weights or self._alike).odds)
        rows, replicates = kind.size, self.groups + 1
        keys = self._strata * 2 * self._scores
        total = csr_matrix((np.ones(rows), kind, self._starts), shape=(keys, len(odds))) @ odds
        without = self.rows.group + 1
        own = np.bincount(self._key * replicates + without, odds[kind, without], keys * replicates)
        total -= own.reshape(keys, replicates)
        return np.asarray(total.reshape(self._strata, 2, self._scores, replicates).sum(axis=0).transpose(2, 0, 1))

    def replicates(self, weights: Weights) -> Floats:
        """Return what each row weighs, 0 where its group is left out, shape (rows, replicates)."""
        amount = weights.odds.take(weights.kind, axis=0)
        amount[np.arange(len(amount)), self.rows.group + 1] = 0.0
        return np.asarray(amount)

    def auc(self, weights: Weights | None = None) -> Floats:
        """Return the AUC of the rows, by default each weighing 1, shape (replicates,)."""
        return auc_replicates(self.tables(weights))

    def carried(self, weights: Weights) -> Floats:
        """Return how much of the weighted AUC each row carries, shape (rows, replicates).

        Every pair of a positive and a negative gives half of what it adds to either row, so that the parts of all
        rows add up to the AUC.
        """
        negatives, positives = self.tables(weights).transpose(1, 2, 0)
        n, m = negatives.sum(axis=0), positives.sum(axis=0)
        below = (np.cumsum(negatives, axis=0) - negatives / 2) / n / m / 2
        above = (m - np.cumsum(positives, axis=0) + positives / 2) / m / n / 2
        amount = weights.odds.take(weights.kind, axis=0)
        amount *= np.concatenate([above, below]).take(self.rows.label * self._scores + self.rows.score, axis=0)
        amount[np.arange(len(amount)), self.rows.group + 1] = 0.0
        return np.asarray(amount)


def auc_part(rows: Scored, groups: int) -> Part:
    """Return the AUC of these rows with its replicates, NaN where a class is empty."""
    return Part(Replicated(rows, groups).auc(), rows.filled(groups))
