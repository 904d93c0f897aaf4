"""Cutting a reference into the counts of its blocks of time, in one reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.errors import BaselineError
from dawnwatch.model.plan import Plan
from dawnwatch.model.profile import Profile
from dawnwatch.model.unit_counts import UnitCounts
from dawnwatch.monitoring.calibration.schedule import Blocks
from dawnwatch.profiling.arrow import numbers
from dawnwatch.profiling.kernel import Tally
from dawnwatch.sources.base import Source
from dawnwatch.stats.resampling import Cells

__all__ = ["MISSING", "Pool", "Stack", "cut"]

MISSING = ("null", "nan", "empty")


@dataclass(frozen=True)
class Stack:
    """Features with equally many bins, side by side: what is asked of all is then asked once.

    Attributes
    ----------
    names : of the features
    cells : shape (blocks, groups, features, bins)
    """

    names: tuple[str, ...]
    cells: Cells

    def one(self, name: str) -> Cells:
        """Return a feature's own cells, shape (blocks, groups, bins); no copy."""
        return Cells(self.cells.counts[:, :, self.names.index(name)])


@dataclass(frozen=True)
class Pool:
    """What windows are drawn from: counts of one table by block of time and group of units.

    Attributes
    ----------
    rows : per block, shape (blocks,)
    watched : features, in the order of the configuration
    stacks : all of them
    scores : shape (blocks, groups, label, score bin), the last score bin being "no score"
    slices : by column, shape (blocks, groups, bins, label, score bin)
    missing : rows without a value by column, shape (blocks,)
    units : of each block; None where rows are independent
    types : of every column
    """

    rows: NDArray[np.int64]
    watched: tuple[str, ...]
    stacks: tuple[Stack, ...]
    scores: Cells
    slices: dict[str, Cells]
    missing: dict[str, NDArray[np.int64]]
    units: tuple[UnitCounts, ...] | None
    types: dict[str, str | None]

    @cached_property
    def total(self) -> int:
        """Rows in all."""
        return int(self.rows.sum())

    @cached_property
    def features(self) -> dict[str, Cells]:
        """The cells of each watched feature, shape (blocks, groups, bins)."""
        of = {name: stack for stack in self.stacks for name in stack.names}
        return {name: of[name].one(name) for name in self.watched}

    @cached_property
    def all_units(self) -> UnitCounts | None:
        """Units of all blocks; None where rows are independent."""
        return None if self.units is None else UnitCounts.joined(self.units)


def cut(
    source: Source, plan: Plan, blocks: Blocks, features: Sequence[str], progress: Callable[[int], None] | None = None
) -> Pool:
    """Count every block of a source.

    Parameters
    ----------
    features : watched columns, of which the bins are kept
    progress : called with the rows done so far

    Raises
    ------
    BaselineError
        Where no row lies in any block.
    DataError
        Where the source cannot be read.
    """
    lean = _lean(plan)
    tallies = [Tally(lean) for _ in range(blocks.count)]
    done = 0
    wanted = [*lean.read, *([blocks.time] if blocks.time else [])]
    for batch in source.batches(wanted):
        place = blocks.of(_times(batch, blocks.time, done))
        # Whole where it can be: logs are in order of time, and a copy of a batch costs more than counting it.
        for block in np.unique(place[place >= 0]).tolist():
            rows = np.flatnonzero(place == block)
            part = batch if rows.size == batch.num_rows else batch.take(pa.array(rows))
            tallies[block].add(part)
        done += batch.num_rows
        if progress is not None:
            progress(done)
    profiles = [tally.profile() for tally in tallies]
    if not any(profile.rows for profile in profiles):
        raise BaselineError(f"{source.name}: none of its rows lies in the time that windows are drawn from")
    return _pool(profiles, plan, features)


def _lean(plan: Plan) -> Plan:
    """Return the plan without what only rules on single values need."""
    columns = tuple(replace(column, bounds=None, allowed=None, pattern=None) for column in plan.columns)
    return replace(plan, columns=columns, keys=())


def _times(batch: pa.RecordBatch, time: str | None, before: int) -> NDArray[np.float64]:
    if time is None:
        return np.arange(before, before + batch.num_rows, dtype=np.float64)
    return numbers(batch.column(time))


def _pool(profiles: list[Profile], plan: Plan, features: Sequence[str]) -> Pool:
    by_unit = plan.unit is not None
    names = list(profiles[0].columns)
    kept = [profile.unit_counts for profile in profiles if profile.unit_counts is not None]
    return Pool(
        rows=np.array([profile.rows for profile in profiles]),
        watched=tuple(features),
        stacks=tuple(_stacks(profiles, features, by_unit=by_unit)),
        scores=Cells(_stacked(_scores(p, plan) for p in profiles)),
        slices={
            name: Cells(_stacked(_slices(p, name, by_unit) for p in profiles))
            for name in plan.slices
            if profiles[0].columns[name].cube is not None
        },
        missing={name: np.array([sum(p.columns[name][kind] for kind in MISSING) for p in profiles]) for name in names},
        units=tuple(kept) if by_unit and len(kept) == len(profiles) else None,
        types={name: next((p.columns[name].type for p in profiles if p.rows), None) for name in names},
    )


def _stacks(profiles: list[Profile], features: Sequence[str], *, by_unit: bool) -> Iterator[Stack]:
    """Yield the features by how many bins they have."""
    shapes = {name: _bins(profiles[0], name, by_unit).shape for name in features}
    for (groups, bins), names in groupby(
        sorted(features, key=lambda name: shapes[name]), key=lambda name: shapes[name]
    ):
        found = tuple(names)
        counts: NDArray[Any] = np.empty((len(profiles), groups, len(found), bins), np.int32)
        for profile, into in zip(profiles, counts, strict=True):
            for at, name in enumerate(found):
                into[:, at] = _bins(profile, name, by_unit)
        yield Stack(found, Cells(counts))


def _stacked(tables: object) -> NDArray[np.int64]:
    return np.stack([table.astype(np.int32) for table in tables])  # type: ignore[attr-defined]


def _bins(profile: Profile, name: str, by_unit: bool) -> NDArray[np.int64]:
    """Return a column's rows per bin, shape (groups, bins)."""
    column = profile.columns[name]
    if by_unit and column.groups is not None:
        return column.groups.T
    if column.cube is None:
        raise ValueError(f"{name!r} was not binned")
    return np.asarray(column.cube.sum(axis=(1, 2)))[None]


def _scores(profile: Profile, plan: Plan) -> NDArray[np.int64]:
    """Return the rows per label and coarse score bin, shape (groups, label, score bin)."""
    if profile.group_scores is not None:
        return np.asarray(profile.group_scores.sum(axis=0))
    groups = plan.score_bins.groups
    table = np.zeros((1, profile.scores.shape[0], int(groups[-1]) + 1), np.int64)
    np.add.at(table[0].T, groups.astype(np.intp), profile.scores.T)
    return table


def _slices(profile: Profile, name: str, by_unit: bool) -> NDArray[np.int64]:
    """Return a slice column's rows, shape (groups, bins, label, score bin)."""
    column = profile.columns[name]
    if by_unit and column.group_cubes is not None:
        return column.group_cubes.transpose(1, 0, 2, 3)
    if column.cube is None:
        raise ValueError(f"{name!r} was not binned")
    return column.cube[None]
