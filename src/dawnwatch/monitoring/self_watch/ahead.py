"""Are rows dated after the run began? They are no new rows, and how fresh the window is must be read off the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.model.enums import Outcome
from dawnwatch.model.self_watch import Watch
from dawnwatch.model.times import per_second
from dawnwatch.monitoring.facts import span

__all__ = ["Times", "ahead", "current_times"]

SKEW = timedelta(minutes=5)
"""By how much clocks of two machines may differ."""
NO_DATE = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Times:
    """The times of a window's rows, those after the run set apart.

    Attributes
    ----------
    span : of the first and the last row up to the run; None where no such row is known
    latest : the time after the run that lies furthest ahead; None where there is none
    rows, of : sampled rows after the run, of so many with a time; 0 where none are sampled
    """

    span: tuple[datetime, datetime] | None
    latest: datetime | None = None
    rows: int = 0
    of: int = 0


def current_times(run: RunContext, now: datetime) -> Times:
    """Return the times of the current window. The latest is exact; what lies before it is read off the sample."""
    name, profile = run.config.roles.timestamp, run.current.profile
    whole = span(run.current, name)
    if whole is not None and whole[1] <= now + SKEW:
        return Times(whole)
    if name is None or name in run.current.plan.private or name not in profile.columns:
        return Times(None)
    found, then = profile.columns[name].moments, run.drift_baseline.profile.columns[name].moments
    if found.low is None or found.high is None or then.low is None or then.high is None:
        return Times(None)
    # One year of 9999 is no time, and says nothing of the others' unit; the reference does.
    unit = per_second(found.low, found.high) or per_second(then.low, then.high)
    if unit is None or not found.high / unit > (now + SKEW).timestamp():
        return Times(None)
    sampled = _sampled(run, name) / unit
    before = sampled[(sampled <= (now + SKEW).timestamp()) & (sampled > 0)]
    known = (_moment(float(before.min())), _moment(float(before.max()))) if before.size else None
    return Times(known, _moment(found.high / unit), int((sampled > (now + SKEW).timestamp()).sum()), int(sampled.size))


def ahead(times: Times) -> Watch:
    """Return whether rows are dated after the run."""
    said = "no row is dated after the run"
    if times.latest is not None:
        of = f"{times.rows:,} of {times.of:,} sampled rows are" if times.of else "no row is sampled that says how many"
        said = (
            f"rows are dated after the run, up to {times.latest:%Y-%m-%d %H:%M} UTC ({of}): a clock, a time zone or "
            "a date is wrong"
        )
    return Watch(
        name="ahead",
        outcome=Outcome.PASSED if times.latest is None else Outcome.FAILED,
        subject=None,
        value=0.0 if times.latest is None else times.rows / times.of if times.of else None,
        limit=0.0,
        unit="share of rows",
        message=said,
        fact="feed_broken",
    )


def _sampled(run: RunContext, name: str) -> NDArray[np.float64]:
    sample = run.current.profile.sample
    values = None if sample is None else sample.columns.get(name)
    if values is None or values.dtype != np.float64:
        return np.zeros(0)
    return np.asarray(values[np.isfinite(values)])


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(min(seconds, NO_DATE.timestamp()), UTC)
