"""How a monitor did, by what people said of its pages. What `dawnwatch scorecard --json` prints."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from dawnwatch.model.base import Frozen
from dawnwatch.model.enums import Severity
from dawnwatch.model.ledger import Alarm, Recovery
from dawnwatch.model.measurement import Interval
from dawnwatch.model.packet import Verdict

__all__ = [
    "LEAST_JUDGED",
    "SCORECARD_VERSION",
    "Advice",
    "CheckRecord",
    "Delay",
    "FailedCheck",
    "Move",
    "Page",
    "Rate",
    "Scorecard",
]

SCORECARD_VERSION = "1.1"
LEAST_JUDGED = 10
"""Outcomes below which no share of them is given: Wilson's interval of 5 of 10 is still as wide as 0.24 to 0.76."""


class Rate(Frozen):
    """How many of how many. `value` and `interval` are null where `reason` says why."""

    hits: int
    of: int
    value: float | None = None
    interval: Interval | None = None
    """Wilson's, at 95 %, as if the outcomes were independent."""
    reason: str | None = None


class Delay(Frozen):
    """Hours from a page to the first decision about it. All null where nothing was decided."""

    decided: int
    median: float | None = None
    shortest: float | None = None
    longest: float | None = None


class Advice(Frozen):
    """What came of the pages whose advice was followed, was not, or that had none to give (`cannot_tell`)."""

    kind: Literal["followed", "not_followed", "no_advice"]
    pages: int
    recovered: Rate
    """Of those of which it is known. That a window recovered does not say that the decision did it."""
    next_window: int = 0
    """Of `recovered.hits`, in the very next window."""
    not_known: int
    """Pages with no later window yet, or whose checks could not be judged in it."""


class FailedCheck(Frozen):
    """One check that failed at a page: what it measured there, and the threshold in force."""

    name: str
    threshold: str | None
    """Name of the threshold in dawnwatch.toml; null where it has none, as a schema's."""
    value: float | None
    limit: float | None


class CheckRecord(Frozen):
    """A check over all judged pages at which it failed."""

    name: str
    threshold: str | None
    limit: float | None
    """At the newest of these pages."""
    real: int
    false: int
    alone: int
    """False pages at which nothing else failed."""
    false_values: Interval | None
    """Smallest and largest value at the false pages."""
    real_values: Interval | None


class Move(Frozen):
    """A threshold that stood behind false pages, and what another value would have done. From the runs' kept counts."""

    threshold: str
    title: str
    now: float
    """In the newest run."""
    to: float | None
    """The value that silences the most false pages and loses no real one; null where `reason` says why."""
    false: int
    silenced: int
    """Of `false`, at `to`."""
    real: int
    """Real pages, all of which stay at `to`."""
    without_counts: int
    """Judged pages that could not be judged again: their counts are gone."""
    reason: str | None = None


class Page(Frozen):
    """One window that paged someone. What was measured is of its newest run, `packet`."""

    packet: str
    created_at: datetime
    """When it first paged."""
    runs: int = 1
    """On these rows; the earlier ones are no pages of their own."""
    paged_as: Severity
    """Severity of the run that paged first."""
    label: str | None
    severity: Severity
    rule: str
    failed: list[FailedCheck]
    advised: Verdict
    """By the newest run, or its replay, that there was when it was decided."""
    decided: Verdict | None
    by: str | None
    hours_to_decision: float | None
    alarm: Alarm | None
    recovery: Recovery


class Scorecard(Frozen):
    """Precision of the pages, time to decision, advice followed and right, thresholds behind false pages."""

    schema_version: str = SCORECARD_VERSION
    project: str
    page_at: Severity
    """Severity from which on a window counts as a page."""
    since: datetime | None
    first_at: datetime | None
    last_at: datetime | None
    windows: int
    again: int
    """Runs on rows that had been judged before, which count with their window."""
    real: int
    false: int
    unclear: int
    unjudged: int
    """Pages that nobody judged; they are in no rate."""
    precision: Rate
    """Pages judged real, of those judged real or false."""
    missed: int
    """Windows that paged nobody and were judged real all the same. Whether there are more, nobody can tell."""
    to_decision: Delay
    undecided: int
    decided_without_page: int
    """Windows that paged nobody and were decided about; they are in no rate."""
    followed: Rate
    """Pages at which the decision was the advice, of those decided at which advice was given."""
    advice: list[Advice]
    checks: list[CheckRecord]
    """Most false pages first."""
    moves: list[Move]
    pages: list[Page]
    """Newest first."""
