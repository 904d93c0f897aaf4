"""How much of an AUC's fall is a changed mix of the rows, how much of that each feature's, and who carries the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from dawnwatch.stats.density_ratio import cells_of, ratios
from dawnwatch.stats.replicates import Part, without_each
from dawnwatch.stats.scored import Replicated, Scored, Weights
from dawnwatch.stats.shapley import shapley

__all__ = ["LEAST_OVERLAP", "Mix", "mix_of"]

LEAST_OVERLAP = 0.1
"""Share of the rows that weighting must leave in effect, in both directions, before weighted rows are believed."""
COARSE_GROUPS = 16
"""Groups that the features' shares are jackknifed by: each of the coalitions is one more fit."""
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Mix:
    """What the changed mix takes from the AUC; positive means worse.

    Attributes
    ----------
    total : None where the windows overlap too little
    players : the share of each player, whose sum is `total`, from 16 groups
    carried : what remains, the fall at an equal mix, as the bins of each feature carry it: by feature, a part a bin
    overlap : share of the rows in effect after weighting, of the direction that leaves fewer
    """

    total: Part | None
    players: dict[str, Part]
    carried: list[list[Part]]
    overlap: float


def mix_of(then: Scored, now: Scored, players: Mapping[str, Sequence[int]], *, groups: int) -> Mix:
    """Return what the mix explains of the fall from `then`, in the strata's shares of `now`, to `now`.

    Parameters
    ----------
    players : which features each player moves, together all of them; at most `shapley.MOST_PLAYERS`
    groups : number of groups of units

    Notes
    -----
    Two things may have changed between the windows: which rows come (the mix) and how their labels go with their
    scores (the concept). Weighting the old rows to the new mix changes the first alone, weighting the new rows back to
    the old mix leaves the second alone; the mix's part is the mean of what it does before and after the concept
    changed, which is its Shapley value. Weights act on rows, so on pairs by their product: pairs of two kinds of rows
    are weighted too.

    References
    ----------
    Cai, Namkoong and Yadlowsky, arXiv 2303.02011 (2023). Zhang, Singh, Ghassemi and Joshi, arXiv 2210.10769 (2023).
    """
    fine = _Game(then, now, groups)
    everything = frozenset(range(then.bins.shape[1]))
    overlap = fine.overlap(everything)
    if overlap < LEAST_OVERLAP:
        return Mix(None, {}, [], overlap)
    total = Part(fine.worth(everything), then.filled(groups) | now.filled(groups))
    coarse = _Game(then.coarser(COARSE_GROUPS), now.coarser(COARSE_GROUPS), COARSE_GROUPS)
    some = then.coarser(COARSE_GROUPS).filled(COARSE_GROUPS) | now.coarser(COARSE_GROUPS).filled(COARSE_GROUPS)
    shares = shapley(list(players), lambda who: coarse.worth(frozenset(at for one in who for at in players[one])))
    carried = [[Part(part, some) for part in parts] for parts in coarse.carried()]
    return Mix(total, {name: Part(values, some) for name, values in shares.items()}, carried, overlap)


class _Game:
    """What moving the mix of some features would do to the AUC."""

    def __init__(self, then: Scored, now: Scored, groups: int) -> None:
        self._then, self._now = self._sides = (Replicated(then, groups), Replicated(now, groups))
        self._own = {one: tuple(side.of(one) for side in self._sides) for one in np.unique(now.stratum).tolist()}
        rows = {one: without_each(np.bincount(now.group[now.stratum == one], minlength=groups)) for one in self._own}
        every = np.sum(list(rows.values()), axis=0)
        self._share = {one: of / every for one, of in rows.items()}
        self._replicates = groups + 1
        self._even = self._fit([])
        self._before, self._after = (side.auc(even) for side, even in zip(self._sides, self._even, strict=True))
        self._found: dict[frozenset[int], tuple[Weights, Weights]] = {}

    def worth(self, who: frozenset[int]) -> Floats:
        """Return the mean fall of the AUC from moving the mix before and after all else moved; shape (replicates,)."""
        if not who:
            return np.zeros(self._replicates)
        forth, back = self._weights(who)
        return np.asarray((self._before - self._then.auc(forth) + self._now.auc(back) - self._after) / 2)

    def overlap(self, who: frozenset[int]) -> float:
        """Return the share of rows in effect, (Σ w)² / (n Σ w²), of the stratum and direction where it is smallest."""
        found = [1.0]
        for at, weights in enumerate(self._weights(who)):
            for sides in self._own.values():
                own = weights.odds[weights.kind[sides[at]], 0]
                if own.size:
                    found.append(float(own.sum() ** 2 / (own.size * (own @ own))))
        return min(found)

    def carried(self) -> list[Floats]:
        """Return by how much rows of each bin carry less than they did at an equal mix of all features.

        Returns
        -------
        by feature, shape (bins, replicates)
        """
        features = range(self._then.rows.bins.shape[1])
        fitted = self._weights(frozenset(features))
        # At the new mix and at the old one: the rows then as they were fitted to it, and as they are.
        lost = [
            side.carried(weights) + side.carried(even)
            for side, weights, even in zip(self._sides, fitted, self._even, strict=True)
        ]
        found = []
        for at in features:
            codes = [side.rows.bins[:, at] for side in self._sides]
            bins = 1 + max(int(code.max(initial=0)) for code in codes)
            then, now = (_picked(code, bins).T @ amount for code, amount in zip(codes, lost, strict=True))
            found.append(np.asarray((then - now) / 2))
        return found

    def _weights(self, who: frozenset[int]) -> tuple[Weights, Weights]:
        """Return weights that give each window the other's mix of these features, within strata."""
        if who not in self._found:
            self._found = {who: self._fit(sorted(who))}
        return self._found[who]

    def _fit(self, features: list[int]) -> tuple[Weights, Weights]:
        """Return the weights of either side, by which strata have their shares of the window now."""
        kinds: tuple[list[Ints], list[Ints]] = ([], [])
        odds: tuple[list[Floats], list[Floats]] = ([], [])
        size = 0
        for stratum, own in self._own.items():
            bins = [side.rows.bins[rows][:, features] for side, rows in zip(self._sides, own, strict=True)]
            cells, at = cells_of(np.concatenate(bins))
            kind = np.split(at, [len(bins[0])])
            counts = [s.counts(o, k, len(cells)) for s, o, k in zip(self._sides, own, kind, strict=True)]
            ratio = ratios(cells, counts[0].T, counts[1].T).T if features else np.ones((1, self._replicates))
            for side, found in enumerate((ratio, 1 / ratio)):
                rows = np.einsum("k,kr->r", counts[side].sum(axis=1), found)
                rows[1:] -= np.einsum("kg,kg->g", counts[side], found[:, 1:])
                kinds[side].append(kind[side] + size)
                odds[side].append(found * (self._share[stratum] / np.maximum(rows, 1e-12)))
            size += len(cells)
        forth, back = (Weights(np.concatenate(k), np.concatenate(o)) for k, o in zip(kinds, odds, strict=True))
        return forth, back


def _picked(code: Ints, codes: int) -> csr_matrix:
    """Return a matrix of zeros and a one a row, shape (rows, codes)."""
    return csr_matrix((np.ones(code.size), code, np.arange(code.size + 1)), shape=(code.size, codes))
