"""The ledger: what people decided about a run and whether its alarm was a real one, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from pydantic import AwareDatetime, model_validator

from dawnwatch.model.base import Frozen
from dawnwatch.model.packet import Verdict

__all__ = ["LEDGER_VERSION", "Alarm", "Entry", "Recovered", "Recovery"]

LEDGER_VERSION = "1.0"

Alarm = Literal["real", "false_alarm", "unclear"]
"""What a person found a run's alarm to be; `unclear` where it was looked into and cannot be told."""

Recovered = Literal["recovered", "not_recovered", "not_judged", "no_later_window", "nothing_failed"]
"""`not_judged`: no later window fails, and in none all of the checks could be judged."""


class Entry(Frozen):
    """One thing a person said of a run. Of several about one window, the newest says what was decided or found."""

    schema_version: str = LEDGER_VERSION
    id: str
    packet: str
    """Identity of the run's packet."""
    window: str
    """Fingerprint of its current window: which rows it is about, also once the packet is gone."""
    at: AwareDatetime
    """When it was decided or found."""
    recorded_at: AwareDatetime
    decision: Verdict | None = None
    alarm: Alarm | None = None
    by: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.decision is None and self.alarm is None:
            raise ValueError("an entry holds a decision, what the alarm was, or both")
        return self


class Recovery(Frozen):
    """Whether later windows of the same project recovered from what failed in one."""

    status: Recovered
    failed: list[str]
    """Checks that failed; where none did, those that warned."""
    windows: int
    """Later windows there are."""
    after_windows: int | None = None
    """Which of them, from 1, was the first that recovered."""
    after_hours: float | None = None
    """From this packet to the one of that window."""
    packet: str | None = None
    """Identity of that packet."""
    still_failing: list[str] = []
    """Of `failed`, what does not pass in the newest later window; empty where it recovered."""
    not_judged: list[str] = []
    """Of `failed`, what the newest later window could not judge."""
    failed_again_at: datetime | None = None
    """When one of `failed` failed again after the recovery."""
    text: str
    """All of it in words."""
