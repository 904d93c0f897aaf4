"""Which labels have had the time to come, and whether those that have tell how often the positive class comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dawnwatch.config import Config
from dawnwatch.config.policy import parse_hours
from dawnwatch.model.numbers import lasting, moment, share
from dawnwatch.model.packet import TriagePacket
from dawnwatch.monitoring.replay.labelled import Labelled

__all__ = ["Arrival", "arrival_of"]

FEW = 0.05
"""Share of rows without a label up to which the labels that came stand for all."""
_CLASSES = {"labels_to_come", "labels_undated"}


@dataclass(frozen=True)
class Arrival:
    """What is known of how labels come.

    Attributes
    ----------
    until : rows predicted later are neither learned from nor judged; None where no age is asked
    hours : that age; None where it is not known
    window_end : time of the packet's last row
    window : the packet's window, whose rows alone `judged_until` and `biased` are about; None without a packet
    judged_until : up to when the packet judged
    biased : why the packet's labels do not tell how often the positive class comes; None where nothing says so
    late : whether labels that lack are still to come, as [labels] expected = "late" says
    """

    until: datetime | None = None
    hours: float | None = None
    window_end: datetime | None = None
    window: str | None = None
    judged_until: datetime | None = None
    biased: str | None = None
    late: bool = False

    def last(self, window: str) -> datetime | None:
        """Return up to when rows of a window are replayed; None where all are."""
        return self.judged_until or self.until if window == self.window else self.until

    def unsettled(self, rows: Labelled) -> str | None:
        """Say why the share of positives among these rows' labels cannot be trusted; None where it can.

        Where one class's labels come sooner, scores that are right promise what has not come yet, or too little.
        """
        lacking = 1 - rows.labels.size / max(rows.aged, 1)
        if lacking <= FEW:
            return None
        by_packet = self.biased if rows.name == self.window else None
        # Of rows old enough, what lacks will not come, and neither class is ahead.
        if by_packet is None and (not self.late or self.hours is not None):
            return None
        why = by_packet or "where one class has its labels sooner, they mistake how often it comes"
        return f"{share(lacking)} of the rows have no label yet; {why}. {self._again}"

    @property
    def _again(self) -> str:
        if self.hours is None:
            return "Ask again once they are there; [labels] mature_after says how long they take"
        if self.window_end is None:
            return "Ask again once they are there"
        ripe = self.window_end + timedelta(hours=self.hours)
        return f"Ask again from {moment(ripe)} on, when all rows of the window are {lasting(self.hours)} old"


def arrival_of(config: Config, packet: TriagePacket | None, *, as_of: datetime | None = None) -> Arrival:
    """Return how labels come, by the configuration and by what a packet found.

    Parameters
    ----------
    as_of : when the labels are looked at; by default now
    """
    asked, late = config.labels.mature_after, config.labels.expected == "late"
    hours = None if asked == "auto" else parse_hours(asked)
    until = None if hours is None else (as_of or datetime.now(UTC)) - timedelta(hours=hours)
    if packet is None:
        return Arrival(until, hours, late=late)
    found, classes = packet.performance.maturity, set(packet.decision.classes)
    biased = "the packet found that the newer rows lack them the more" if classes & _CLASSES else None
    judged_until = None
    if found is not None:
        hours = found.mature_after_hours if hours is None else hours
        judged_until = found.judged_until
        if found.of_record == "none" and hours is not None:
            judged_until = found.as_of - timedelta(hours=hours)
        weighted = found.weighted
        excess = None if weighted is None else weighted.excess_positives_interval
        if weighted is not None and (weighted.by_class or (excess is not None and not excess[0] <= 0 <= excess[1])):
            biased = "the packet found that labels of one class come sooner than those of the other"
    rows = packet.provenance.current
    return Arrival(until, hours, rows.last_at, rows.source, judged_until, biased, late)
