"""A window cut to the rows whose labels have had the time to come; the others are told apart, and not judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dawnwatch.config import Config
from dawnwatch.config.policy import parse_hours
from dawnwatch.model.numbers import age as to_the_hour
from dawnwatch.model.numbers import plural
from dawnwatch.model.times import per_second
from dawnwatch.model.window import Window
from dawnwatch.monitoring.maturity.ages import HOUR, ClassCurves

__all__ = ["MatureAge", "Ripe", "mature_age", "ripe_rows"]

LEAST_SHARE = 0.1
"""Share of the rows that must be old enough, where nobody asked for the age but the baseline's labels took as long."""


@dataclass(frozen=True)
class MatureAge:
    """How old a row must be for its label to count."""

    hours: float
    where: Literal["configured", "baseline"]


@dataclass(frozen=True)
class Ripe:
    """What of a window is judged by its labels.

    Attributes
    ----------
    age : that was asked
    until : rows predicted later are not judged; seconds since 1970
    window : the rows up to then; None where these are all, or none
    fault : why no row is judged; None where some are
    caution : why the window was not cut although an age was asked; None where it was
    """

    age: MatureAge
    until: float
    window: Window | None = None
    fault: str | None = None
    caution: str | None = None


def mature_age(config: Config, baseline: Window) -> MatureAge | None:
    """Return the age to ask: the configured one, else that by which the baseline's labels of both classes had come.

    None where none is configured, or the baseline does not hold enough arrival times.
    """
    asked = config.labels.mature_after
    if config.roles.timestamp is None or config.roles.label is None or config.labels.expected == "late":
        return None
    if asked != "auto":
        hours = parse_hours(asked)
        return None if hours is None else MatureAge(hours, "configured")
    found = None if config.roles.label_time is None else ClassCurves.of(baseline, config)
    return None if found is None else MatureAge(found.age_by_which(config.labels.mature_share), "baseline")


def ripe_rows(
    window: Window, config: Config, age: MatureAge | None, as_of: datetime, cut: Callable[[float], Window] | None
) -> Ripe | None:
    """Return what of a window is judged by its labels; None where no age is asked, or no row has a time.

    Parameters
    ----------
    as_of : when the labels were looked at
    cut : profiles the rows whose time is no later than this, in the column's own numbers; None where only counts are
        left
    """
    time = config.roles.timestamp
    if age is None or time is None or time not in window.profile.columns:
        return None
    moments = window.profile.columns[time].moments
    low, high = moments.low, moments.high
    unit = None if low is None or high is None else per_second(low, high)
    if unit is None or low is None or high is None:
        return None
    until = as_of.timestamp() - age.hours * HOUR
    if high / unit <= until:
        return Ripe(age, until)
    if low / unit > until:
        return _too_few(age, until, f"no row is {to_the_hour(age.hours)} old yet")
    if cut is None:
        young = to_the_hour(age.hours)
        told = f"those younger than {young} among them: what was given are counts, which cannot be cut by age"
        return Ripe(age, until, caution=told)
    ripe = cut(until * unit)
    few, least = int(ripe.profile.scores[:2, :-1].sum(axis=1).min()), max(config.performance.min_per_class, 1)
    if few < least:
        told = f"only {few:,} rows of one class are {to_the_hour(age.hours)} old (of {least} needed)"
        return _too_few(age, until, told)
    if age.where == "baseline" and ripe.profile.rows < LEAST_SHARE * window.profile.rows:
        return _too_few(age, until, f"only {plural(ripe.profile.rows, 'row')} are {to_the_hour(age.hours)} old")
    return Ripe(age, until, ripe)


def _too_few(age: MatureAge, until: float, told: str) -> Ripe:
    """Return that nothing is judged, where people asked for the age; else that all is, since nobody asked to wait."""
    if age.where == "configured":
        return Ripe(age, until, fault=f"{told} ([labels] mature_after)")
    return Ripe(age, until, caution=f"{told}, by when nearly all labels have come, so rows of any age are judged")
