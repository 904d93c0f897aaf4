"""Since when, in the headline: as coarsely as it is known, with what was recorded in that time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from dawnwatch.model.enums import Pillar
from dawnwatch.model.history import NEW_VALUES, Onset
from dawnwatch.model.numbers import moment, plural
from dawnwatch.model.onset_words import subject_of, what_is_so
from dawnwatch.triage.causes import MOST, mostly, of_units
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.onset import leading

__all__ = ["since_sentence"]

COARSE = timedelta(days=2)
"""Width of an interval from which on a day says all that is known, and a minute more than that."""
LONGEST = 60
"""Characters of an event's text that a headline has room for."""


class _Lead(NamedTuple):
    """What is dated, its interval, and what makes it the one to tell; "" of the gravest itself."""

    onset: Onset
    at: datetime
    earliest: datetime
    latest: datetime
    because: str = ""

    @classmethod
    def of(cls, onset: Onset, because: str = "") -> _Lead | None:
        if onset.at is None or onset.earliest is None or onset.latest is None:
            return None
        return cls(onset, onset.at, onset.earliest, onset.latest, because)

    @property
    def width(self) -> timedelta:
        return self.latest - self.earliest


def since_sentence(evidence: Evidence) -> str:
    """Return the headline's last sentence; "" where nothing is to be dated, or no history was asked for.

    It is of the gravest thing found, or of what explains that where it is dated more sharply, as that one's own: a
    feature that most of a fall is of, or the only slice that fell more than the others. Where the gravest is not dated
    and another is, that one's date is told as its own.
    """
    found = evidence.onsets
    first = leading(found)
    if first is None:
        return ""
    own, explaining = _Lead.of(first), _explaining(first, evidence)
    lead = explaining or own
    if own is not None and lead is not None:
        because = f", {lead.because}" if lead.because else ""
        creeping = ", ever more" if lead.onset.shape == "ramp" else ""
        what = f"{subject_of(lead.onset)}{because}{creeping}"
        return f" Since {_when(lead)} ({'; '.join(filter(None, (what, _interval(lead))))}){_recorded(lead)}."
    other = lead or next(filter(None, map(_Lead.of, found)), None)
    if other is not None:
        interval = f" ({_interval(other)})" if _interval(other) else ""
        told = f"{what_is_so(other.onset)} since {_when(other)}{interval}{_recorded(other)}"
        return f" Since when {what_is_so(first)} cannot be told; {told}."
    if first.windows is None:
        return ""
    return f" Cannot tell since when: {plural(first.windows, 'window')} of history."


def _explaining(first: Onset, evidence: Evidence) -> _Lead | None:
    """Return what explains the fall of the AUC as a whole and is dated more sharply, within its interval; else None."""
    if (first.pillar, first.check, first.column) != (Pillar.PERFORMANCE, None, None):
        return None
    own = _Lead.of(first)
    dated = [lead for one, because in _reasons(evidence) if (lead := _Lead.of(one, because)) is not None]
    if own is not None:  # dates that exclude each other are not of one thing
        dated = [one for one in dated if one.earliest <= own.latest and own.earliest <= one.latest]
        dated = [one for one in dated if one.width < own.width]
    return min(dated, key=lambda one: one.width, default=None)


def _reasons(evidence: Evidence) -> Iterator[tuple[Onset, str]]:
    """Yield what explains most of the fall, or all of it that a declared slice shows, and in which words."""
    most = mostly(evidence)
    column, new = None, False
    if most is not None:
        column, new = most.column, of_units(most, evidence)
        top = most.top_slices[0] if most.top_slices else None
        # A changed mix is of no one column, but most of the fall may be one feature's.
        surely = top is not None and top.interval is not None and top.interval[0] > 0
        if most.cause == "mix" and top is not None and surely and top.amount >= MOST * (evidence.fall or 0.0):
            column = top.column
    apart = [part for part in evidence.performance.slices if evidence.performance.fell_apart(part)]
    only = (apart[0].column, apart[0].value) if len(apart) == 1 else None
    for one in evidence.onsets:
        if one.pillar is Pillar.PERFORMANCE and only is not None and (one.column, one.value) == only:
            yield one, "which fell more than the rest"
        moved = one.pillar is not Pillar.PERFORMANCE and column is not None and one.column == column
        if moved and (one.value == NEW_VALUES) is new:
            yield one, f"which explain{'' if new else 's'} most of the fall"


def _when(lead: _Lead) -> str:
    """Say when: by days where minutes are not known, else to the minute."""
    if lead.width < COARSE:
        return f"about {moment(lead.at)}"
    start, end = (f"{when:%Y-%m-%d}" for when in (lead.earliest, lead.latest))
    return f"between {start} and {end}, likely about {_brief(lead, lead.at)}"


def _interval(lead: _Lead) -> str:
    """Return the interval beside a minute; "" where `_when` has it already, or it is within that minute."""
    start, end = (_brief(lead, when) for when in (lead.earliest, lead.latest))
    return "" if lead.width >= COARSE or start == end else f"{start} to {end}"


def _brief(lead: _Lead, when: datetime) -> str:
    """Write a time as coarsely as the interval is, without what it shares with the time that stands there."""
    year = "" if lead.earliest.year == lead.latest.year else f"{when:%Y}-"
    if lead.width >= COARSE:
        return f"{year}{when:%m-%d}"
    same_day = lead.earliest.date() == lead.at.date() == lead.latest.date()
    return f"{when:%H:%M}" if same_day else f"{year}{when:%m-%d %H:%M}"


def _recorded(lead: _Lead) -> str:
    """Name the event in the interval that is nearest to the date, and how many more there are; "" without any."""
    events = sorted(lead.onset.events, key=lambda event: abs(event.at - lead.at))
    if not events:
        return ""
    text = events[0].text
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    more = f" and {plural(len(events) - 1, 'more event')}" if len(events) > 1 else ""
    return f"; in that time: {text} ({_brief(lead, events[0].at)}){more}"
