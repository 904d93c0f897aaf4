"""What is known of a reference's own past: how far its stretches of time lie apart, and which units stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.plan import Plan
from dawnwatch.model.unit_counts import UnitCounts
from dawnwatch.monitoring.calibration.cut import Pool
from dawnwatch.monitoring.calibration.schedule import Blocks
from dawnwatch.stats.auc import auc_drop, auc_from_counts
from dawnwatch.stats.jackknife import clustered_drop
from dawnwatch.stats.resampling import Apart, Cells, Draw, RowDraw, TimeEffect, UnitDraw, time_effect
from dawnwatch.stats.shift import clustered_shift, shift

__all__ = ["History"]

Ints = NDArray[np.int64]


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
        return {name: self._effect(cells, _shares_apart) for name, cells in self.data.features.items()}

    @cached_property
    def of_scores(self) -> TimeEffect | None:
        """How far the AUC moves from one stretch of time to another, beyond chance."""
        return self._effect(self.scored.scores, _aucs_apart)

    @cached_property
    def of_missing(self) -> dict[str, TimeEffect | None]:
        """How far each column's share of missing values moves from one stretch of time to another, beyond chance."""
        return {
            name: self._effect(Cells(np.stack([self.data.rows - gone, gone], axis=1)[:, None]), _shares_apart)
            for name, gone in self.data.missing.items()
        }

    def _effect(self, cells: Cells, apart: Callable[[Ints, Ints], Apart | None]) -> TimeEffect | None:
        whole = cells.whole()
        runs: Iterable[Ints] = (cells.run(start, self.blocks.length) for start in self.starts)
        return time_effect([found for run in runs if (found := apart(whole - run, run)) is not None])


def _shares_apart(others: Ints, run: Ints) -> Apart | None:
    """Compare the shares of two tables, shape (groups, bins)."""
    if not run.sum() or not others.sum():
        return None
    found = clustered_shift(others.T, run.T) if run.shape[0] > 1 else shift(others[0], run[0])
    if found is None:
        return None
    return Apart(found.statistic, found.noise, found.degrees)


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
