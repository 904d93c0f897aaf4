"""Features that follow from the time of day, and rows in which they do not: another clock wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.model.feature_drift import Clock, FeatureDrift
from dawnwatch.model.numbers import plural, share
from dawnwatch.model.sample import Sample
from dawnwatch.model.times import per_second
from dawnwatch.stats.clock import HOURS, ByHour, Displaced, by_hour, displaced

__all__ = ["clock_of", "with_clocks"]

FEW = 0.01
"""Share of the rows off their clock below which nothing is told."""
HOUR = 3600
Ints = NDArray[np.int64]


def with_clocks(features: list[FeatureDrift], run: RunContext) -> list[FeatureDrift]:
    """Return the features, each with what contradicts the logged time of its rows, where it follows from that."""
    return [feature.model_copy(update={"clock": _told(feature.name, run)}) for feature in features]


def _told(name: str, run: RunContext) -> Clock | None:
    found, time = clock_of(name, run), run.config.roles.timestamp
    if found is None or found.off < FEW:
        return None
    ahead = " or ".join(str(abs(hours)) for hours in found.hours if (hours > 0) == (found.hours[0] > 0))
    way = "ahead" if found.hours[0] > 0 else "behind"
    counted = "hour" if ahead == "1" else "hours"
    return Clock(
        hours=list(found.hours),
        share=found.off,
        interval=(found.low, found.high),
        reference_share=found.before,
        fit=found.fit,
        by_chance=found.by_chance,
        rows=found.rows,
        shown=found.shown,
        message=f"the values of {name} do not go with the {time} of their rows in {share(found.off)} of "
        f"{plural(found.rows, 'row')} ({share(found.low)} to {share(found.high)}; before {share(found.before)}), and "
        f"{share(found.fit)} of these are right on a clock {ahead} {counted} {way} ({share(found.by_chance)} would be "
        "by chance)",
    )


def clock_of(name: str, run: RunContext) -> Displaced | None:
    """Return the rows of the current sample that contradict their time; None where the hour does not tell the value.

    `which` is over all rows of the sample of whole units; a private column is in none, and so is never asked about.
    """
    return run.current.against(run.drift_baseline, ("clock", name), lambda: _asked(name, run))


def _asked(name: str, run: RunContext) -> Displaced | None:
    then, now = run.drift_baseline.profile.sample, run.current.profile.sample
    time = run.config.roles.timestamp
    if then is None or now is None or time is None or name == time:
        return None
    if any(column not in side.columns for column in (name, time) for side in (then, now)):
        return None
    before, after = _hours(then.columns[time]), _hours(now.columns[time])
    known = _values(then, name)
    if before is None or after is None or known is None:
        return None
    codes = {value: code for code, value in enumerate(known)}
    pattern = run.drift_baseline.once(("by hour", name), lambda: _pattern(before, then, name, codes))
    if pattern is None:
        return None
    asked = (after >= 0) & _there(now.columns[name])
    values = _coded(now.columns[name][asked], codes)
    level, sure = run.config.significance.level, run.config.performance.confidence
    found = displaced(pattern, after[asked], values, now.units[asked], level=level, confidence=sure)
    if found is None:
        return None
    which = np.zeros(now.rows, dtype=bool)
    which[asked] = found.which
    return replace(found, which=which)


def _pattern(hours: Ints, sample: Sample, name: str, codes: dict[Any, int]) -> ByHour | None:
    kept = (hours >= 0) & _there(sample.columns[name])
    return by_hour(hours[kept], _coded(sample.columns[name][kept], codes), len(codes))


def _hours(values: NDArray[Any]) -> Ints | None:
    """Return the hour of the day of each time, -1 where there is none; None where the column holds no times."""
    if values.dtype == object or not np.isfinite(values).any():
        return None
    there = np.isfinite(values)
    unit = per_second(float(values[there].min()), float(values[there].max()))
    if unit is None:
        return None
    seconds = np.floor_divide(np.where(there, values, 0.0), unit * HOUR)
    return np.where(there, seconds.astype(np.int64) % HOURS, -1)


def _values(sample: Sample, name: str) -> list[Any] | None:
    """Return the values of a column; None where they are more than a day has hours, or fewer than two."""
    column = sample.columns[name]
    found: set[Any] = set()
    for value in column[_there(column)].tolist():
        found.add(value)
        if len(found) > HOURS:
            return None
    return sorted(found) if len(found) > 1 else None


def _there(values: NDArray[Any]) -> NDArray[np.bool_]:
    if values.dtype != object:
        return np.asarray(np.isfinite(values))
    return np.array([value is not None for value in values.tolist()], dtype=bool)


def _coded(values: NDArray[Any], codes: dict[Any, int]) -> Ints:
    listed: Sequence[Any] = values.tolist()
    return np.array([codes.get(value, -1) for value in listed], dtype=np.int64)
