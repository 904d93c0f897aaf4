"""The sampled rows of a window by time: how old they were when looked at, and how long their labels took."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dawnwatch.config import Config
from dawnwatch.model.plan import UNIT_GROUPS
from dawnwatch.model.times import per_second
from dawnwatch.model.window import Window
from dawnwatch.monitoring.causes.sampled import Sampled
from dawnwatch.stats.arrival import ArrivalCurve, arrival_curve
from dawnwatch.stats.jackknife import clustered_auc

__all__ = ["HOUR", "Aged", "ClassCurves", "seconds_of"]

HOUR = 3600.0
LEAST = 100
"""Labels with a time of arrival below which no curve is drawn, and half as many of each class."""
PIECES = 64
SURE = 0.999
Floats = NDArray[np.float64]


def seconds_of(values: NDArray[np.generic]) -> Floats | None:
    """Return a sampled column's times in seconds since 1970, NaN where there is none; None where it holds no times."""
    if values.dtype != np.float64:
        return None
    times = np.asarray(values, np.float64)
    known = times[np.isfinite(times)]
    unit = per_second(float(known.min()), float(known.max())) if known.size else None
    return None if unit is None else np.where(np.isfinite(times), times / unit, np.nan)


@dataclass(frozen=True)
class Aged:
    """The sampled rows that have a score, with their times.

    Attributes
    ----------
    rows : as `causes` reads them
    seconds : of the prediction, since 1970; NaN where it is not known; None where no row has a time, shape (rows,)
    arrived : when the label came, likewise; None without `[roles] label_time`
    """

    rows: Sampled
    seconds: Floats | None
    arrived: Floats | None

    @classmethod
    def of(cls, window: Window, config: Config) -> Aged | None:
        """Return a window's rows; None where none are sampled, or label or score are private."""
        rows = Sampled.of(window)
        if rows is None or not rows.rows:
            return None
        seconds, arrived = (
            seconds_of(rows.column(name)) if name is not None and name in rows.names else None
            for name in (config.roles.timestamp, config.roles.label_time)
        )
        return cls(rows, seconds, arrived if seconds is not None else None)

    def ages(self, as_of: float) -> Floats:
        """Return how many hours old each row was at this moment, in seconds since 1970; NaN where it has no time."""
        return np.full(self.rows.rows, np.nan) if self.seconds is None else (as_of - self.seconds) / HOUR

    @property
    def delays(self) -> Floats:
        """Hours each label took; NaN where it has not come, or nobody noted when."""
        if self.seconds is None or self.arrived is None:
            return np.full(self.rows.rows, np.nan)
        return np.where(self.rows.labelled, (self.arrived - self.seconds) / HOUR, np.nan)

    def curve(self, as_of: float, kept: NDArray[np.bool_] | None = None) -> ArrivalCurve | None:
        """Return the share of labels that have come by an age in hours; None where too few have a time of arrival."""
        ages, delays = self.ages(as_of), self.delays
        # A label that came nobody knows when tells nothing of how long labels take.
        told = np.isfinite(ages) & (ages >= 0) & (np.isfinite(delays) | ~self.rows.labelled)
        told &= np.ones_like(told) if kept is None else kept
        if (np.isfinite(delays) & told).sum() < (LEAST if kept is None else LEAST // 2):
            return None
        return arrival_curve(ages[told], delays[told], self.rows.group[told], UNIT_GROUPS)

    @property
    def last(self) -> float | None:
        """Seconds since 1970 of the newest prediction or label, which was known when these rows were read."""
        found = [times[np.isfinite(times)] for times in (self.seconds, self.arrived) if times is not None]
        return max((float(times.max()) for times in found if times.size), default=None)


@dataclass(frozen=True)
class ClassCurves:
    """How long labels of either class took in the performance baseline, where they have come.

    Attributes
    ----------
    curves : of negatives and of positives
    differ : whether one class takes longer than the other by more than chance
    """

    curves: tuple[ArrivalCurve, ArrivalCurve]
    differ: bool

    @classmethod
    def of(cls, baseline: Window, config: Config) -> ClassCurves | None:
        """Return both curves, read once and kept with the window; None without arrival times enough of either class."""
        key = ("class curves", config.roles.timestamp, config.roles.label_time)
        return baseline.once(key, lambda: cls._of(Aged.of(baseline, config)))

    @classmethod
    def _of(cls, aged: Aged | None) -> ClassCurves | None:
        last = None if aged is None else aged.last
        if aged is None or last is None or aged.arrived is None:
            return None
        label, delays = aged.rows.label, aged.delays
        # A label's class is known once it has come, so that only rows that have theirs are of a class.
        negatives, positives = (aged.curve(last, (label == own) & np.isfinite(delays)) for own in (0, 1))
        if negatives is None or positives is None:
            return None
        came = np.isfinite(delays)
        edges = np.unique(np.quantile(delays[came], np.arange(1, PIECES) / PIECES))
        key = (aged.rows.group[came] * 2 + label[came]) * PIECES + np.searchsorted(edges, delays[came])
        table = np.bincount(key, minlength=UNIT_GROUPS * 2 * PIECES).reshape(UNIT_GROUPS, 2, PIECES)
        found = clustered_auc(table)
        low, high = (0.5, 0.5) if found is None else found.interval(SURE)
        return cls((negatives, positives), not low <= 0.5 <= high)

    def age_by_which(self, share: float) -> float:
        """Return the age in hours by which this share of what ever comes has come of both classes."""
        return max(curve.age_by_which(share) for curve in self.curves)

    def shares(self, label: NDArray[np.int64], ages: Floats) -> Floats:
        """Return the share of a row's class that has come by its age, shape (1 + groups, rows)."""
        negatives, positives = (curve.at(ages) for curve in self.curves)
        return np.where(label == 1, positives, negatives)
