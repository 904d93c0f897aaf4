"""One version of the model beside what it is held against, on rows of the same kinds: a filter is no worse model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.coded_sample import CodedSample
from dawnwatch.model.plan import UNIT_GROUPS
from dawnwatch.stats.density_ratio import MOST_RATIO
from dawnwatch.stats.divergence import psi
from dawnwatch.stats.jackknife import ClusteredDrop, drop_of
from dawnwatch.stats.mix import LEAST_OVERLAP
from dawnwatch.stats.movers import MOST_WEIGHTED
from dawnwatch.stats.scored import Scored
from dawnwatch.stats.stand_in import Scored as Told
from dawnwatch.stats.stand_in import stand_in_scores
from dawnwatch.stats.weighting import Weighting

__all__ = ["APART", "gap_on_like_rows", "kinds"]

APART = 0.1
"""PSI of any feature, or of what features tell of the score, from which on two sets of rows are of other kinds."""
CODES = 31
"""Bins of a feature; what is rarer shares the last."""
PIECES = 20
"""Quantiles of what the features tell of the score."""
OUTSIDE = 0.2
"""Share of a version's rows, of kinds that the others hardly have, above which nothing is compared."""
Kinds = NDArray[np.int64]


def kinds(baseline: CodedSample, sides: tuple[CodedSample, CodedSample], names: list[str]) -> tuple[Kinds, Kinds]:
    """Return the bins of both sides' features, and last of what these tell of the baseline's scores.

    The scores themselves are no part of it: a worse model gives the same rows other ones. What a stand-in for the
    baseline's model gives for a row is a function of its features alone, and of these the one that an AUC depends on.
    The more features differ between the sides, the sooner they are among the `MOST_WEIGHTED` that are returned.
    """
    every = (baseline, *sides)
    codes = {name: [np.minimum(side.bins[name], CODES - 1).astype(np.intp) for side in every] for name in names}
    ranked = sorted(names, key=lambda name: -_psi(*codes[name][1:]))[:MOST_WEIGHTED]
    tables = [np.column_stack([codes[name][at] for name in ranked]) for at in range(len(every))]
    told, bins = Told(tables[0], _normal(baseline.scores), baseline.units), [CODES] * len(ranked)
    expected = [stand_in_scores(told, table, bins) for table in tables]
    edges = np.unique(np.quantile(expected[0], np.arange(1, PIECES) / PIECES))
    found = [
        np.column_stack([table, np.searchsorted(edges, score)])
        for table, score in zip(tables[1:], expected[1:], strict=True)
    ]
    return found[0], found[1]


def gap_on_like_rows(rival: CodedSample, this: CodedSample, alike: tuple[Kinds, Kinds]) -> ClusteredDrop | str | None:
    """Return the AUC of the rival's rows, weighted to the kinds of this version's, minus that of this version.

    Parameters
    ----------
    alike : the kinds of either's rows

    Returns
    -------
    None where the rows are of the same kinds as they are; why not where the rival has too few rows of these kinds
    """
    columns = list(zip(*(side.T for side in alike), strict=True))
    if all(_psi(*pair) < APART for pair in columns):
        return None
    strange = np.zeros(this.rows, bool)
    for then, now in columns:
        bins = 1 + int(max(then.max(initial=0), now.max(initial=0)))
        shares = [np.bincount(side, minlength=bins) / max(side.size, 1) for side in (then, now)]
        strange |= (shares[0] * MOST_RATIO < shares[1])[now]
    if strange.mean() > OUTSIDE:
        return f"{strange.mean():.0%} of its rows are of kinds that what it is held against hardly has"
    sides = [_scored(side, found) for side, found in zip((rival, this), alike, strict=True)]
    weighting = Weighting(sides[0], sides[1].only(~strange), UNIT_GROUPS)
    before, share = weighting.like(frozenset(range(len(columns))))
    if share < LEAST_OVERLAP:
        return f"weighted to the kinds of its rows, {share:.0%} of those it is held against are in effect"
    values = before - weighting.after
    return drop_of(values) if np.isfinite(values).all() else "without one group of units a class is empty"


def _scored(side: CodedSample, bins: Kinds) -> Scored:
    _, score = np.unique(side.scores, return_inverse=True)
    group = (side.units & np.uint64(UNIT_GROUPS - 1)).astype(np.int64)
    return Scored(group, side.labels, score.reshape(-1), np.zeros(side.rows, np.int64), bins.astype(np.int64))


def _psi(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    bins = 1 + int(max(one.max(initial=0), other.max(initial=0)))
    return psi(np.bincount(one, minlength=bins), np.bincount(other, minlength=bins))


def _normal(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the normal quantiles of the scores' ranks: effects of features add up there sooner than among chances."""
    from scipy.special import ndtri

    _, at, times = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = np.cumsum(times) - times / 2
    return np.asarray(ndtri(ranks / scores.size)[at.reshape(-1)], np.float64)
