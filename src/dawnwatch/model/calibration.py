"""What each threshold costs and finds: false alarms a year against the sizes that are found with a given chance."""

from __future__ import annotations

from typing import Literal

from dawnwatch.model.base import Frozen
from dawnwatch.model.measurement import Interval
from dawnwatch.model.numbers import number

__all__ = [
    "CHANCES",
    "CheckCalibration",
    "FoundSize",
    "Rate",
    "Seasons",
    "Setting",
    "Suggestion",
    "ThresholdCalibration",
    "ThresholdName",
    "within",
]

CHANCES = (0.5, 0.8, 0.95)
"""Chances with which a shift or drop is to be found."""
ThresholdName = Literal["psi", "auc_drop", "missing"]


class Rate(Frozen):
    """How often something comes in a year of runs in which nothing happened."""

    a_year: float
    interval: Interval
    """95 %: of the draws, and of how well the reference tells how much its windows vary."""
    times: int
    """Of the drawn windows."""


def within(rate: Rate, budget: float, draws: int) -> str:
    """Say whether a rate is shown to stay within a budget, by its interval.

    Examples
    --------
    >>> within(Rate(a_year=0.0, interval=(0.0, 35.2), times=0), 2.0, 700)
    'not shown to be within that: 0 of 700 windows, but an interval to 35.2; more history would tell'
    >>> within(Rate(a_year=26.0, interval=(19.0, 35.0), times=50), 2.0, 700)
    'exceeded: 50 of 700 windows'
    """
    low, high = rate.interval
    if high <= budget:
        return "shown to be within that"
    if low > budget:
        return f"exceeded: {rate.times:,} of {draws:,} windows"
    return (
        f"not shown to be within that: {rate.times:,} of {draws:,} windows, but an interval to {number(high, 1)}; "
        "more history would tell"
    )


class FoundSize(Frozen):
    """The smallest shift or drop that is found with this chance."""

    chance: float
    size: float | None
    """None where none of the sizes tried is found so often."""
    low: float | None = None
    high: float | None = None
    """Ends of the 95 % interval of `size`; None where the sizes tried do not reach it."""


class Setting(Frozen):
    """One value of a threshold, with what it costs and finds."""

    threshold: float
    false_alarms: Rate
    found: list[FoundSize] = []


class Seasons(Frozen):
    """How far the reference's own stretches of time lie apart."""

    windows: int
    """Stretches as long as a window that were compared."""
    ratio: float
    """Their mean squared distance over what chance alone would make it."""
    p_value: float
    share: float
    """What part of a drawn window comes from one stretch of time."""


class CheckCalibration(Frozen):
    """One threshold of one check on one subject."""

    threshold: ThresholdName
    subject: str
    """A column; of the AUC "overall", or slice column = value."""
    now: Setting | None
    """None where `reason` says why it could not be calibrated."""
    warn: Setting | None = None
    """At the YELLOW bound; of the PSI only."""
    suggested: Setting | None = None
    suggested_warn: Setting | None = None
    """At the YELLOW bound that goes with the suggestion."""
    curve: list[Setting] = []
    """Over the range of the threshold, for a chart."""
    largest: float | None = None
    """The largest size among the drawn windows, significant or not."""
    significant: float | None = None
    """Share of the drawn windows in which it is called more than chance; None where size alone is judged."""
    seasons: Seasons | None = None
    """None where the reference holds fewer than two windows."""
    reason: str | None = None


class Suggestion(Frozen):
    """A value for one threshold of dawnwatch.toml."""

    threshold: ThresholdName
    column: str | None = None
    """Of a threshold that is this column's own; None for the general one."""
    now: float
    value: float | None
    """None where `reason` says why there is none."""
    yellow_now: float | None = None
    """Where YELLOW begins; of the PSI only."""
    yellow: float | None = None
    """Where it is to begin: never below `floor`."""
    floor: float
    """Below it nothing matters to the business, so no smaller one is suggested."""
    budget: float
    """False alarms a year that it may raise."""
    false_alarms: Rate | None = None
    """Of all its subjects together, at `value`."""
    yellow_alarms: Rate | None = None
    """The same, at `yellow`."""
    because: str = ""
    reason: str | None = None

    @property
    def moves(self) -> bool:
        """Whether it is another value than the one in force."""
        return self.value is not None and (self.value, self.yellow) != (self.now, self.yellow_now)


class ThresholdCalibration(Frozen):
    """The answer of `dawnwatch calibrate`."""

    project: str
    window: str
    """How windows are cut, in words."""
    window_rows: int
    every_hours: float
    runs_a_year: float
    reference: str
    reference_rows: int
    windows_held: float
    """How many windows the reference holds."""
    unit: str | None
    units: int | None
    staying: float
    """Share of a window's rows whose units have rows at other times too."""
    draws: int
    injected: int
    """Drawn windows into which each size was put."""
    seed: int
    budget: float
    """False pages a year that are wanted at most."""
    pages: Rate
    """Runs at severity high or critical in which nothing happened, with the thresholds as they are."""
    pages_suggested: Rate | None
    """The same with the suggested thresholds."""
    checks: list[CheckCalibration]
    suggestions: list[Suggestion]
    cautions: list[str] = []
