"""Windows as cases: the runs on the same rows, and what people said of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dawnwatch.model.enums import Severity
from dawnwatch.model.ledger import Alarm, Entry
from dawnwatch.model.packet import Decision, TriagePacket
from dawnwatch.model.replay import Replay, standing_of
from dawnwatch.triage.standing import standing

__all__ = ["Case", "cases", "said_of"]


@dataclass(frozen=True)
class Case:
    """One window of one model: what a page, and an incident, is about.

    Attributes
    ----------
    packet : the newest run, by which it is judged; the earlier ones are told as runs on the same rows
    runs : every run on these rows, earliest first
    entries : what people said of any of them, in the order of recording
    page_at : severity from which on a run pages someone
    replays : what `dawnwatch decide` kept of any of them, earliest first
    """

    packet: TriagePacket
    runs: tuple[TriagePacket, ...]
    entries: tuple[Entry, ...]
    page_at: Severity
    replays: tuple[Replay, ...] = ()

    @property
    def page(self) -> TriagePacket | None:
        """The first run that called someone; None where none did."""
        return next((run for run in self.runs if run.severity.rank >= self.page_at.rank), None)

    @property
    def paged(self) -> bool:
        """Whether it called someone, if only when it was first judged: that call is not undone by judging again."""
        return self.page is not None

    @property
    def pages_now(self) -> bool:
        """Whether it does as it was judged last."""
        return self.packet.severity.rank >= self.page_at.rank

    @property
    def at(self) -> datetime:
        """When someone was first called; where nobody was, when it was first judged."""
        return (self.page or self.runs[0]).created_at

    @property
    def replay(self) -> Replay | None:
        """The replay that stands, of the run that was replayed last."""
        return standing_of(one for one in self.replays if one.packet == self.replays[-1].packet)

    def advice(self, until: datetime | None = None) -> Decision:
        """Return what was advised: by the newest run, or by the replay of it that stands; as far as known at a time."""
        known = [run for run in self.runs if until is None or run.created_at <= until] or [self.runs[0]]
        own = (one for one in self.replays if one.packet == known[-1].id and _by(one.created_at, until))
        found = standing_of(own)
        return known[-1].decision if found is None else standing(known[-1], found).decision

    @property
    def decisions(self) -> list[Entry]:
        """Every decision, in the order of recording."""
        return [entry for entry in self.entries if entry.decision is not None]

    @property
    def decided(self) -> Entry | None:
        """The decision that stands: the newest."""
        return self.decisions[-1] if self.decisions else None

    @property
    def alarm(self) -> Alarm | None:
        """What the alarm was found to be, by the newest entry that says so; None where nobody judged it."""
        return next((entry.alarm for entry in reversed(self.entries) if entry.alarm is not None), None)

    @property
    def hours_to_decision(self) -> float | None:
        """From the page to the first decision; None where there is none, or a clock put it before the page."""
        if not self.decisions:
            return None
        waited = min(entry.at for entry in self.decisions) - self.at
        return waited.total_seconds() / 3600 if waited.total_seconds() >= 0 else None


def cases(
    packets: Iterable[TriagePacket],
    entries: Sequence[Entry],
    *,
    page_at: Severity = Severity.HIGH,
    replays: Iterable[Replay] = (),
) -> list[Case]:
    """Return one case for each window of each model, in the order in which they were first judged.

    Windows are the same where project, version of the model and rows are, whether their labels had come or not: the
    same rows judged twice are one case, not two pages.

    Parameters
    ----------
    replays : what `dawnwatch decide` kept of any of the packets
    """
    grouped: dict[tuple[str, str | None, str], list[TriagePacket]] = {}
    for packet in sorted(packets, key=lambda packet: packet.created_at):
        rows = packet.provenance.current
        key = packet.project, packet.provenance.model_version, rows.fingerprint_without_label or rows.fingerprint
        grouped.setdefault(key, []).append(packet)
    kept = sorted(replays, key=lambda one: one.created_at)
    found = []
    for runs in grouped.values():
        known = {run.id for run in runs}
        own = tuple(one for one in kept if one.packet in known)
        found.append(Case(runs[-1], tuple(runs), tuple(said_of(runs, entries)), page_at, own))
    return sorted(found, key=lambda case: case.runs[0].created_at)


def _by(at: datetime, until: datetime | None) -> bool:
    return until is None or at <= until


def said_of(runs: Sequence[TriagePacket], entries: Sequence[Entry]) -> list[Entry]:
    """Return what was said of some runs: the decisions their packets hold, and the ledger's entries."""
    known = {run.id for run in runs}
    at_once = [entry for entry in map(_at_the_keyboard, runs) if entry is not None]
    return sorted([*at_once, *(e for e in entries if e.packet in known)], key=lambda entry: entry.recorded_at)


def _at_the_keyboard(packet: TriagePacket) -> Entry | None:
    """Return the decision that a steered run left in its packet."""
    human = packet.human_decision
    if human.decision is None:
        return None
    at = human.at or packet.created_at
    return Entry(
        id=packet.id,
        packet=packet.id,
        window=packet.provenance.current.fingerprint,
        at=at,
        recorded_at=at,
        decision=human.decision,
        by=human.by,
        note=human.note,
    )
