"""Rows of one window weighted to the mix of another, in some of their features: what that does to the AUC."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from dawnwatch.stats.density_ratio import cells_of, ratios
from dawnwatch.stats.replicates import without_each
from dawnwatch.stats.scored import Replicated, Scored, Weights

__all__ = ["Weighting"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Weighting:
    """What moving the mix of some features would do to the AUC.

    Parameters
    ----------
    then, now : rows of both windows; those of a stratum stand for rows of the same one only
    groups : number of groups of units

    Attributes
    ----------
    before, after : AUC of the rows then, in the strata's shares of the rows now, and of those, shape (replicates,)
    """

    def __init__(self, then: Scored, now: Scored, groups: int) -> None:
        self._then, self._now = self._sides = (Replicated(then, groups), Replicated(now, groups))
        self._own = {one: tuple(side.of(one) for side in self._sides) for one in np.unique(now.stratum).tolist()}
        rows = {one: without_each(np.bincount(now.group[now.stratum == one], minlength=groups)) for one in self._own}
        every = np.sum(list(rows.values()), axis=0)
        self._share = {one: of / every for one, of in rows.items()}
        self._replicates = groups + 1
        self._even = self._fit([])
        self.before, self.after = (side.auc(even) for side, even in zip(self._sides, self._even, strict=True))
        self._found: dict[frozenset[int], tuple[Weights, Weights]] = {}

    def worth(self, who: frozenset[int]) -> Floats:
        """Return the mean fall of the AUC from moving the mix before and after all else moved; shape (replicates,)."""
        if not who:
            return np.zeros(self._replicates)
        forth, back = self._weights(who)
        return np.asarray((self.before - self._then.auc(forth) + self._now.auc(back) - self.after) / 2)

    def like(self, who: frozenset[int]) -> tuple[Floats, float]:
        """Return the AUC of the rows then, weighted to the mix now, shape (replicates,), and the share in effect."""
        forth = self._weights(who)[0]
        own = forth.odds[forth.kind, 0]
        return self._then.auc(forth), float(own.sum() ** 2 / (own.size * (own @ own)))

    def overlap(self, who: frozenset[int]) -> float:
        """Return the share of rows in effect, (Σ w)² / (n Σ w²), of the stratum and direction where it is smallest."""
        found = [1.0]
        for at, weights in enumerate(self._weights(who)):
            for sides in self._own.values():
                own = weights.odds[weights.kind[sides[at]], 0]
                if own.size:
                    found.append(float(own.sum() ** 2 / (own.size * (own @ own))))
        return min(found)

    def carried(self, who: frozenset[int]) -> list[tuple[Floats, Floats]]:
        """Return by how much rows of each bin carry less than they did at an equal mix of these features.

        Returns
        -------
        by feature, be it one of these or not: that, and by how much more than if all rows had part in the fall alike,
        shape (bins, replicates) each

        Notes
        -----
        Every bin of every feature carries some of a fall, also where it has no more to do with it than any other. What
        it would carry then is reckoned in two ways, and the smaller excess is returned: each of its pairs lost as much
        as any pair; or the order came nearer to chance by the same factor everywhere, as when labels are flipped at
        random, which costs rows that were ranked well more than others. How many rows lie in a bin in either window
        cancels in both, so that it adds no noise.
        """
        features = range(self._then.rows.bins.shape[1])
        fitted = self._weights(who)
        # At the new mix and at the old one: the rows then as they were fitted to it, and as they are.
        mixes = [(fitted[0], self._even[1]), (self._even[0], fitted[1])]
        lost, by_pairs, by_order = (
            [sum(parts) for parts in zip(*side, strict=True)]
            for side in zip(*(_shares(self._sides, mix) for mix in mixes), strict=True)
        )
        found = []
        for at in features:
            codes = [side.rows.bins[:, at] for side in self._sides]
            bins = 1 + max(int(code.max(initial=0)) for code in codes)
            picked = [_picked(code, bins).T for code in codes]
            less, pairs, order = (
                np.asarray(picked[0] @ then - picked[1] @ now) / 2 for then, now in (lost, by_pairs, by_order)
            )
            found.append((less, np.minimum(pairs, order)))
        return found

    def gaps(self, who: frozenset[int]) -> list[tuple[Floats, Floats]]:
        """Return by how much the shares of every feature's bins differ once the mix of these features is moved.

        Returns
        -------
        by feature: the share now less the share of the rows then, weighted, shape (bins, replicates), and the mean of
        both, shape (bins,)
        """
        sides = zip(self._sides, (self._weights(who)[0], self._even[1]), strict=True)
        weights = [side.replicates(weights) for side, weights in sides]
        found = []
        for codes in zip(*(side.rows.bins.T for side in self._sides), strict=True):
            bins = 1 + max(int(code.max(initial=0)) for code in codes)
            then, now = (_picked(code, bins).T @ weight for code, weight in zip(codes, weights, strict=True))
            then, now = then / np.maximum(then.sum(axis=0), 1e-12), now / np.maximum(now.sum(axis=0), 1e-12)
            found.append((now - then, (then[:, 0] + now[:, 0]) / 2))
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


def _shares(sides: tuple[Replicated, Replicated], mix: tuple[Weights, Weights]) -> list[list[Floats]]:
    """Return what rows of either window carry at one mix, and what of it is not what any pair loses.

    Returns
    -------
    three times a pair, then and now, shape (rows, replicates): what each row carries of the AUC; that less its share of
    the pairs times the AUC; and its part above one half, that of the rows then times the factor by which the whole
    came nearer to one half. Sums of the second and third are alike then and now where all rows have part alike.
    """
    carried = [side.carried(weights) for side, weights in zip(sides, mix, strict=True)]
    pairs = [_of_pairs(side, weights) for side, weights in zip(sides, mix, strict=True)]
    aucs = [amount.sum(axis=0) for amount in carried]
    each = [amount - auc * of for amount, auc, of in zip(carried, aucs, pairs, strict=True)]
    above = [amount - of / 2 for amount, of in zip(carried, pairs, strict=True)]
    # Scores that told nothing then have no order to lose.
    kept = (aucs[1] - 0.5) / np.where(aucs[0] > 0.5, aucs[0] - 0.5, np.inf)
    return [carried, each, [kept * above[0], above[1]]]


def _of_pairs(side: Replicated, weights: Weights) -> Floats:
    """Return each row's share of the pairs, which is half of that of its class; shape (rows, replicates)."""
    amount = side.replicates(weights)
    for label in (0, 1):
        own = side.rows.label == label
        amount[own] /= 2 * np.maximum(amount[own].sum(axis=0), 1e-12)
    return amount


def _picked(code: Ints, codes: int) -> csr_matrix:
    """Return a matrix of zeros and a one a row, shape (rows, codes)."""
    return csr_matrix((np.ones(code.size), code, np.arange(code.size + 1)), shape=(code.size, codes))
