"""Since when, for people to read: what is dated one by one, and what is not once for each reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dawnwatch.model.enums import Pillar
from dawnwatch.model.history import NEW_VALUES, RESCORE, VERSION, Onset

__all__ = ["SinceWhen", "since_when", "subject_of", "what_is_so"]

NAMED = 12
"""So many of a kind are named in one sentence; the packet holds them all."""
STATES: dict[Pillar, tuple[str, str]] = {
    Pillar.QUALITY: ("fails", "fail"),
    Pillar.PERFORMANCE: ("is lower", "are lower"),
    Pillar.DRIFT: ("is drifted", "are drifted"),
}
"""What is so of one thing, and of several; of new values it is their share that is higher."""


class SinceWhen(NamedTuple):
    """One sentence, without its full stop, and the pillars it is of."""

    pillars: list[Pillar]
    text: str


def since_when(onsets: Sequence[Onset]) -> list[SinceWhen]:
    """Return a sentence for each that is dated, in their order, then one for each reason why others cannot be.

    Without a history the reason is one and the same for every feature and slice, so it is said once.
    """
    told = [SinceWhen([one.pillar], one.text) for one in onsets if one.at is not None]
    reasons: dict[str | None, list[Onset]] = {}
    for one in onsets:
        if one.at is None:
            reasons.setdefault(one.reason, []).append(one)
    return told + [_together(reason, alike) for reason, alike in reasons.items()]


def _together(reason: str | None, alike: Sequence[Onset]) -> SinceWhen:
    pillars = list(dict.fromkeys(one.pillar for one in alike))
    if len(alike) == 1 or reason is None:
        return SinceWhen(pillars, "; ".join(dict.fromkeys(one.text for one in alike)))
    states: dict[tuple[str, str], list[str]] = {}
    for one in alike:
        what, state = _state(one)
        states.setdefault(state, []).append(what)
    parts = [f"{_listed(names)} {said[len(names) > 1]}" for said, names in states.items()]
    return SinceWhen(pillars, f"Since when {', and '.join(parts)} cannot be told: {reason}")


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    *first, last = names if more <= 0 else [*names[:NAMED], f"{more} more"]
    return f"{', '.join(first)} and {last}" if first else last


def subject_of(onset: Onset) -> str:
    """Return what is to be dated, such as "AUC in device = mobile"."""
    if onset.check == RESCORE:
        return "logged scores"
    if onset.check == VERSION:
        return f"version {onset.value}"
    if onset.check is not None:
        check = onset.check.replace("_", " ")
        return f"{check} in {onset.column}" if onset.column else check
    if onset.pillar is Pillar.PERFORMANCE:
        return f"AUC in {onset.column} = {onset.value}" if onset.column else "AUC"
    return f"new {onset.column} values" if onset.value == NEW_VALUES else str(onset.column)


def what_is_so(onset: Onset) -> str:
    """Return what is to be dated and how it is now, such as "AUC is lower"."""
    what, (state, _) = _state(onset)
    return f"{what} {state}"


def _state(onset: Onset) -> tuple[str, tuple[str, str]]:
    """Return what is to be dated, and how it is now: of one thing, and of several."""
    if onset.pillar is Pillar.DRIFT and onset.value == NEW_VALUES:
        return f"the share of {subject_of(onset)}", ("is higher", "are higher")
    if onset.check == VERSION:
        return subject_of(onset), ("scores rows", "score rows")
    if onset.check == RESCORE:
        return subject_of(onset), ("are not the model's", "are not the model's")
    return subject_of(onset), STATES[onset.pillar]
