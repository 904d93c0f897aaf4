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
ENOUGH = 50
"""Units from which on the two halves of a window tell whether new ones keep coming."""
AS_MANY = 0.9
"""Units that the second half brings for each that the first did, from which on they are as many."""


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
    if needed.of != "label" and not _keep_coming(rows, part):
        return drop
    per_day = needed.now / ((last - first) / DAY)
    by = reached_at(last, needed.more, per_day=per_day)
    if by is None:
        return drop
    return drop.model_copy(update={"needed": needed.model_copy(update={"per_day": per_day, "by": by})})


def _keep_coming(rows: RowsInTime | None, part: tuple[str, str] | None) -> bool:
    """Whether units came that had not been there at the window's end as at its beginning.

    Of a closed population most that ever come have come within the first half; how many more there are nobody knows.
    """
    seen = None if rows is None else rows.first_seen(part)
    return seen is not None and sum(seen) >= ENOUGH and seen[1] >= AS_MANY * seen[0]
