"""Has the label feed stopped: do rows go on without any label?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.model.enums import Outcome
from dawnwatch.model.numbers import lasting, share
from dawnwatch.model.self_watch import Watch
from dawnwatch.model.times import per_second
from dawnwatch.monitoring.self_watch.label_arrivals import DUE, LabelArrivals, label_arrivals

__all__ = ["has_value", "label_feed"]

TAIL = 0.1
"""Share of the rows, the newest ones, without any label, from which on the feed has stopped."""
LEAST_ROWS, LEAST_UNITS = 50, 10
BEFORE = 0.2
"""Share of the rows before that must have a label for its want to tell anything."""
GONE = 0.1
"""Labels a row, as a share of the reference's, below which the feed has all but stopped where nothing says when."""
HOUR = 3600.0
STEPS = 64
"""Ages within the newest rows at which the baseline's curve is read."""


@dataclass(frozen=True)
class _Tail:
    """The sampled rows behind the last one that has a label, by time."""

    rows: int
    of: int
    units: int
    before: float
    """Share of the other rows that have a label."""
    last: float
    hours: float


def label_feed(run: RunContext, as_of: datetime) -> list[Watch]:
    """Return whether the newest rows lack every label while older ones have them, read off the sample of units.

    Where labels come late, only a configured `label_gap` says how long without one is too long; else a tenth of the
    window's rows is. Where it is known when labels came, it is asked whether they still come, and rows too young for a
    label in the baseline are none that lack it. Without a sample or a time it is told from the share of rows with a
    label, beside the reference's.

    Parameters
    ----------
    as_of : when the labels were looked at
    """
    gap = run.config.feed.hours("label_gap")
    profile, name = run.current.profile, run.current.plan.label
    if name is None or profile.columns[name].type is None or (run.labels_late and gap is None):
        return []
    windows = (run.performance_baseline, run.current)
    labels = [window.profile.labelled / max(window.profile.rows, 1) for window in windows]
    tail, came = _tail(run, name), label_arrivals(run, as_of)
    if came is not None and came.stopped:
        return [_arrived(name, came)]
    if tail is None:
        stopped = not run.labels_late and labels[0] > 0 and labels[1] < GONE * labels[0]
        return [_told(stopped, labels[1], GONE * labels[0], f"{share(labels[1])} of the rows have a label", labels[0])]
    enough = tail.rows >= LEAST_ROWS and tail.units >= LEAST_UNITS and tail.before >= BEFORE
    long = tail.hours > gap if gap is not None else tail.rows >= TAIL * tail.of
    if came is not None and gap is None:
        ages = (as_of.timestamp() - np.linspace(tail.last, tail.last + tail.hours * HOUR, STEPS)) / HOUR
        long = long and float(came.curve.at(ages)[0].mean()) > DUE
    value, limit, unit = (tail.hours, gap, "hours") if gap is not None else (tail.rows / tail.of, TAIL, "share of rows")
    last = datetime.fromtimestamp(tail.last, UTC)
    message = (
        f"the last label is of {last:%Y-%m-%d %H:%M} UTC; rows went on for {lasting(tail.hours)} without any "
        f"({share(tail.rows / tail.of, 0)} of the rows, where {share(tail.before, 0)} had one before)"
    )
    return [
        Watch(
            name="label_feed",
            outcome=Outcome.FAILED if enough and long else Outcome.PASSED,
            subject=name,
            value=value,
            limit=limit,
            unit=unit,
            message=message if enough and long else "labels come as long as rows do",
            fact="label_feed_stopped",
        )
    ]


def _arrived(name: str, came: LabelArrivals) -> Watch:
    return Watch(
        name="label_feed",
        outcome=Outcome.FAILED,
        subject=name,
        value=came.share_due,
        limit=DUE,
        unit="share of the rows without a label that were due",
        message=came.message,
        fact="label_feed_stopped",
    )


def _told(stopped: bool, value: float, limit: float, said: str, then: float) -> Watch:
    return Watch(
        name="label_feed",
        outcome=Outcome.FAILED if stopped else Outcome.PASSED,
        subject=None,
        value=value,
        limit=limit,
        unit="share of rows",
        message=f"{said}, where {share(then)} had one in the performance baseline",
        fact="label_feed_stopped",
    )


def _tail(run: RunContext, label: str) -> _Tail | None:
    sample, time = run.current.profile.sample, run.config.roles.timestamp
    if sample is None or time is None or not {label, time} <= sample.columns.keys() or not sample.rows:
        return None
    times = sample.columns[time]
    if times.dtype != np.float64:
        return None
    known = np.isfinite(times)
    unit = per_second(float(times[known].min()), float(times[known].max())) if known.any() else None
    if unit is None:
        return None
    labelled = has_value(sample.columns[label])[known]
    times, units = times[known] / unit, sample.units[known]
    if not labelled.any():
        return None  # that no row has one is said elsewhere
    last = float(times[labelled].max())
    behind = times > last
    return _Tail(
        rows=int(behind.sum()),
        of=int(times.size),
        units=int(np.unique(units[behind]).size),
        before=float(labelled[~behind].mean()),
        last=last,
        hours=(float(times.max()) - last) / HOUR,
    )


def has_value(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which of a sample's values are neither null nor empty, shape (rows,)."""
    if values.dtype == object:
        return np.array([value is not None and value != "" for value in values.tolist()], dtype=bool)
    return np.asarray(~np.isnan(values))
