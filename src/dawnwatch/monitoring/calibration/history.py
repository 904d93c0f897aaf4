"""What is known of a reference's own past: how far its stretches of time lie apart, and which units stay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.plan import Plan
from dawnwatch.model.profile import COUNTERS, ColumnProfile
from dawnwatch.model.unit_counts import UnitCounts
from dawnwatch.monitoring.calibration.cut import Pool
from dawnwatch.monitoring.calibration.schedule import Blocks
from dawnwatch.stats.auc import auc_drop, auc_from_counts
from dawnwatch.stats.jackknife import clustered_drop
from dawnwatch.stats.resampling import Apart, Cells, Draw, RowDraw, TimeEffect, UnitDraw, time_effect
from dawnwatch.stats.shifts import Shifts, shifts

__all__ = ["History"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class History:
    """A reference cut into cells, ready to be drawn from.

    Attributes
    ----------
    data : the drift baseline
    scored : the performance baseline, of which labels and scores are drawn; the same where it has none of its own
    window : rows of a window
    """

    plan: Plan
    blocks: Blocks
    data: Pool
    scored: Pool
    window: int

    @cached_property
    def starts(self) -> list[int]:
        """Where stretches as long as a window begin that do not overlap, the newest ending with the reference."""
        length = self.blocks.length
        return list(range(self.blocks.count % length, self.blocks.count - length + 1, length))

    def draw(self, rng: np.random.Generator) -> tuple[Draw, Draw]:
        """Draw a pair of windows: of the data, and of labels and scores, from the same stretch of time."""
        common = int(rng.choice(self.starts))
        first = self._drawn(self.data, common, rng)
        return first, first if self.scored is self.data else self._drawn(self.scored, common, rng)

    def _drawn(self, pool: Pool, common: int, rng: np.random.Generator) -> UnitDraw | RowDraw:
        length, fills = self.blocks.length, self.fills(pool)
        if pool.units is None:
            return RowDraw(rng, length, common, fills)
        return UnitDraw.of(
            rng,
            blocks=self.blocks.count,
            length=length,
            groups=pool.scores.groups,
            fills=max(1, round(fills)),
            staying=self.staying,
            common=common,
        )

    def fills(self, pool: Pool) -> float:
        """Return how many times a stretch as long as a window must be drawn for as many rows."""
        return self.window / max(pool.total * self.blocks.length / self.blocks.count, 1.0)

    @cached_property
    def _units_from(self) -> list[UnitCounts]:
        units, length = self.data.units or (), self.blocks.length
        twice = [*units, *units]
        return [UnitCounts.joined(twice[start : start + length]) for start in range(len(units))]

    @cached_property
    def _rows_of_units(self) -> dict[int, list[Ints]]:
        return {}

    def rows_of_units(self, start: int, group: int) -> Ints:
        """Return the rows of each unit of one group in a stretch of the data as long as a window."""
        if start not in self._rows_of_units:
            counts, groups = self.units_from(start), self.data.scores.groups
            of = (counts.hashes & np.uint64(groups - 1)).astype(np.intp)
            order = np.argsort(of, kind="stable")
            ends = np.cumsum(np.bincount(of, minlength=groups))
            self._rows_of_units[start] = np.split(counts.rows[order], ends[:-1])
        found: Ints = self._rows_of_units[start][group]
        return found

    def units_from(self, start: int) -> UnitCounts:
        """Return the units of a stretch of the data as long as a window."""
        return self._units_from[start]

    @cached_property
    def staying(self) -> float:
        """Share of a window's rows whose units have rows at other times too; 0 where no unit is configured."""
        units = self.data.units
        if units is None or not self.starts or len(self.starts) < 2:
            return 0.0
        shares = []
        for start in self.starts:
            inside = range(start, start + self.blocks.length)
            here = UnitCounts.joined([units[block] for block in inside])
            there = UnitCounts.joined([units[block] for block in range(self.blocks.count) if block not in inside])
            if here.rows.sum():
                shares.append(float(here.rows[np.isin(here.hashes, there.hashes)].sum() / here.rows.sum()))
        return float(np.mean(shares)) if shares else 0.0

    @cached_property
    def of_features(self) -> dict[str, TimeEffect | None]:
        """How far each watched feature's shares move from one stretch of time to another, beyond chance."""
        found: dict[str, TimeEffect | None] = {}
        for stack in self.data.stacks:
            found |= dict(zip(stack.names, self._effects(stack.cells), strict=True))
        return found

    @cached_property
    def of_scores(self) -> TimeEffect | None:
        """How far the AUC moves from one stretch of time to another, beyond chance."""
        cells, length = self.scored.scores, self.blocks.length
        runs: Iterable[Ints] = (cells.run(start, length) for start in self.starts)
        return time_effect([found for run in runs if (found := _aucs_apart(cells.whole() - run, run)) is not None])

    @cached_property
    def gaps(self) -> Cells:
        """Rows with and without a value of every column, shape (blocks, 1, columns, 2), as of independent rows."""
        missing = np.stack(list(self.data.missing.values()), axis=1)
        return Cells(np.stack([self.data.rows[:, None] - missing, missing], axis=2)[:, None])

    @cached_property
    def of_missing(self) -> dict[str, TimeEffect | None]:
        """How far each column's share of missing values moves from one stretch of time to another, beyond chance."""
        return dict(zip(self.data.missing, self._effects(self.gaps), strict=True))

    @cached_property
    def shares(self) -> list[Floats]:
        """What part of a window comes from one stretch of time, of each feature of each stack."""
        return [np.array([_share(self.of_features[name]) for name in stack.names]) for stack in self.data.stacks]

    def table(self, stacks: Sequence[Ints], name: str) -> Ints:
        """Return one feature's rows of a drawn window, shape (bins, groups)."""
        stack, at = self.places[name]
        found: Ints = stacks[stack][at]
        return found

    @cached_property
    def places(self) -> dict[str, tuple[int, int]]:
        """In which stack each feature stands, and where in it."""
        stacks = enumerate(self.data.stacks)
        return {name: (stack, at) for stack, of in stacks for at, name in enumerate(of.names)}

    @cached_property
    def columns(self) -> dict[str, ColumnProfile]:
        """Every column with nothing wrong in it."""
        none = np.zeros(len(COUNTERS), np.int64)
        return {c.name: ColumnProfile(self.data.types[c.name], none, varies=True) for c in self.plan.columns}

    @cached_property
    def fine(self) -> tuple[NDArray[np.intp], NDArray[np.intp], int]:
        """The coarse score bins that hold a score, the first fine one of each, and how many fine ones there are."""
        groups = self.plan.score_bins.groups
        held, first = np.unique(groups, return_index=True)
        return held.astype(np.intp), first, groups.size

    def drawn_gaps(self, rng: np.random.Generator, common: int) -> Ints:
        """Draw how many rows of a window have no value, of every column, shape (columns,).

        Rows are drawn one by one, as `RowDraw` draws them: a burst within units counts as one of time.
        """
        there, rows, chances = self._gaps_from[common]
        found = np.zeros(len(self.data.missing), np.int64)
        # Of each column the rows of the window's own stretch, then those of all time.
        drawn = rng.multinomial(rows, chances)[..., 1] if there.size else np.zeros((0, 2), np.int64)
        found[there] = drawn.sum(axis=1)
        return found

    @cached_property
    def _gaps_from(self) -> dict[int, tuple[NDArray[np.intp], Ints, Floats]]:
        """Columns with missing values, rows to draw of each, and their shares, by where the own stretch begins."""
        whole, effects = self.gaps.whole()[0], list(self.of_missing.values())
        there = np.flatnonzero(whole[:, 1])
        rows = round(self.data.total * self.blocks.length / self.blocks.count * self.fills(self.data))
        found = {}
        for start in self.starts:
            own = self.gaps.run(start, self.blocks.length)[0]
            mine = np.array([round(_share(effects[at]) * rows) if own[at].sum() else 0 for at in there], np.int64)
            tables = np.stack([np.where(mine[:, None] > 0, own[there], whole[there]), whole[there]], axis=1)
            shares = tables / tables.sum(axis=2, keepdims=True)
            found[start] = there, np.stack([mine, rows - mine], axis=1), shares
        return found

    def _effects(self, cells: Cells) -> list[TimeEffect | None]:
        """Return by how much the shares of each table move, of cells of shape (blocks, groups, tables, bins)."""
        whole = cells.whole().transpose(1, 2, 0)
        found: list[Shifts] = []
        for start in self.starts:
            run = cells.run(start, self.blocks.length).transpose(1, 2, 0)
            found.append(shifts(whole - run, run, clustered=cells.groups > 1))
        return [time_effect(_apart(found, table)) for table in range(whole.shape[0])]


def _share(effect: TimeEffect | None) -> float:
    return 0.0 if effect is None else effect.share


def _apart(found: list[Shifts], table: int) -> list[Apart]:
    """Return how far each stretch of time lies from all others by one table, where it could be told."""
    parts = (Apart(*(float(of[table]) for of in (one.statistic, one.noise, one.degrees))) for one in found)
    return [one for one in parts if not np.isnan(one.distance)]


def _aucs_apart(others: Ints, run: Ints) -> Apart | None:
    """Compare the AUCs of two tables, shape (groups, label, score bin)."""
    tables = [table[:, :2, :-1] for table in (others, run)]
    if run.shape[0] > 1:
        between = clustered_drop(*tables)
        return None if between is None else Apart(between.value**2, between.variance, 1.0)
    aucs = [auc_from_counts(*table[0]) for table in tables]
    if aucs[0] is None or aucs[1] is None:
        return None
    drop = auc_drop(aucs[0], aucs[1])
    return Apart(drop.value**2, drop.variance, 1.0)
