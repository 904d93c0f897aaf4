"""How much of an AUC's fall is a changed mix of the rows, how much of that each feature's, and who carries the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    players : the share of each player, whose sum is `total`, from 16 groups
    carried : what remains, the fall at an equal mix, as the bins of each feature carry it: by feature, a part a bin
    excess : of the same bins, how much more than if all rows had part in that fall alike; see `Weighting.carried`
    overlap : share of the rows in effect after weighting, of the direction that leaves fewer
    """

    total: Part | None
    players: dict[str, Part]
    carried: list[list[Part]]
    excess: list[list[Part]]
    overlap: float


def mix_of(then: Scored, now: Scored, players: Mapping[str, Sequence[int]], *, groups: int) -> Mix:
    """Return what the mix explains of the fall from `then`, in the strata's shares of `now`, to `now`.

    Parameters
    ----------
    players : which features each player moves; at most `shapley.MOST_PLAYERS`. The mix is that of their features: rows
        alike in these are not weighted by any other
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
    fine = Weighting(then, now, groups)
    everything = frozenset(at for some in players.values() for at in some)
    overlap = fine.overlap(everything)
    if overlap < LEAST_OVERLAP:
        return Mix(None, {}, [], [], overlap)
    total = Part(fine.worth(everything), then.filled(groups) | now.filled(groups))
    coarse = Weighting(then.coarser(COARSE_GROUPS), now.coarser(COARSE_GROUPS), COARSE_GROUPS)
    some = then.coarser(COARSE_GROUPS).filled(COARSE_GROUPS) | now.coarser(COARSE_GROUPS).filled(COARSE_GROUPS)
    shares = shapley(list(players), lambda who: coarse.worth(frozenset(at for one in who for at in players[one])))
    found = coarse.carried(everything)
    carried, excess = ([[Part(part, some) for part in pair[at]] for pair in found] for at in (0, 1))
    return Mix(total, {name: Part(values, some) for name, values in shares.items()}, carried, excess, overlap)
