"""How much more of a window would tell its fall from noise, and by when it will be there."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from dawnwatch.model.base import Frozen
from dawnwatch.model.numbers import count, moment, number, plural

__all__ = ["Needed"]

YEAR = 365.25
LONG = 2 * YEAR
"""Days from which on a day would only pretend to be known."""
BUSY = 100
"""Labels or units a day from which on the minute says more than the day."""


class Needed(Frozen):
    """What the current window lacks for a fall of `size` to be told from chance, four times in five."""

    why: Literal["within_noise", "too_coarse", "too_few_units"]
    """within_noise: the fall is above its threshold and not significant; too_coarse: it is below, and a fall as large
    as the threshold might have gone unseen; too_few_units: nothing was tested."""
    size: float
    """The fall that is to be told."""
    of: str
    """What is counted: "label", or the unit's column."""
    now: int | None
    """How many the current window holds, with a label and a score; null where the units of a slice are not known."""
    about: bool = False
    """Whether that is an estimate, as of the units in a slice."""
    more: int | None
    """How many more it takes; null where no number would do, because the baseline itself is too uncertain, and where
    `now` is not known."""
    times: float | None = None
    """How many times as many as there are it takes; null where no number would do, where nothing was tested, and in
    packets of before this was told."""
    per_day: float | None = None
    """How many came a day within the current window; null without a time column, and of units where most that will
    come may have come already."""
    by: datetime | None = None
    """When they will have come at that rate; of units at the earliest."""

    @property
    def baseline_lacks(self) -> bool:
        """Whether no number of further rows would do, because the baseline itself is too uncertain."""
        return self.more is None and self.times is None

    @property
    def text(self) -> str:
        """All of it in one sentence."""
        what = "label" if self.of == "label" else f"{self.of} value"
        which = "this fall" if self.why == "within_noise" else "a fall"
        untested = self.why == "too_few_units"
        goal = "To judge the AUC at all" if untested else f"To tell {which} of {number(self.size)} from noise"
        if self.baseline_lacks:
            return f"{goal}, no number of further {what}s would do: the performance baseline itself needs more rows"
        chance = "" if untested else ", four times in five,"
        if self.more is None or self.now is None:
            times = f"{number(self.times or 1.0, 1)} times the {what}s there are"
            return f"{goal}{chance} takes {times}, which are not counted in a slice"
        there = f"{'about ' * self.about}{count(self.now)}"
        said = f"{goal}{chance} takes {plural(self.more, f'more {what}')} beside the {there} there are"
        if self.by is None or self.per_day is None:
            return said if self.of == "label" else f"{said}, which this population may not have"
        rate = f"at this window's {number(self.per_day, 0 if self.per_day >= 10 else 1)} a day"
        days = self.more / self.per_day
        if days > LONG:
            return f"{said}: {rate} that takes {plural(round(days / YEAR), 'year')}"
        # A rate of a few a day tells the day; the minute would only pretend to be known.
        by = moment(self.by) if self.per_day >= BUSY else f"{self.by:%Y-%m-%d}"
        if self.of == "label":
            return f"{said}: {rate}, by {by}"
        return f"{said}: {rate}, by {by} at the earliest (its second half brought as many new ones as its first)"
