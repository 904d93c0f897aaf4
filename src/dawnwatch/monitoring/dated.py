"""By which day what is lacking will be there, at the rate of the current window."""

from __future__ import annotations

from datetime import timedelta

from dawnwatch.model.auc import Drop
from dawnwatch.model.packet import WindowFacts
from dawnwatch.model.performance import Performance
from dawnwatch.monitoring.rows_in_time import RowsInTime
from dawnwatch.stats.power import reached_at

__all__ = ["with_dates"]

DAY = timedelta(days=1)


def with_dates(section: Performance, current: WindowFacts, rows: RowsInTime | None) -> Performance:
    """Return the section with a rate and a day beside everything that is lacking, where the window has a length.

    Parameters
    ----------
    rows : the rows that were judged by their labels; None where they have no time, or none are sampled
    """
    slices = [
        part.model_copy(update={"drop": _dated(part.drop, current, rows, (part.column, part.value))})
        for part in section.slices
    ]
    return section.model_copy(update={"drop": _dated(section.drop, current, rows, None), "slices": slices})


def _dated(drop: Drop, current: WindowFacts, rows: RowsInTime | None, part: tuple[str, str] | None) -> Drop:
    needed, first, last = drop.needed, current.first_at, current.last_at
    if needed is None or needed.more is None or needed.now is None or first is None or last is None or last <= first:
        return drop
    if needed.of != "label" and (rows is None or not rows.keep_coming(part)):
        return drop
    per_day = needed.now / ((last - first) / DAY)
    by = reached_at(last, needed.more, per_day=per_day)
    if by is None:
        return drop
    return drop.model_copy(update={"needed": needed.model_copy(update={"per_day": per_day, "by": by})})
