"""What the monitor says of itself and of what it is fed: late, missing or blind, apart from what the data say."""

from __future__ import annotations

from typing import Literal

from dawnwatch.model.base import Frozen
from dawnwatch.model.enums import Outcome

__all__ = ["Watch", "WatchName"]

WatchName = Literal[
    "freshness",
    "ahead",
    "row_count",
    "row_rate",
    "reference_age",
    "label_feed",
    "label_delay",
    "label_time",
    "lagged_feature",
    "empty_column",
    "blinded",
    "check",
]


class Watch(Frozen):
    """One thing the monitor looked at in its own feed. `value` is null where `message` says why it was not computed."""

    name: WatchName
    outcome: Outcome
    subject: str | None
    """The column, the pillar that is blinded, or the check that faulted; null where it is the whole window."""
    value: float | None
    limit: float | None
    """What `value` is held against."""
    unit: str
    message: str
    fact: str | None
    """Which fact of the severity table holds where it failed; null where another one says so already."""
