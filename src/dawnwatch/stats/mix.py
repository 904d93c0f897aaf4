"""How much of an AUC's fall is a changed mix of the rows, how much of that each feature's, and who carries the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dawnwatch.stats.density_ratio import ratios
from dawnwatch.stats.replicates import Part
from dawnwatch.stats.scored import Replicated, Scored
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
    carried = [[Part(part, some) for part in coarse.carried(at).T] for at in sorted(everything)]
    return Mix(total, {name: Part(values, some) for name, values in shares.items()}, carried, overlap)


class _Game:
    """What moving the mix of some features would do to the AUC."""

    def __init__(self, then: Scored, now: Scored, groups: int) -> None:
        self._then, self._now = Replicated(then, groups), Replicated(now, groups)
        self._strata = np.unique(now.stratum).tolist()
        inside = self._now.inside
        self._share = {one: inside[:, self._now.of(one)].sum(axis=1) / inside.sum(axis=1) for one in self._strata}
        self._replicates = groups + 1
        self._even = [self._in_shares(side) for side in (self._then, self._now)]
        self._before, self._after = (
            side.auc(weights) for side, weights in zip((self._then, self._now), self._even, strict=True)
        )
        self._found: dict[frozenset[int], tuple[Floats, Floats]] = {}

    def worth(self, who: frozenset[int]) -> Floats:
        """Return the mean fall of the AUC from moving the mix before and after all else moved; shape (replicates,)."""
        if not who:
            return np.zeros(self._replicates)
        forth, back = self._weights(who)
        return np.asarray((self._before - self._then.auc(forth) + self._now.auc(back) - self._after) / 2)

    def overlap(self, who: frozenset[int]) -> float:
        """Return the share of rows in effect, (Σ w)² / (n Σ w²), of the stratum and direction where it is smallest."""
        found = [1.0]
        for side, weights in zip((self._then, self._now), self._weights(who), strict=True):
            for stratum in self._strata:
                own = weights[0, side.of(stratum)]
                if own.size:
                    found.append(float(own.sum() ** 2 / (own.size * (own @ own))))
        return min(found)

    def carried(self, feature: int) -> Floats:
        """Return by how much rows of each bin carry less than they did at an equal mix, shape (replicates, bins)."""
        codes = 1 + max(int(side.rows.bins[:, feature].max(initial=0)) for side in (self._then, self._now))
        forth, back = self._weights(frozenset(range(self._then.rows.bins.shape[1])))

        def of(side: Replicated, weights: Floats) -> Floats:
            return side.carried(weights, side.rows.bins[:, feature], codes)

        at_new_mix = of(self._then, forth) - of(self._now, self._even[1])
        at_old_mix = of(self._then, self._even[0]) - of(self._now, back)
        return np.asarray((at_new_mix + at_old_mix) / 2)

    def _in_shares(self, side: Replicated) -> Floats:
        """Return weights that give the strata their shares in the window now, shape (replicates, rows)."""
        return np.concatenate([self._scaled(one, side.inside[:, side.of(one)]) for one in self._strata], axis=1)

    def _scaled(self, stratum: int, weights: Floats) -> Floats:
        """Return a stratum's weights so that they add up to its share of the window now."""
        return np.asarray(weights * (self._share[stratum] / np.maximum(weights.sum(axis=1), 1e-12))[:, None])

    def _weights(self, who: frozenset[int]) -> tuple[Floats, Floats]:
        """Return weights that give each window the other's mix of these features, within strata."""
        if who not in self._found:
            self._found = {who: self._fit(sorted(who))}
        return self._found[who]

    def _fit(self, features: list[int]) -> tuple[Floats, Floats]:
        sides, found = (self._then, self._now), []
        for stratum in self._strata:
            own = [side.of(stratum) for side in sides]
            bins = [side.rows.bins[rows][:, features] for side, rows in zip(sides, own, strict=True)]
            both = np.concatenate(bins)
            _, first, at = np.unique(both @ _strides(both), return_index=True, return_inverse=True)
            codes = np.split(at.reshape(-1), [len(bins[0])])
            counts = [s.counts(o, code, first.size) for s, o, code in zip(sides, own, codes, strict=True)]
            ratio = ratios(both[first], *counts)
            found.append(
                [
                    self._scaled(stratum, side.inside[:, rows] * odds[:, code])
                    for side, rows, code, odds in zip(sides, own, codes, (ratio, 1 / ratio), strict=True)
                ]
            )
        forth, back = (np.concatenate([pair[side] for pair in found], axis=1) for side in (0, 1))
        return forth, back


def _strides(bins: Ints) -> Ints:
    """Return what turns a row of bins into one number."""
    sizes = bins.max(axis=0, initial=0) + 1
    return np.asarray(np.concatenate([[1], np.cumprod(sizes[:-1])]), dtype=np.int64)
