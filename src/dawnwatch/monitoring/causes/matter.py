"""Which rows come, and how labels go with scores: what is left of a fall, as mix and as concept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.causes import CauseSlice, Harm
from dawnwatch.model.numbers import few
from dawnwatch.model.plan import UNIT_GROUPS
from dawnwatch.monitoring.causes.by_score import PIECES, tie_of, with_score
from dawnwatch.monitoring.causes.frame import Frame
from dawnwatch.monitoring.causes.novelty import KNOWN, NEW, Units
from dawnwatch.monitoring.causes.sampled import Cuts, Sampled
from dawnwatch.stats.mix import LEAST_OVERLAP, Mix, mix_of
from dawnwatch.stats.movers import MOST_WEIGHTED, Movers, movers
from dawnwatch.stats.multiplicity import bonferroni_level
from dawnwatch.stats.replicates import Part
from dawnwatch.stats.scored import Scored
from dawnwatch.stats.shapley import MOST_PLAYERS

__all__ = ["mix_and_concept"]

LEAST_ROWS = 100
NAMED = 8
"""Features named in a sentence; the others are counted."""
OTHERS = "the other features"
SCORE = "the score"
TOP = 3
Ints = NDArray[np.int64]


def mix_and_concept(frame: Frame, units: Units | None) -> None:
    """Take off what the changed mix of the features explains; what then is left is concept."""
    if frame.apart:
        # In fifths of the reference they would all lie in the outermost, and look like rows that were there before.
        frame.unresolved.append(
            f"How much is novelty, how much the mix and how much the concept: nearly no row has a value of "
            f"{few(frame.apart, NAMED)} that the reference held, so the windows have no kind of rows in common"
        )
        frame.take("concept", frame.left, column=None, resolvable=False, assumptions=[])
        return
    then, now, features = _rows(frame, units)
    weighted = Movers(list(range(len(features))), balanced=False)
    if not features or min(_classes(then), _classes(now)) < LEAST_ROWS:
        frame.unresolved.append("How much is the mix and how much the concept: too few labelled rows, or no features")
        frame.take("concept", frame.left, resolvable=False, assumptions=[])
        return
    if len(features) > MOST_WEIGHTED:
        weighted = movers(then, now, groups=UNIT_GROUPS)
    players = _players(features, weighted.features, then, now)
    names = [name for at, name in enumerate(features) if at in weighted.features]
    tie = tie_of(frame)
    if tie != "broken":
        finer = mix_of(*with_score(then, now), players, groups=UNIT_GROUPS, held=[len(features)])
    if tie == "sure":
        found, names = finer, [*names, SCORE]
    else:
        found = mix_of(then, now, players, groups=UNIT_GROUPS)
        if tie == "open" and _only_coarsely(frame, found, finer):
            frame.unresolved.append(
                "How much is the mix and how much the concept: between rows alike in the features labels go with the "
                "scores otherwise than before, between rows alike in the score as well they need not, and nothing "
                "tells that the scores are the same function of the features in both windows ([model] path would)"
            )
            frame.take("concept", frame.left, resolvable=False, assumptions=[])
            return
    if found.total is None or not found.total.known:
        frame.unresolved.append(
            "How much is the mix and how much the concept: the windows have too little in common in "
            f"{few(names, NAMED)} ({found.overlap:.0%} of the rows are in effect when weighted, of {LEAST_OVERLAP:.0%} "
            "needed)"
        )
        frame.take("concept", frame.left, resolvable=False, assumptions=[])
        return
    _mix(frame, found, found.total, names, _rest(len(features), weighted))
    _concept(frame, features, found)


def _mix(frame: Frame, found: Mix, total: Part, names: list[str], rest: str) -> None:
    frame.harms += [
        Harm(column=name, amount=part.value, interval=part.interval(frame.confidence))
        for name, part in found.players.items()
        if name != OTHERS
    ]
    alike = "these features"
    parts = [(name, None, part) for name, part in found.players.items()]
    if found.rest is not None:
        alike = "these"
        parts.append((frame.run.current.plan.score or SCORE, None, found.rest))
    fine = f", the score in {PIECES} parts" if found.rest is not None else ""
    frame.take(
        "mix",
        total,
        assumptions=[
            f"The mix is that of {few(names, NAMED)}, numbers in fifths{fine}; {rest}",
            f"But for the concept, rows alike in {alike} would have the labels"
            + (" they had then" if found.rest is not None else " and scores they had then"),
        ],
        top_slices=_largest(frame, parts),
    )


def _only_coarsely(frame: Frame, coarse: Mix, fine: Mix) -> bool:
    """Whether a concept surely is worse between rows alike in the features, and not between rows alike in the score."""
    if any(one.total is None or not one.total.known for one in (coarse, fine)):
        return False
    left = [(frame.left - one.total).interval(frame.confidence)[0] for one in (coarse, fine) if one.total is not None]
    return left[0] > 0 >= left[1]


def _rest(features: int, weighted: Movers) -> str:
    """Say what became of the features that rows are not weighted by."""
    quiet = features - len(weighted.features)
    if not quiet:
        return "what else moved counts as concept"
    if weighted.balanced:
        return (
            f"between rows alike in these the other {quiet} differ by no more than chance; what did counts as concept"
        )
    return f"what moved in the other {quiet} counts as concept"


def _concept(frame: Frame, features: dict[str, Cuts], found: Mix) -> None:
    watched = {*frame.run.config.watched, *frame.run.config.roles.slices}
    excess = [
        (name, value, part)
        for (name, cuts), parts in zip(features.items(), found.excess, strict=False)
        if name in watched
        for value, part in zip(cuts.names, parts, strict=False)
    ]
    frame.take(
        "concept",
        frame.left,
        assumptions=["It is what the other parts leave, so what they miss is in it"],
        top_slices=_standing_out(frame, excess),
    )


def _rows(frame: Frame, units: Units | None) -> tuple[Scored, Scored, dict[str, Cuts]]:
    """Return the rows of both windows that have a counterpart in the other, and their features' bins."""
    then, now, kept_then, kept_now = frame.then, frame.now, frame.kept_then, frame.kept_now
    honest = None if frame.run.by_unit is None or units is None else Sampled.of(frame.run.by_unit)
    apart = units is not None and bool(units.then[KNOWN, 0].any())
    if apart and units is not None:
        if honest is not None:
            kept_then = kept_then & (then.stratum == KNOWN)
        elif units.honest is None:
            kept_then, kept_now = (k & (s.stratum == KNOWN) for k, s in ((kept_then, then), (kept_now, now)))
    else:
        honest = None
    private = frame.run.current.plan.private
    names = [name for name in _features(frame) if name not in private and name in then.names and name in now.names]
    sides = [then, now] if honest is None else [then, now, honest]
    features = {name: then.cuts(name) for name in names}
    codes = [
        np.stack([side.bins(name, cuts) for name, cuts in features.items()], axis=1) if features else None
        for side in sides
    ]
    stratum = None if apart else KNOWN
    before = then.scored(kept_then, codes[0], stratum=stratum)
    after = now.scored(kept_now, codes[1], stratum=stratum)
    if honest is not None:
        before = _joined(before, honest.scored(honest.labelled, codes[2], stratum=NEW))
    both = np.intersect1d(before.stratum, after.stratum)
    return before.only(np.isin(before.stratum, both)), after.only(np.isin(after.stratum, both)), features


