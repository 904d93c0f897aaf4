"""Which rows a window holds, and when they happened, off the profile."""

from __future__ import annotations

from datetime import UTC, datetime

from dawnwatch.config import Config
from dawnwatch.model.packet import WindowFacts
from dawnwatch.model.times import per_second
from dawnwatch.model.window import Window
from dawnwatch.monitoring.baselines import Baselines

__all__ = ["model_version", "moment_at", "span", "window_facts", "writable"]


def span(window: Window, time: str | None) -> tuple[datetime, datetime] | None:
    """Return the times of the first and the last row, in UTC.

    Parameters
    ----------
    time : name of the time column: timestamps, or numbers that are seconds, milli-, micro- or nanoseconds since 1970

    Returns
    -------
    None where there is no such column, it is private, or not all of its numbers lie between 1980 and 2100, for one
    clock gone wrong would stretch the window over years.
    """
    if time is None or time in window.plan.private or time not in window.profile.columns:
        return None
    moments = window.profile.columns[time].moments
    if moments.low is None or moments.high is None:
        return None
    unit = per_second(moments.low, moments.high)
    return None if unit is None else (moment_at(moments.low / unit), moment_at(moments.high / unit))


def moment_at(seconds: float) -> datetime:
    """Return a time of so many seconds since 1970, in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def model_version(baselines: Baselines, config: Config) -> str | None:
    """Return the configured version of the model; None where the scores were logged and none is there."""
    return None if baselines.scorer.model_name is None else config.model.version


def window_facts(window: Window, config: Config) -> WindowFacts:
    """Return which rows a window holds, and from when to when."""
    first, last = span(window, config.roles.timestamp) or (None, None)
    return WindowFacts(
        source=writable(window.name) or "",
        rows=window.profile.rows,
        fingerprint=window.profile.fingerprint,
        fingerprint_without_label=window.profile.fingerprint_without(window.plan.label),
        first_at=first,
        last_at=last,
    )


def writable(text: str | None) -> str | None:
    """Escape what UTF-8 cannot hold: bytes of an argument or a file name that are no text."""
    return None if text is None else text.encode("utf-8", "backslashreplace").decode()
