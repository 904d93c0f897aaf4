"""An incident put together from its window's case, the windows around it, and recorded events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from dawnwatch.model.history import Event
from dawnwatch.model.incident import Incident, Moment
from dawnwatch.model.ledger import Entry
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.replay import Replay
from dawnwatch.triage.cases import Case
from dawnwatch.triage.recovery import recovery
from dawnwatch.triage.standing import settled

__all__ = ["incident"]

LOOK_BACK = timedelta(days=2)
"""How long before the window an event is still told, where no good window before it is known."""


def incident(case: Case, every: Sequence[Case], events: Iterable[Event] = ()) -> Incident:
    """Return what a review of a case is drafted from.

    Parameters
    ----------
    every : all cases of the results folder, the case among them
    events : recorded events; those from the last good window (else two days before the window) to the recovery, or to
        the newest window where there is none, are told. That one happened then does not say that it was the cause
    """
    after = recovery(case, every)
    found = [*_window(case), *_onsets(case), *_runs(case), *_replays(case), *_said(case.entries)]
    found += _later(case, every, after.packet)
    if after.failed_again_at is not None:
        found.append(Moment(at=after.failed_again_at, text="failed again"))
    begin, end = _begin(case, every), max(moment.at for moment in found)
    found += [_event(event) for event in events if begin <= event.at <= end]
    if case.packet.sla.due_at is not None:
        found.append(Moment(at=case.packet.sla.due_at, text="due: by then someone was to have acted"))
    return Incident(
        packet=case.packet,
        paged_at=case.at,
        entries=list(case.entries),
        decided=case.decided,
        hours_to_decision=case.hours_to_decision,
        alarm=case.alarm,
        recovery=after,
        replay=None if case.replay is None else settled(_run_of(case, case.replay), case.replay),
        other_replays=[settled(_run_of(case, one), one) for one in case.replays if one is not case.replay],
        advised=case.advice(case.decided.at if case.decided else None),
        runs=[run.id for run in case.runs],
        timeline=sorted(found, key=lambda moment: moment.at),
    )


def _window(case: Case) -> Iterator[Moment]:
    rows = case.packet.provenance.current
    if rows.first_at is not None:
        yield Moment(at=rows.first_at, text="first row of the window")
    if rows.last_at is not None:
        yield Moment(at=rows.last_at, text="last row of the window")


def _onsets(case: Case) -> Iterator[Moment]:
    for onset in case.packet.diagnosis.onsets:
        if onset.at is not None:
            yield Moment(at=onset.at, text=f"onset: {onset.text}")


def _runs(case: Case) -> Iterator[Moment]:
    for number, run in enumerate(case.runs):
        again = "the same rows judged again: " if number else "judged "
        text = f"{again}{run.severity.value} ({run.rule})"
        if run is case.page:
            text += ": the page"
        yield Moment(at=run.created_at, text=text)


def _replays(case: Case) -> Iterator[Moment]:
    for one in case.replays:
        found = settled(_run_of(case, one), one)
        tried = ", ".join(sorted(found.tried - {"wait"})) or "nothing"
        left = "" if one is case.replay else "; another replay stands"
        text = f"actions replayed by dawnwatch decide ({tried}): {found.verdict}{left}"
        yield Moment(at=one.created_at, text=text)


def _run_of(case: Case, replay: Replay) -> TriagePacket:
    return next(run for run in case.runs if run.id == replay.packet)


def _said(entries: Iterable[Entry]) -> Iterator[Moment]:
    for entry in entries:
        told = [f"decided: {entry.decision}"] if entry.decision else []
        told += [f"alarm found to be: {entry.alarm}"] if entry.alarm else []
        by, note = f", by {entry.by}" if entry.by else "", f": {entry.note}" if entry.note else ""
        yield Moment(at=entry.at, text="; ".join(told) + by + note)


def _later(case: Case, every: Sequence[Case], recovered: str | None) -> Iterator[Moment]:
    """Yield the later windows up to the recovery; where there is none, up to the newest."""
    for other in every:
        packet = other.packet
        if packet.project != case.packet.project or other.at <= case.at:
            continue
        word = "recovered" if packet.id == recovered else f"a later window: {packet.severity.value}"
        yield Moment(at=other.at, text=f"{word} ({packet.rule})")
        if packet.id == recovered:
            return


def _begin(case: Case, every: Sequence[Case]) -> datetime:
    """Return from when on an event may matter."""
    before = [
        other.packet.provenance.current.last_at or other.packet.created_at
        for other in every
        if other.packet.project == case.packet.project and not other.paged and other.at < case.at
    ]
    first = case.packet.provenance.current.first_at or case.packet.created_at
    return max((at for at in before if at <= first), default=first - LOOK_BACK)


def _event(event: Event) -> Moment:
    return Moment(at=event.at, text=f"event: {event.text}" + (f" ({event.kind})" if event.kind else ""))
