"""A log cut by time: what each window showed, and since when the last one shows it."""

from __future__ import annotations

from datetime import datetime

from dawnwatch.model.base import Frozen
from dawnwatch.model.history import Onset

__all__ = ["LogOnset", "LoggedWindow"]


class LoggedWindow(Frozen):
    """What one window of the log came to."""

    first_at: datetime
    last_at: datetime
    rows: int
    failed: list[str]
    """Quality checks that failed, with their columns."""
    red: list[str]
    """Features in the RED band, and more than chance."""
    yellow: list[str]
    auc: float | None
    drop: float | None
    """Reference minus this window; null where the AUC could not be judged."""
    degraded: bool


class LogOnset(Frozen):
    """Since when a log shows what its last window shows."""

    hours: float
    """Length of a window."""
    windows: list[LoggedWindow]
    """In order of time; windows without rows are left out."""
    without_time: int
    """Rows whose time is missing or no time, which are in no window."""
    onsets: list[Onset]
