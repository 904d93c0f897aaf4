"""By which day what is lacking will be there, at the rate of the current window."""

from __future__ import annotations

from datetime import timedelta

from dawnwatch.model.auc import Drop
from dawnwatch.model.packet import WindowFacts
from dawnwatch.model.performance import Performance
from dawnwatch.stats.power import reached_at

__all__ = ["with_dates"]

DAY = timedelta(days=1)


def with_dates(section: Performance, current: WindowFacts) -> Performance:
    """Return the section with a rate and a day beside everything that is lacking, where the window has a length."""
    slices = [part.model_copy(update={"drop": _dated(part.drop, current)}) for part in section.slices]
    return section.model_copy(update={"drop": _dated(section.drop, current), "slices": slices})


def _dated(drop: Drop, current: WindowFacts) -> Drop:
    needed, first, last = drop.needed, current.first_at, current.last_at
    if needed is None or needed.more is None or first is None or last is None or last <= first:
        return drop
    per_day = needed.now / ((last - first) / DAY)
    by = reached_at(last, needed.more, per_day=per_day)
    if by is None:
        return drop
    return drop.model_copy(update={"needed": needed.model_copy(update={"per_day": per_day, "by": by})})
