"""Whether what a profile file holds fits together: compiled loops write where these tables and edges say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dawnwatch.errors import DamagedError
from dawnwatch.model.plan import LABELS, UNIT_GROUPS, Binning, Plan, cube_scores, slice_scores
from dawnwatch.model.profile import COUNTERS, Profile
from dawnwatch.model.score_bins import GROUPS

__all__ = ["require_plan", "require_profile"]

MOST_EDGES = 2**16 - 2


def require_plan(plan: Plan) -> Plan:
    """Return the plan. Raises DamagedError where its parts contradict each other."""
    bins = plan.score_bins
    _edges(bins.edges, "the score bins")
    groups = bins.groups
    runs = groups[:-1]
    _hold(
        groups.dtype == np.int32
        and groups.shape == (bins.fine + 1,)
        and int(groups[-1]) == GROUPS
        and bool((np.diff(runs) >= 0).all())
        and 0 <= int(runs[0]) <= int(runs[-1]) < GROUPS,
        "the coarse score bins",
    )
    for column in plan.columns:
        if column.binning is not None:
            _binning(column.binning, f"the bins of {column.name!r}")
    if plan.unit is not None:
        _hashes(plan.unit.known, "the known units")
    return plan


def require_profile(profile: Profile, plan: Plan) -> Profile:
    """Return the profile. Raises DamagedError where it is none of this plan, or counts less than nothing."""
    _table(profile.scores, (LABELS, plan.score_bins.fine + 1), "the scores")
    _hold(profile.columns.keys() == {column.name for column in plan.columns}, "the columns")
    grouped = plan.unit is not None
    for column in plan.columns:
        found, what = profile.columns[column.name], f"the counts of {column.name!r}"
        _table(found.counts, (len(COUNTERS),), what)
        if column.binning is None:
            _hold(found.cube is None and found.groups is None and found.group_cubes is None, what)
            continue
        bins = len(column.binning.names)
        _table(found.cube, (bins, LABELS, column.binning.scores + 1), what)
        _table(found.groups, (bins, UNIT_GROUPS) if grouped else None, what)
        sliced = grouped and column.name in plan.split
        scores = slice_scores(bins, len(plan.split)) + 1
        _table(found.group_cubes, (bins, UNIT_GROUPS, LABELS, scores) if sliced else None, what)
    _table(profile.units, (3, LABELS, cube_scores(3) + 1) if grouped else None, "the units")
    _table(profile.group_scores, (2, UNIT_GROUPS, LABELS, GROUPS + 1) if grouped else None, "the unit groups")
    units = profile.unit_counts
    if units is not None:
        _hold(grouped, "the rows per unit")
        _hashes(units.hashes, "the rows per unit")
        _table(units.rows, units.hashes.shape, "the rows per unit")
    return profile


def _binning(binning: Binning, what: str) -> None:
    if binning.kind == "numeric":
        _edges(binning.edges, what)
        _hold(len(binning.names) == binning.edges.size + 2, what)
        return
    _hashes(binning.others, what)
    _hold(type(binning.open) is bool, what)
    kept = len(binning.hidden) or len(binning.codes)
    _hold(binning.kind == "categorical" and len(binning.names) == kept + 3 and binning.hidden.dtype == np.uint64, what)


def _edges(edges: NDArray[np.float64], what: str) -> None:
    ordered = edges.dtype == np.float64 and edges.ndim == 1 and edges.size <= MOST_EDGES
    _hold(ordered and not np.isnan(edges).any() and bool((edges[1:] > edges[:-1]).all()), what)


def _hashes(hashes: NDArray[np.uint64], what: str) -> None:
    _hold(hashes.dtype == np.uint64 and hashes.ndim == 1 and bool((hashes[1:] > hashes[:-1]).all()), what)


def _table(table: NDArray[np.int64] | None, shape: tuple[int, ...] | None, what: str) -> None:
    if table is None or shape is None:
        _hold(table is None and shape is None, what)
        return
    _hold(table.dtype == np.int64 and table.shape == shape and not (table < 0).any(), what)


def _hold(condition: object, what: str) -> None:
    if not condition:
        raise DamagedError(f"its checksum is right and its content is not: {what} cannot be; profile the data again")
