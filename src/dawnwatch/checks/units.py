"""The independent things whose rows belong together: without them a test takes one rider's sitting for many riders."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.measurement import Clustering
from dawnwatch.model.unit_counts import UnitCounts
from dawnwatch.model.window import Window

__all__ = ["Units", "clustering", "units_in"]

SURE = 0.9
"""Share of the units' rows from which on a part of a window is taken to hold them all."""


@dataclass(frozen=True)
class Units:
    """The independent things of one window, such as its riders."""

    column: str
    counts: UnitCounts
    rows: int
    """Rows that have one."""
    missing: int
    """Rows that have none."""
    largest: int
    """Rows of the largest one, or at least no fewer: where not every unit is counted, those of the largest group."""

    @classmethod
    def of(cls, window: Window) -> Units | None:
        """Return a window's units; None where no unit is configured."""
        unit, profile = window.plan.unit, window.profile
        if unit is None or profile.unit_counts is None or profile.units is None or profile.group_scores is None:
            return None
        counts = profile.unit_counts
        known, new, missing = (int(rows) for rows in profile.units.sum(axis=(1, 2)))
        largest = counts.largest if counts.exact else int(profile.group_scores.sum(axis=(0, 2, 3)).max())
        return cls(unit.column, counts, known + new, missing, largest)


def clustering(reference: Units | None, current: Units | None) -> tuple[Clustering | None, str | None]:
    """Return how the rows of two windows hang together, and what is to be said where that cannot be known.

    Where more than half of the rows of a window have no unit, their rows are taken as independent.
    """
    if reference is None or current is None:
        return None, None
    if any(2 * side.missing > side.rows + side.missing for side in (reference, current)):
        return None, (
            f"Most rows have no {current.column}, so their rows were taken as independent: what is called significant "
            "may be chance"
        )
    units = min(reference.counts.units, current.counts.units)
    return Clustering(current.column, units, current.largest / max(current.rows, 1)), None


def units_in(units: Units | None, groups: NDArray[np.int64] | None) -> int:
    """Return how many units a part of a window holds, such as its labelled rows or a slice.

    Parameters
    ----------
    groups : the part's rows, shape (unit groups, ...)

    Notes
    -----
    Only the whole window's units are counted. Those of a part are told from how many of the groups they fall into
    (linear counting; Whang, Vander-Zanden and Taylor, ACM Transactions on Database Systems 15 (1990) 208-229): to
    about 10% at 50 units. Where they fill nearly all groups they are enough to test by, whatever their number.
    """
    if units is None or groups is None:
        return 0
    rows = groups.reshape(groups.shape[0], -1).sum(axis=1)
    if rows.sum() >= SURE * units.rows:
        return units.counts.units
    empty = int((rows == 0).sum())
    return min(units.counts.units, round(-rows.size * log(empty / rows.size)) if empty else units.counts.units)
