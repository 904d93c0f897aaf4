"""How much of an AUC's fall is a changed mix of the rows, how much of that each feature's, and who carries the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dawnwatch.stats.density_ratio import MOST_RATIO
from dawnwatch.stats.replicates import Part
from dawnwatch.stats.scored import Scored
from dawnwatch.stats.shapley import shapley
from dawnwatch.stats.weighting import Weighting

__all__ = ["LEAST_OVERLAP", "Mix", "mix_of"]

LEAST_OVERLAP = 0.1
"""Share of the rows that weighting must leave in effect, in both directions, before weighted rows are believed."""
COARSE_GROUPS = 16
"""Groups that the features' shares are jackknifed by: each of the coalitions is one more fit."""


@dataclass(frozen=True)
class Mix:
    """What the changed mix takes from the AUC; positive means worse.

    Attributes
    ----------
    total : None where the windows overlap too little
    players : the share of each player, from 16 groups
    rest : what they leave of `total`: kinds of rows that only the columns held beside them tell apart; nought where
        none is held
    carried : what remains, the fall at an equal mix, as the bins of each feature carry it: by feature, a part a bin
    excess : of the same bins, how much more than if all rows had part in that fall alike; see `Weighting.carried`
    overlap : share of the rows in effect after weighting, of the direction that leaves fewer
    """

    total: Part | None
    players: dict[str, Part]
    rest: Part | None
    carried: list[list[Part]]
    excess: list[list[Part]]
    overlap: float


def mix_of(
    then: Scored, now: Scored, players: Mapping[str, Sequence[int]], *, groups: int, held: Sequence[int] = ()
) -> Mix:
    """Return what the mix explains of the fall from `then`, in the strata's shares of `now`, to `now`.

    Parameters
    ----------
    players : which features each player moves; at most `shapley.MOST_PLAYERS`. The mix is that of their features: rows
        alike in these are not weighted by any other
    groups : number of groups of units
    held : columns of the bins that are weighted by beside the players' features, and are no player: finer bins of what
        the AUC depends on, which is the score

    Notes
    -----
    Two things may have changed between the windows: which rows come (the mix) and how their labels go with their
    scores (the concept). Weighting the old rows to the new mix changes the first alone, weighting the new rows back to
    the old mix leaves the second alone; the mix's part is the mean of what it does before and after the concept
    changed, which is its Shapley value. Weights act on rows, so on pairs by their product: pairs of two kinds of rows
    are weighted too.

    Where columns are held, kinds of rows by these that hardly come any more are first left out of the rows then, which
    is mix as well: no weight gives the rows now what they lack, so that both directions are only defined on what the
    windows have in common.

    References
    ----------
    Cai, Namkoong and Yadlowsky, arXiv 2303.02011 (2023). Zhang, Singh, Ghassemi and Joshi, arXiv 2210.10769 (2023).
    """
    features = frozenset(at for some in players.values() for at in some)
    everything = features | frozenset(held)
    whole, shared = Weighting(then, now, groups), _in_common(then, now, sorted(everything) if held else [])
    fine = whole if shared is then else Weighting(shared, now, groups)
    kept = shared.label.size / max(then.label.size, 1)
    overlap = kept * fine.overlap(everything) if _both_classes(shared) else 0.0
    if overlap < LEAST_OVERLAP:
        return Mix(None, {}, None, [], [], overlap)
    total = Part(fine.worth(everything), then.filled(groups) | now.filled(groups))
    if shared is not then:
        total += Part(whole.before - fine.before, then.filled(groups))
    coarse = Weighting(then.coarser(COARSE_GROUPS), now.coarser(COARSE_GROUPS), COARSE_GROUPS)
    some = then.coarser(COARSE_GROUPS).filled(COARSE_GROUPS) | now.coarser(COARSE_GROUPS).filled(COARSE_GROUPS)
    shares = shapley(list(players), lambda who: coarse.worth(frozenset(at for one in who for at in players[one])))
    rest = None
    if held:
        rest = total - Part(whole.worth(features), total.filled)
        coarse = Weighting(shared.coarser(COARSE_GROUPS), now.coarser(COARSE_GROUPS), COARSE_GROUPS)
    found = coarse.carried(everything)
    carried, excess = ([[Part(part, some) for part in pair[at]] for pair in found] for at in (0, 1))
    return Mix(total, {name: Part(values, some) for name, values in shares.items()}, rest, carried, excess, overlap)


def _in_common(then: Scored, now: Scored, columns: Sequence[int]) -> Scored:
    """Return the rows then, less those in bins of which the rows now have less than a twentieth of the share then.

    Of the share in the same stratum. That is beyond what a weight can do: see `density_ratio.MOST_RATIO`.
    """
    kept = np.ones(then.label.size, bool)
    for stratum in np.unique(now.stratum).tolist():
        own = then.stratum == stratum
        for at in columns:
            old, new = then.bins[own, at], now.bins[now.stratum == stratum, at]
            bins = 1 + int(max(old.max(initial=0), new.max(initial=0)))
            shares = [np.bincount(side, minlength=bins) / max(side.size, 1) for side in (old, new)]
            kept[own] &= (shares[1] * MOST_RATIO >= shares[0])[old]
    return then if kept.all() else then.only(kept)


def _both_classes(rows: Scored) -> bool:
    return bool(np.unique(rows.label).size == 2)
