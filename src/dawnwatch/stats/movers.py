"""Of many features, those whose mix moved: by themselves, or among rows alike in the ones that did."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dawnwatch.stats.clusters import spread
from dawnwatch.stats.distributions import f_above
from dawnwatch.stats.scored import Scored
from dawnwatch.stats.weighting import Weighting

__all__ = ["LEAST_WEIGHTED", "MOST_WEIGHTED", "Movers", "movers"]

MOST_WEIGHTED = 20
"""Features that rows are weighted by: with some hundred effects more, a fit to a few thousand rows is mostly noise."""
LEAST_WEIGHTED = 5
"""Those that moved most are weighted by, be it chance or not: a mix of none would be a zero without an interval."""
LEVEL = 0.01
"""Of each feature's test: one too many widens an interval a little, one too few moves it."""
ROUNDS = 3
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Movers:
    """The features to weight rows by.

    Attributes
    ----------
    features : their columns, increasing
    balanced : whether no other differs by more than chance once rows are weighted by these
    """

    features: list[int]
    balanced: bool


def movers(then: Scored, now: Scored, *, groups: int) -> Movers:
    """Return the features that the windows' rows differ in by more than chance.

    Parameters
    ----------
    then, now : rows of both windows, with any number of features
    groups : number of groups of units

    Returns
    -------
    From `LEAST_WEIGHTED` to `MOST_WEIGHTED` of the features, or all where there are fewer.

    Notes
    -----
    A feature whose own shares did not move may still have moved among rows alike in one that did: were age and income
    tied, and only age moved, that shows in nothing but both. So the rest is tested again on rows weighted to the mix of
    those found so far, as the balance of covariates is looked at after weighting by a propensity score, and what then
    differs is weighted by too. The test is Rao and Scott's over the groups (see `shift.clustered_shift`), with the
    covariance of the weighted shares from the delete-a-group jackknife, weights refitted. All of it is linear in the
    number of features.

    References
    ----------
    Austin and Stuart, Statistics in Medicine 34 (2015) 3661-3679. Rao and Scott, Annals of Statistics 12 (1984) 46-60.
    """
    filled = then.filled(groups) | now.filled(groups)
    weighting = Weighting(then, now, groups)
    found: list[int] = []
    for turn in range(ROUNDS):
        gaps = {at: gap for at, gap in enumerate(weighting.gaps(frozenset(found))) if at not in found}
        ranked = sorted(gaps, key=lambda at: -float(np.abs(gaps[at][0][:, 0]).sum()))
        apart = [at for at in ranked if _p_value(*gaps[at], filled) < LEVEL]
        if turn == 0 and len(apart) < LEAST_WEIGHTED:
            apart += [at for at in ranked if at not in apart][: LEAST_WEIGHTED - len(apart)]
        room = MOST_WEIGHTED - len(found)
        if not apart or not room:
            return Movers(sorted(found), balanced=not apart)
        found += apart[:room]
    return Movers(sorted(found), balanced=False)


def _p_value(gap: Floats, shares: Floats, filled: NDArray[np.bool_]) -> float:
    """Return the chance of shares as far apart where none moved; 1 where all rows lie in one bin.

    Parameters
    ----------
    gap : share now less share then, shape (bins, 1 + groups)
    shares : the mean of both, shape (bins,)
    """
    used = shares > 0
    apart, pooled = gap[used], shares[used]
    if pooled.size < 2 or filled.sum() < 2:
        return 1.0
    without = apart[:, 1:][:, filled]
    size = without.shape[1]
    residuals = (without - without.mean(axis=1, keepdims=True)) * np.sqrt((size - 1) / size / pooled)[:, None]
    statistic = float((apart[:, 0] ** 2 / pooled).sum())
    if float((residuals**2).sum()) <= 1e-12 * max(statistic, 1e-300):
        return 0.0 if statistic > 1e-12 else 1.0
    noise, degrees, effective = spread(residuals, pooled.size - 1)
    return f_above(statistic / noise, degrees, degrees * (effective - 1))
