"""Earlier windows of the same model, found by the packets that their runs left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from dawnwatch.errors import DawnwatchError, one_line
from dawnwatch.model.enums import Outcome, Severity
from dawnwatch.model.history import BaselineKind, Event
from dawnwatch.model.packet import TriagePacket, WindowFacts
from dawnwatch.model.plan import Plan
from dawnwatch.model.window import Window
from dawnwatch.monitoring.past_window import past_window
from dawnwatch.store.events import EventLog
from dawnwatch.store.files import ResultsFolder
from dawnwatch.store.find import packets

__all__ = ["MOST_PACKETS", "SHIFTS", "History", "PastRun", "ends_before", "read_history", "rows_of", "same_rows"]

MOST_PACKETS = 300
"""Packets read at most, the newest: hourly windows of twelve days, in under half a second."""
SHIFTS: dict[BaselineKind, timedelta] = {"day_before": timedelta(days=1), "week_before": timedelta(days=7)}
LEAST_OVERLAP = 0.5
"""Of the time that two windows cover together, how much both must cover to count as the same hours."""
GOOD = {Severity.LOW, Severity.MEDIUM}


@dataclass(frozen=True)
class PastRun:
    """An earlier window: the newest packet on it, and its counts once they are asked for."""

    packet: TriagePacket
    path: Path
    _read: list[Window] = field(default_factory=list, compare=False)

    @property
    def facts(self) -> WindowFacts:
        """Which rows it held."""
        return self.packet.provenance.current

    @property
    def begins(self) -> datetime:
        """When its rows begin; where that is not known, when it was judged."""
        return self.facts.first_at or self.packet.created_at

    @property
    def valid(self) -> bool:
        """Whether no check of the data's quality failed."""
        return all(check.outcome is not Outcome.FAILED for check in self.packet.quality.checks)

    @property
    def good(self) -> bool:
        """Whether it may serve as the last good window."""
        return self.packet.severity in GOOD and self.valid

    def window(self, plan: Plan) -> Window:
        """Return its counts, read once. Raises DataError where there are none, or not by this plan."""
        if not self._read:
            self._read.append(past_window(self.packet, self.path.parent, plan))
        return self._read[0]


@dataclass(frozen=True)
class History:
    """The earlier windows that can be compared with the current one, and what happened around them.

    Attributes
    ----------
    runs : one for each window that ended before the current one begins, judged against the same reference; earliest
        first
    judged : every packet that can be compared, those on the current rows and on overlapping windows among them, in the
        order in which they were judged
    events : recorded events, earliest first
    overlapping : windows left out since they share a time with the current one, or with a later window
    notes : what could not be read, one line each
    """

    runs: list[PastRun] = field(default_factory=list)
    judged: list[PastRun] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    overlapping: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def last_good(self) -> PastRun | None:
        """The newest good window."""
        return next((run for run in reversed(self.runs) if run.good), None)

    def season(self, current: WindowFacts, kind: BaselineKind) -> PastRun | None:
        """Return the window that covers the same hours so long before; None where there is none.

        Valid or not: a window of one part of the day fails the check for constant columns every day. One that lasts
        longer than the shift would overlap itself, and has no such counterpart.
        """
        shift = SHIFTS[kind]
        if current.first_at is None or current.last_at is None or current.last_at - current.first_at >= shift:
            return None
        begin, end = current.first_at - shift, current.last_at - shift
        shared = [(_overlap(run.facts, begin, end), at) for at, run in enumerate(self.runs)]
        most, at = max(shared, default=(0.0, -1))
        return self.runs[at] if most >= LEAST_OVERLAP else None

    def events_since(self, good: datetime | None, current: WindowFacts) -> list[Event]:
        """Return the events since the end of the last good window, or within the current one where there is none."""
        begin = good or current.first_at
        if begin is None or current.last_at is None:
            return []
        return [event for event in self.events if begin <= event.at <= current.last_at]


def read_history(folder: ResultsFolder, current: WindowFacts, same: Callable[[TriagePacket], bool]) -> History:
    """Return the earlier windows whose packets lie in a folder.

    Parameters
    ----------
    current : the window they must come before and share no rows with
    same : whether a packet is of the same model and reference

    Notes
    -----
    Of several packets on the same rows the newest counts; labels that came later do not make other rows of them.
    Windows that overlap are not independent: of those that do, the later one is kept. Where a window's times are not
    known, it comes before the current one if it was judged before; whether rows are shared cannot be told then.
    A packet or event that cannot be read is left out with a note, for a check must not end on its history.
    """
    if not folder.folder.exists():
        return History()
    notes: list[str] = []
    try:
        found, skipped = packets(folder, most=MOST_PACKETS)
        notes += skipped
    except DawnwatchError as error:
        found = []
        notes.append(one_line(error))
    try:
        events = EventLog(folder.folder).all()
    except DawnwatchError as error:
        events = []
        notes.append(one_line(error))
    every = [PastRun(named.packet, named.path) for named in found if same(named.packet)]
    newest: dict[str, PastRun] = {}
    for run in every:
        if not same_rows(run.facts, current):
            newest.setdefault(rows_of(run.facts), run)
    runs = sorted(newest.values(), key=lambda run: run.begins)
    runs = [run for run in runs if _starts_before(run, current)]
    kept: list[PastRun] = []
    later = current
    for run in reversed(runs):
        if ends_before(run.facts, later):
            kept.append(run)
            later = run.facts
    return History(kept[::-1], every[::-1], events, len(runs) - len(kept), notes)


def rows_of(facts: WindowFacts) -> str:
    """Return what tells a window's rows from others', whether or not their labels have come."""
    return facts.fingerprint_without_label or facts.fingerprint


def same_rows(a: WindowFacts, b: WindowFacts) -> bool:
    """Whether two packets are on the same rows."""
    return a.fingerprint == b.fingerprint or (
        a.fingerprint_without_label is not None and a.fingerprint_without_label == b.fingerprint_without_label
    )


def _starts_before(run: PastRun, current: WindowFacts) -> bool:
    first = run.facts.first_at
    return first is None or current.first_at is None or first < current.first_at


def ends_before(earlier: WindowFacts, later: WindowFacts) -> bool:
    """Whether the earlier window has ended when the later one begins, as far as their times are known.

    They may share the second in which one ends and the other begins, as windows of a fixed number of rows do.
    """
    return earlier.last_at is None or later.first_at is None or earlier.last_at <= later.first_at


def _overlap(facts: WindowFacts, begin: datetime, end: datetime) -> float:
    """Return the share of the time two windows cover together that both cover; 0 where a time is not known."""
    if facts.first_at is None or facts.last_at is None:
        return 0.0
    both = (min(facts.last_at, end) - max(facts.first_at, begin)).total_seconds()
    either = (max(facts.last_at, end) - min(facts.first_at, begin)).total_seconds()
    return both / either if either > 0 else 0.0