def _features(frame: Frame) -> list[str]:
    config = frame.run.config
    return list(dict.fromkeys([*config.model.features, *config.watched, *config.roles.slices]))


def _joined(one: Scored, other: Scored) -> Scored:
    return Scored(
        *(
            np.concatenate([getattr(one, name), getattr(other, name)])
            for name in ("group", "label", "score", "stratum", "bins")
        )
    )


def _players(features: dict[str, Cuts], weighted: Sequence[int], then: Scored, now: Scored) -> dict[str, list[int]]:
    """Return each weighted feature as a player; of more than there can be, those that moved least play together."""
    names = list(features)
    if len(weighted) <= MOST_PLAYERS:
        return {names[at]: [at] for at in weighted}
    moved = {at: _moved(then, now, at) for at in weighted}
    ranked = sorted(moved, key=lambda at: -moved[at])
    alone, together = ranked[: MOST_PLAYERS - 1], ranked[MOST_PLAYERS - 1 :]
    return {**{names[at]: [at] for at in alone}, OTHERS: sorted(together)}


def _moved(then: Scored, now: Scored, at: int) -> float:
    """Return the total variation between the windows of one feature, in the strata's shares now."""
    total = 0.0
    for stratum in np.unique(now.stratum):
        sides = [side.bins[side.stratum == stratum, at] for side in (then, now)]
        bins = 1 + max(int(side.max()) for side in sides)
        shares = [np.bincount(side, minlength=bins) / side.size for side in sides]
        total += float(np.abs(shares[0] - shares[1]).sum()) / 2 * sides[1].size / now.label.size
    return total


def _classes(rows: Scored) -> int:
    """Return how many rows the smaller class has."""
    return int(np.bincount(rows.label, minlength=2).min())


def _standing_out(frame: Frame, parts: Sequence[tuple[str, str | None, Part]]) -> list[CauseSlice]:
    """Return the bins that carry more of the fall than if all rows had part in it alike, most first.

    Only those of which that is sure though all of these bins were searched (Bonferroni). Intervals are at that level.
    """
    known = [one for one in parts if one[2].known and one[2].value > 0]
    if not known:
        return []
    level = 1 - bonferroni_level(1 - frame.confidence, len(parts))
    found = [
        CauseSlice(column=name, value=value, amount=part.value, interval=part.interval(level))
        for name, value, part in known
    ]
    sure = [one for one in found if one.interval is not None and one.interval[0] > 0]
    return sorted(sure, key=lambda one: -one.amount)[:TOP]


def _largest(frame: Frame, parts: Sequence[tuple[str, str | None, Part]]) -> list[CauseSlice]:
    """Return the parts that take most from the AUC, largest first."""
    known = [(name, value, part) for name, value, part in parts if part.known and part.value]
    known.sort(key=lambda found: -found[2].value)
    return [
        CauseSlice(column=name, value=value, amount=part.value, interval=part.interval(frame.confidence))
        for name, value, part in known[:TOP]
    ]
