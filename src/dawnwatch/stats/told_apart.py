"""Whether two windows can be told apart row by row: the AUC of a classifier on units it never learned from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from dawnwatch.stats.auc import auc_from_counts
from dawnwatch.stats.distributions import t_above, t_quantile
from dawnwatch.stats.jackknife import ClusteredAuc, clustered_auc

__all__ = ["FOLDS", "Fit", "ToldApart", "told_apart"]

FOLDS = 2
GROUPS = 32
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Fit = Callable[[Floats, Bools], Callable[[Floats], Floats]]
"""Learns from rows and which of them are of the second window; returns what scores other rows."""


@dataclass(frozen=True, slots=True)
class ToldApart:
    """How well a classifier tells two windows apart.

    Attributes
    ----------
    auc : chance that a row of the second window scores above one of the first; one half where nothing tells them apart
    variance, degrees : of the AUC between units, and the degrees of freedom behind it
    lost : by how much the AUC falls where one feature is shuffled among the rows, shape (features,): what only several
        features together give away is counted for each of them
    units : units in either window
    """

    auc: float
    variance: float
    degrees: float
    lost: tuple[float, ...]
    units: int

    @property
    def method(self) -> str:
        """The test, in words."""
        return "cross-fitted classifier"

    @property
    def design_effect(self) -> None:
        """Not known: what independent rows would give was not computed."""
        return

    @property
    def p_value(self) -> float:
        """Of "nothing tells them apart", one-sided: a classifier that ranks the wrong way has found nothing."""
        distance = self.auc - 0.5
        if self.variance <= 0:
            return 0.0 if distance > 0 else 1.0
        above = t_above(abs(distance) / sqrt(self.variance), self.degrees)
        return above if distance > 0 else 1 - above

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Two-sided Student's interval of this classifier's AUC, cut at 0 and 1."""
        half = t_quantile(confidence, self.degrees) * sqrt(self.variance)
        return max(0.0, self.auc - half), min(1.0, self.auc + half)

    def detectable(self, level: float, power: float = 0.8) -> float:
        """Return the smallest AUC that a test at `level` would have found with chance `power`, at this variance."""
        errors = t_quantile(1 - 2 * level, self.degrees) + t_quantile(2 * power - 1, self.degrees)
        return min(1.0, 0.5 + errors * sqrt(self.variance))


def told_apart(rows: Floats, second: Bools, units: NDArray[np.uint64], fit: Fit, *, seed: int) -> ToldApart | None:
    """Return how well a classifier tells the second window's rows from the first's.

    Parameters
    ----------
    rows : shape (rows, features), NaN where missing
    second : which rows are of the second window, shape (rows,)
    units : hash of each row's unit, shape (rows,); a unit may have rows in both windows
    seed : of the shuffles

    Returns
    -------
    None where a half lacks one of the windows, or would without a group of its units.

    Notes
    -----
    Units are dealt to two halves, and each is scored by what learned from the other: a unit that was learned from would
    be recognised, and two windows of different riders then told apart though nothing moved. The AUC is the mean of the
    halves', since scores of two fits have no common scale. Each half's error is the jackknife's between groups of
    units, exact for the fit it got; how the two depend on each other is not known, so the mean's is taken as the mean
    of theirs, which is the most it can be. The test is thus somewhat too careful, and never too bold.

    References
    ----------
    Lopez-Paz and Oquab, ICLR 2017 (classifier two-sample tests). Breiman, Machine Learning 45 (2001) 5-32 (shuffling
    one feature).
    """
    # In an order of their own, so that how the rows came decides nothing.
    order = np.lexsort([*rows.T, second, units])
    rows, second, units = rows[order], second[order], units[order]
    every, place = np.unique(units, return_inverse=True)
    # Hashes are in no order of meaning, so dealing them out in turn is dealing at random.
    fold, group = place % FOLDS, place // FOLDS % GROUPS
    rng = np.random.default_rng(seed)
    found: list[ClusteredAuc] = []
    lost = np.zeros(rows.shape[1])
    for this in range(FOLDS):
        inside = fold == this
        learned = second[~inside]
        if learned.all() or not learned.any():
            return None
        score = fit(rows[~inside], learned)
        own, of, by = rows[inside], second[inside], group[inside]
        auc = clustered_auc(_table(score(own), of, by))
        if auc is None:
            return None
        found.append(auc)
        for feature in range(rows.shape[1]):
            shuffled = own.copy()
            shuffled[:, feature] = rng.permutation(own[:, feature])
            without = auc_from_counts(*_table(score(shuffled), of, np.zeros_like(by))[0])
            lost[feature] += (auc.value - without.value) / FOLDS if without else 0.0
    errors = [sqrt(auc.variance) for auc in found]
    return ToldApart(
        auc=float(np.mean([auc.value for auc in found])),
        # Each half learned from what the other is asked of, so the two may err alike: their errors add up in full.
        variance=float(np.mean(errors)) ** 2,
        degrees=max(min(auc.degrees for auc in found), 1.0),
        lost=tuple(lost.tolist()),
        units=every.size,
    )


def _table(scores: Floats, second: Bools, group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows per group, window and distinct score, scores increasing."""
    distinct, at = np.unique(scores, return_inverse=True)
    table = np.zeros((int(group.max(initial=0)) + 1, 2, distinct.size), np.int64)
    np.add.at(table, (group, second.astype(np.int64), at), 1)
    return table
