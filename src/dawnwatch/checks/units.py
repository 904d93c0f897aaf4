"""The independent things whose rows belong together: without them a test takes one rider's sitting for many riders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite, log

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.measurement import Clustering
from dawnwatch.model.unit_counts import UnitCounts
from dawnwatch.model.window import Window

__all__ = ["EMPTY", "Units", "clustering", "in_parts", "units_in"]

SURE = 0.9
"""Share of the units' rows from which on a part of a window is taken to hold them all."""
EMPTY = 5
"""Groups without a row from which on the filled ones tell the number of units: to 15% of it at 64 groups."""


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
    effective: float
    """How many of equal size would weigh as much, (Σ rows)² / Σ rows² (Kish); from the groups where not every unit is
    counted; inf where that cannot tell them from ever so many."""

    @classmethod
    def of(cls, window: Window) -> Units | None:
        """Return a window's units; None where no unit is configured. Found once: every check of a window asks."""
        return window.once("units", lambda: cls._of(window))

    @classmethod
    def _of(cls, window: Window) -> Units | None:
        unit, profile = window.plan.unit, window.profile
        if unit is None or profile.unit_counts is None or profile.units is None or profile.group_scores is None:
            return None
        counts = profile.unit_counts
        known, new, missing = (int(rows) for rows in profile.units.sum(axis=(1, 2)))
        groups = profile.group_scores.sum(axis=(0, 2, 3))
        largest = counts.largest if counts.exact else int(groups.max())
        effective = counts.effective if counts.exact else _effective(groups)
        return cls(unit.column, counts, known + new, missing, largest, effective)


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
    few = min(reference, current, key=lambda side: side.counts.units)
    uneven = min(reference, current, key=lambda side: side.effective)
    return Clustering(
        current.column,
        few.counts.units,
        current.largest / max(current.rows, 1),
        _told(uneven.effective),
        uneven.largest / max(uneven.rows, 1),
        not few.counts.exact,
    ), None


def in_parts(cluster: Clustering, parts: Sequence[tuple[Units | None, NDArray[np.int64] | None]]) -> Clustering:
    """Return how the rows of two parts of windows hang together, such as of a slice then and now.

    Parameters
    ----------
    cluster : of the windows
    parts : of each window its units, and the part's rows, shape (unit groups, ...)
    """
    few = min(parts, key=lambda part: units_in(*part))
    sizes = [(inf if groups is None else _effective(_rows(groups)), groups) for _, groups in parts]
    effective, groups = min(sizes, key=lambda size: size[0])
    most = None if groups is None else float(_rows(groups).max() / max(int(groups.sum()), 1))
    whole = all(units is not None and groups is not None and _whole(units, groups) for units, groups in parts)
    return replace(
        cluster,
        units=units_in(*few),
        effective=cluster.effective if whole else _told(effective),
        uneven=cluster.uneven if whole else most,
        counted=cluster.counted and _tells(*few),
        about=cluster.about or (few[0] is not None and few[1] is not None and not _whole(few[0], few[1])),
    )


def units_in(units: Units | None, groups: NDArray[np.int64] | None) -> int:
    """Return how many units a part of a window holds, such as its labelled rows or a slice: to test by, not to show.

    Parameters
    ----------
    groups : the part's rows, shape (unit groups, ...)

    Notes
    -----
    Only the whole window's units are counted. Those of a part are told from how many of the groups they fall into
    (linear counting; Whang, Vander-Zanden and Taylor, ACM Transactions on Database Systems 15 (1990) 208-229): to
    about 10% at 50 units. Where they fill nearly all groups they are enough to test by, whatever their number, which
    `checks.performance.own_units` tells where it can be.
    """
    if units is None or groups is None:
        return 0
    if _whole(units, groups):
        return units.counts.units
    rows = _rows(groups)
    empty = int((rows == 0).sum())
    return min(units.counts.units, round(-rows.size * log(empty / rows.size)) if empty else units.counts.units)


def _tells(units: Units | None, groups: NDArray[np.int64] | None) -> bool:
    """Whether what `units_in` returns of a part is its number of units, and not only that there are enough."""
    if units is None or groups is None or _whole(units, groups):
        return True
    return int((_rows(groups) == 0).sum()) >= EMPTY


def _whole(units: Units, groups: NDArray[np.int64]) -> bool:
    """Whether a part is so large that it is taken to hold all units."""
    return bool(groups.sum() >= SURE * units.rows)


def _rows(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray(groups.reshape(groups.shape[0], -1).sum(axis=1))


def _effective(rows: NDArray[np.int64]) -> float:
    """Return the units in effect, told from the rows of the groups they fall into; inf where they are too many to tell.

    Two units share one of G groups with chance 1 / G, so Σ rows² over groups is on average 1 / G of (Σ rows)², and
    (1 - 1 / G) of Σ rows² over units more.
    """
    chance = 1 / rows.size
    total = float(rows.sum())
    together = float((rows.astype(np.float64) ** 2).sum()) / total**2 if total else 1.0
    own = (together - chance) / (1 - chance)
    return 1 / own if own > 0 else inf


def _told(effective: float) -> float | None:
    return effective if isfinite(effective) else None
