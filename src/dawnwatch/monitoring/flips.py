"""How surely it is known where a severity flips: exactly, or within the bound of an AUC that is read off score bins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from dawnwatch.model.enums import Outcome
from dawnwatch.model.measurement import Interval
from dawnwatch.model.performance import Performance
from dawnwatch.model.what_if import Flip, Sweep

__all__ = ["Fall", "drops_of", "flips", "inexact"]

NAMED = 6
"""Slices that a note names."""
JUDGED = {Outcome.PASSED, Outcome.WARNED, Outcome.FAILED}


@dataclass(frozen=True)
class Fall:
    """How far an AUC fell, overall or in a slice, and by how much at most that may be off."""

    name: str
    value: float
    bound: float
    interval: Interval | None
    outcome: Outcome


def drops_of(section: Performance) -> dict[str, Fall]:
    """Return every fall of the AUC that was judged, by name: "overall", then the slices."""
    found = [("overall", section.reference, section.current, section.drop, section.drop.outcome)]
    found += [(s.name, s.reference, s.current, s.drop, s.outcome) for s in section.slices]
    for one in section.versions:
        rival = one.others if one.against == "others" else section.reference
        found.append((f"version {one.version}", rival, one.auc, one.drop, one.outcome))
    return {
        name: Fall(name, drop.value, reference.bound + current.bound, drop.interval, outcome)
        for name, reference, current, drop, outcome in found
        if drop.value is not None and outcome in JUDGED
    }


def flips(sweep: Sweep, measured: Mapping[str, float]) -> list[Flip]:
    """Return where severity or rule changes over a sweep, each with the values between which it surely lies.

    Parameters
    ----------
    measured : what each check of `sweep.bounds` measured
    """
    found = []
    for before, after in pairwise(sweep.severities):
        value = after.span.low
        low, high = _range(sweep, value, measured)
        found.append(
            Flip(
                value=value,
                included=after.span.low_included,
                low=low,
                high=high,
                before=before.severity,
                after=after.severity,
            )
        )
    return found


def _range(sweep: Sweep, value: float, measured: Mapping[str, float]) -> tuple[float, float]:
    """Return the values between which a flip at `value` lies.

    A fact holds until the threshold passes the largest fall among its checks. That maximum moves by no more than its
    checks do: it is at least what any of them surely fell by, and at most what any of them may have.
    """
    if not sweep.bounds:
        return value, value
    before = {name: spans[0][1] for name, spans in sweep.turning.items()}
    up_to = {name: fall for name, fall in measured.items() if fall <= value}
    turned = {before.get(name) for name, fall in up_to.items() if fall == value}
    low = max(fall - sweep.bounds.get(name, 0.0) for name, fall in up_to.items() if before.get(name) in turned)
    high = max(fall + sweep.bounds.get(name, 0.0) for name, fall in up_to.items())
    return max(low, 0.0), min(high, 1.0)


def inexact(falls: Iterable[Fall]) -> list[str]:
    """Say what score bins leave open: by how much a fall may be off, and which verdicts that may change in kind."""
    binned = [fall for fall in falls if fall.bound > 0]
    if not binned:
        return []
    whole = [f"{_off(fall.bound)} overall" for fall in binned if fall.name == "overall"]
    slices = [fall.bound for fall in binned if fall.name != "overall"]
    parts = [*whole, *([f"{_off(max(slices))} in a slice"] if slices else [])]
    notes = [f"the AUC is read off score bins here: a fall may be off by {', '.join(parts)}"]
    hidden = [fall.name for fall in binned if fall.value <= 0 < fall.value + fall.bound]
    if hidden:
        notes.append(f"whether the AUC fell at all is within that error: {_some(hidden)}")
    lows = {fall.name: (fall.interval[0], 2 * fall.bound) for fall in binned if fall.interval}
    noise = [name for name, (low, most) in lows.items() if low <= 0 < low + most]
    if noise:
        notes.append(f"whether a fall is more than noise is within that error: {_some(noise)}")
    return notes


def _off(bound: float) -> str:
    """Write a bound with one digit, rounded up."""
    digits = -floor(log10(bound))
    return f"±{ceil(bound * 10**digits) / 10**digits:g}"


def _some(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more}"
