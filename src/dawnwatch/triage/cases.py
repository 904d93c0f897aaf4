"""Windows as cases: the runs on the same rows, and what people said of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dawnwatch.model.enums import Severity
from dawnwatch.model.ledger import Alarm, Entry
from dawnwatch.model.packet import TriagePacket

__all__ = ["Case", "cases", "said_of"]


@dataclass(frozen=True)
class Case:
    """One window of one project.

    Attributes
    ----------
    packet : the first run that paged; where none did, the first
    runs : every run on these rows, earliest first
    entries : what people said of any of them, in the order of recording
    page_at : severity from which on a run pages someone
    """

    packet: TriagePacket
    runs: tuple[TriagePacket, ...]
    entries: tuple[Entry, ...]
    page_at: Severity

    @property
    def paged(self) -> bool:
        """Whether it called someone."""
        return self.packet.severity.rank >= self.page_at.rank

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
        waited = min(entry.at for entry in self.decisions) - self.packet.created_at
        return waited.total_seconds() / 3600 if waited.total_seconds() >= 0 else None


def cases(
    packets: Iterable[TriagePacket], entries: Sequence[Entry], *, page_at: Severity = Severity.HIGH
) -> list[Case]:
    """Return one case for each window, in the order of their packets.

    Windows are the same where project and rows are, whether their labels had come or not: the same rows judged twice
    are one case, not two pages.
    """
    grouped: dict[tuple[str, str], list[TriagePacket]] = {}
    for packet in sorted(packets, key=lambda packet: packet.created_at):
        rows = packet.provenance.current
        key = packet.project, rows.fingerprint_without_label or rows.fingerprint
        grouped.setdefault(key, []).append(packet)
    found = []
    for runs in grouped.values():
        paging = (run for run in runs if run.severity.rank >= page_at.rank)
        found.append(Case(next(paging, runs[0]), tuple(runs), tuple(said_of(runs, entries)), page_at))
    return sorted(found, key=lambda case: case.packet.created_at)


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
