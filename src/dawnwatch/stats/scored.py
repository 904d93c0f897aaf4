"""Labelled and scored rows, as all of them and without each group of units: their AUC under any weights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dawnwatch.stats.replicates import Part, auc_replicates

__all__ = ["Replicated", "Scored", "auc_part"]

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


class Replicated:
    """Rows with which of them each replicate holds, sorted by stratum, label and score.

    Attributes
    ----------
    rows : the rows in that order
    groups : number of groups; replicate 0 holds all rows, replicate 1 + g all but those of group g
    """

    def __init__(self, rows: Scored, groups: int) -> None:
        self.rows, self.groups = rows.only(np.lexsort((rows.score, rows.label, rows.stratum))), groups
        self._scores = int(rows.score.max(initial=0)) + 1

    @cached_property
    def inside(self) -> Floats:
        """1 where a replicate holds a row, else 0; shape (replicates, rows)."""
        replicates = np.arange(-1, self.groups)
        return np.asarray((self.rows.group[None, :] != replicates[:, None]).astype(np.float64))

    @cached_property
    def _keys(self) -> tuple[Ints, Ints]:
        keys = (self.rows.stratum * 2 + self.rows.label) * self._scores + self.rows.score
        found, starts = np.unique(keys, return_index=True)
        return found, starts

    def of(self, stratum: int) -> slice:
        """Return where a stratum's rows stand."""
        first, end = np.searchsorted(self.rows.stratum, [stratum, stratum + 1])
        return slice(int(first), int(end))

    def counts(self, own: slice, code: Ints, codes: int) -> Floats:
        """Return how many of the rows in `own` each group holds of each code, shape (groups, codes)."""
        flat = np.bincount(self.rows.group[own] * codes + code, minlength=self.groups * codes)
        return flat.reshape(self.groups, codes).astype(np.float64)

    def tables(self, weights: Floats) -> Floats:
        """Return the weight per label and score, shape (replicates, 2, scores)."""
        keys, starts = self._keys
        strata = int(self.rows.stratum.max(initial=0)) + 1
        tables = np.zeros((len(weights), strata * 2 * self._scores))
        if starts.size:
            tables[:, keys] = np.add.reduceat(weights, starts, axis=1)
        return np.asarray(tables.reshape(len(weights), strata, 2, self._scores).sum(axis=1))

    def auc(self, weights: Floats | None = None) -> Floats:
        """Return the AUC of the rows, weighted where weights of shape (replicates, rows) are given; (replicates,)."""
        return auc_replicates(self.tables(self.inside if weights is None else weights))

    def carried(self, weights: Floats, code: Ints, codes: int) -> Floats:
        """Return how much of the weighted AUC the rows of each code carry, shape (replicates, codes).

        Every pair of a positive and a negative gives half of what it adds to either row, so that the parts of all
        codes add up to the AUC, pairs of rows of two codes included.
        """
        tables = self.tables(weights)
        negatives, positives = tables[:, 0], tables[:, 1]
        n, m = negatives.sum(axis=1, keepdims=True), positives.sum(axis=1, keepdims=True)
        below = (np.cumsum(negatives, axis=1) - negatives / 2) / n / m / 2
        above = (m - np.cumsum(positives, axis=1) + positives / 2) / m / n / 2
        place = np.stack([above, below], axis=1).reshape(len(weights), -1)
        amount = weights * place[:, self.rows.label * self._scores + self.rows.score]
        order = np.argsort(code, kind="stable")
        found, starts = np.unique(code[order], return_index=True)
        total = np.zeros((len(weights), codes))
        if starts.size:
            total[:, found] = np.add.reduceat(amount[:, order], starts, axis=1)
        return total


def auc_part(rows: Scored, groups: int) -> Part:
    """Return the AUC of these rows with its replicates, NaN where a class is empty."""
    return Part(Replicated(rows, groups).auc(), rows.filled(groups))
