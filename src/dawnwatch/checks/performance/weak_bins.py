"""Single bins that got worse, from every row: each watched column's cube holds label and score for each of its bins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.sampled_slices import Conditions, Least, SampledPair
from dawnwatch.stats.slice_excess import SliceExcess, slice_excess

__all__ = ["WorseBin", "searched_columns", "worse_bins"]

SCREEN = 0.05
"""Largest p-value, of independent rows, at which units are looked at: they only make it larger."""


@dataclass(frozen=True)
class WorseBin:
    """One bin: its fall beside the rest's, and how sure it is that it stands out."""

    conditions: Conditions
    excess: SliceExcess
    p_value: float
    rows: tuple[int, int, int, int]
    """Of the bin before and now, and of all rows before and now."""


def searched_columns(run: RunContext) -> list[str]:
    """Return the columns whose bins are searched: what is watched for drift, and declared slices."""
    return list(dict.fromkeys([*run.config.watched, *run.current.plan.slices]))


def worse_bins(run: RunContext, least: Least, sampled: SampledPair | None) -> list[WorseBin]:
    """Return every bin with rows enough in both windows; none is picked out beforehand.

    Parameters
    ----------
    sampled : the sample, where variances come from units; a bin that cannot be looked at there is not tested
    """
    return list(_bins(run, least, sampled))


def _bins(run: RunContext, least: Least, sampled: SampledPair | None) -> Iterator[WorseBin]:
    for name in searched_columns(run):
        sides = [window.profile.columns[name].cube for window in (run.performance_baseline, run.current)]
        if any(side is None for side in sides):
            continue
        before, now = (side[:, :2, :-1] for side in sides if side is not None)
        exact = run.current.plan.score_bins.coarse_points(before.shape[2])
        whole = before.sum(axis=0), now.sum(axis=0)
        for code in np.flatnonzero(_enough(before, least) & _enough(now, least)).tolist():
            inside = before[code], now[code]
            found = slice_excess(inside, (whole[0] - inside[0], whole[1] - inside[1]), exact=exact)
            if found is None:
                continue
            conditions: Conditions = ((name, code),)
            judged = _by_unit(found, conditions, sampled, least)
            rows = tuple(int(table.sum()) for table in (*inside, *whole))
            if judged is not None:
                yield WorseBin(conditions, judged, judged.p_value, (rows[0], rows[1], rows[2], rows[3]))


def _enough(cube: NDArray[np.int64], least: Least) -> NDArray[np.bool_]:
    rows = cube.sum(axis=2)
    others = rows.sum(axis=0) - rows
    fewest = np.minimum(rows.min(axis=1), others.min(axis=1))
    large = (rows.sum(axis=1) >= least.rows) & (others.sum(axis=1) >= least.rows)
    return np.asarray(large & (fewest >= least.per_class))


def _by_unit(
    found: SliceExcess, conditions: Conditions, sampled: SampledPair | None, least: Least
) -> SliceExcess | None:
    if sampled is None or not sampled.clustered or found.p_value > SCREEN:
        return found
    if conditions[0][0] not in sampled.now.coded.bins:
        return None
    masks = sampled.masks(conditions)
    if not sampled.enough(masks, least):
        return None
    alone = sampled.independent(masks)
    by_unit = None if alone is None else sampled.by_unit(masks, alone)
    return None if alone is None or by_unit is None else found.spread_like(by_unit, alone)
