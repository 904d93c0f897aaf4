"""Do labels still come: has none come for longer than at the baseline's pace the rows without one would wait?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.model.numbers import lasting, share
from dawnwatch.monitoring.maturity.ages import HOUR, Aged
from dawnwatch.monitoring.self_watch.ahead import SKEW
from dawnwatch.stats.arrival import ArrivalCurve

__all__ = ["DUE", "LabelArrivals", "label_arrivals"]

DUE = 0.5
"""Share of the rows without a label that would have theirs by now, from which on the feed has stopped."""
LEAST_ROWS, LEAST_GROUPS = 50, 10
"""Rows that would have their label by now, and groups of units they are of, below which nothing is told."""


@dataclass(frozen=True)
class LabelArrivals:
    """When the newest label came, beside the pace of the baseline's.

    Attributes
    ----------
    last : seconds since 1970 at which the newest label came
    hours : from then until the labels were looked at
    longest : hours without a label in the baseline, while rows came
    lacking, due : sampled rows without a label, and how many of them would have theirs by now, had labels gone on
        coming as in the baseline
    groups : groups of units that the rows without a label are of
    curve : by which age the baseline's labels had come
    """

    last: float
    hours: float
    longest: float
    lacking: int
    due: float
    groups: int
    curve: ArrivalCurve

    @property
    def share_due(self) -> float:
        """Share of the rows without a label that would have theirs by now, in [0, 1]."""
        return self.due / max(self.lacking, 1)

    @property
    def stopped(self) -> bool:
        """Whether labels came no more, although most of those that lack were due."""
        enough = self.due >= LEAST_ROWS and self.groups >= LEAST_GROUPS
        return enough and self.hours > self.longest and self.share_due > DUE

    @property
    def message(self) -> str:
        """What is told where they stopped."""
        last = datetime.fromtimestamp(self.last, UTC)
        return (
            f"no label has come since {last:%Y-%m-%d %H:%M} UTC, for {lasting(self.hours)}; at the baseline's pace "
            f"{share(self.share_due, 0)} of the rows without one would have theirs by now (if the labels were looked "
            "at earlier, say when with --as-of)"
        )


def label_arrivals(run: RunContext, as_of: datetime) -> LabelArrivals | None:
    """Return when the newest label came; None where no label, or too few of the baseline's, say when they came.

    A row without a label, whose age was l when the newest label came and is a now, would have had its own since with
    the chance (F(a) - F(l)) / (1 - F(l)), F being the baseline's curve. So rows that are too young for a label, and
    those that would never have got one, are not held against the feed.

    Parameters
    ----------
    as_of : when the labels were looked at
    """
    aged, before = (Aged.of(window, run.config) for window in (run.current, run.performance_baseline))
    if aged is None or aged.seconds is None or aged.arrived is None or before is None or before.last is None:
        return None
    curve, now = before.curve(before.last), as_of.timestamp()
    known = np.isfinite(aged.arrived) & aged.rows.labelled & (aged.arrived <= now + SKEW.total_seconds())
    if curve is None or not known.any():
        return None
    last = float(aged.arrived[known].max())
    lacking = ~aged.rows.labelled & np.isfinite(aged.seconds)
    then, by_now = (curve.at(aged.ages(at)[lacking])[0] for at in (last, now))
    due = np.where(then < 1, (by_now - then) / np.maximum(1 - then, 1e-12), 0.0)
    return LabelArrivals(
        last=last,
        hours=(now - last) / HOUR,
        longest=_longest(before),
        lacking=int(lacking.sum()),
        due=float(np.maximum(due, 0.0).sum()),
        groups=int(np.unique(aged.rows.group[lacking]).size),
        curve=curve,
    )


def _longest(aged: Aged) -> float:
    """Return the longest time between two labels, in hours, while rows still came: behind them labels thin out."""
    assert aged.seconds is not None and aged.arrived is not None  # noqa: S101, PT018 - its curve was drawn
    arrived: NDArray[np.float64] = np.sort(aged.arrived[np.isfinite(aged.arrived) & aged.rows.labelled])
    during = arrived[arrived <= np.nanmax(aged.seconds)]
    found = during if during.size >= LEAST_ROWS else arrived
    return float(np.diff(found).max(initial=0.0)) / HOUR
