"""What the monitor saw of its own feed, as rows of a table, and what nobody asked it to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from dawnwatch.model import numbers
from dawnwatch.model.enums import Outcome, Severity
from dawnwatch.model.packet import RuleInForce, TriagePacket
from dawnwatch.model.self_watch import Watch, WatchName

__all__ = ["LOOKED_AT", "FeedRow", "feed_outcome", "feed_rows", "not_asked"]

LOOKED_AT: dict[WatchName, str] = {
    "freshness": "age of the newest row",
    "ahead": "rows dated after the run",
    "row_count": "number of rows",
    "row_rate": "rows a day",
    "reference_age": "age of the reference",
    "label_feed": "labels of the newest rows",
    "lagged_feature": "features that come late",
    "label_delay": "labels still to come",
    "label_time": "when labels came",
    "empty_column": "columns without any value",
    "blinded": "what a pillar reads",
    "check": "checks that ran",
}
ASKED_BY: dict[WatchName, str] = {
    "freshness": "max_age",
    "ahead": "max_age",
    "row_count": "min_rows",
    "row_rate": "min_rate",
    "reference_age": "reference_max_age",
}
"""Settings of `[feed]` without which a thing is not looked at: how late is too late is nobody's to guess."""
FAULT = "check_errored"
"""The fact that a faulted check makes true; a `Watch` leaves it to the checks' own results."""


@dataclass(frozen=True)
class FeedRow:
    """One thing that was looked at, with what it was held against and what its failing raises."""

    watch: Watch
    title: str
    measured: str
    limit: str
    rules: tuple[RuleInForce, ...]
    """Rows of the severity table that ask for its fact; empty where it only informs."""

    @property
    def severity(self) -> Severity | None:
        """The worst that its failing alone can raise; None where it only informs."""
        return max((rule.severity for rule in self.rules), key=lambda s: s.rank, default=None)


def feed_rows(packet: TriagePacket) -> list[FeedRow]:
    """Return what was looked at in the packet's order, failures first."""
    return [
        FeedRow(
            watch=one,
            title=LOOKED_AT[one.name],
            measured=_amount(one.value, one.unit),
            limit=_amount(one.limit, one.unit) if one.limit is not None else "",
            rules=_rules(packet, one.fact or (FAULT if one.name == "check" else "")),
        )
        for one in packet.self_watch
    ]


def feed_outcome(packet: TriagePacket) -> Outcome | None:
    """Return the worst of what was looked at; None where nothing was."""
    return Outcome.worst([one.outcome for one in packet.self_watch]) if packet.self_watch else None


def not_asked(packet: TriagePacket) -> list[str]:
    """Return what was not looked at for want of a setting, such as "age of the newest row (max_age)"."""
    seen = {one.name for one in packet.self_watch}
    return [f"{LOOKED_AT[name]} ({ASKED_BY[name]})" for name in get_args(WatchName) if name in ASKED_BY.keys() - seen]


def _rules(packet: TriagePacket, fact: str) -> tuple[RuleInForce, ...]:
    """Return the rules that the fact alone meets: one that asks for more holds only where the rest does too."""
    return tuple(rule for rule in packet.policy if rule.all == [fact] or (not rule.all and fact in rule.any))


def _amount(value: float | None, unit: str) -> str:
    """Write a measured value in its unit; lengths of time as people say them.

    Examples
    --------
    >>> _amount(30.0, "hours"), _amount(0.5, "share of rows"), _amount(2000, "rows"), _amount(None, "hours")
    ('30 hours', '50%', '2,000 rows', 'not computed')
    """
    if value is None:
        return numbers.NOT_COMPUTED
    if unit == "hours":
        return numbers.lasting(value)
    if unit == "rows":
        return numbers.plural(int(value), "row")
    return numbers.short_share(value)
