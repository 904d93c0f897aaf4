"""What new units take from the AUC: the baseline in the current window's shares of known and new units."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.model.causes import PairGroup
from dawnwatch.stats.replicates import Part, auc_replicates, pair_replicates, without_each

__all__ = ["Units", "units_of"]

Floats = NDArray[np.float64]
KNOWN, NEW = 0, 1
PAIRS: dict[Literal["known", "new", "across"], list[tuple[int, int]]] = {
    "known": [(KNOWN, KNOWN)],
    "new": [(NEW, NEW)],
    "across": [(KNOWN, NEW), (NEW, KNOWN)],
}
"""Kinds of the positive and of the negative row."""


@dataclass(frozen=True)
class Units:
    """Counts of labelled and scored rows by known and new units, with all groups and without each.

    Attributes
    ----------
    then, now : [known or new; replicate; label; score bin], of the performance baseline and the current window
    honest : the same of new units at training time, [replicate; label; score bin]; None where no rows tell
    filled : groups with rows in any of them
    """

    then: Floats
    now: Floats
    honest: Floats | None
    filled: NDArray[np.bool_]

    @cached_property
    def before(self) -> Part:
        """AUC of the performance baseline."""
        return Part(auc_replicates(self.then.sum(axis=0)), self.filled)

    @cached_property
    def after(self) -> Part:
        """AUC of the current window."""
        return Part(auc_replicates(self.now.sum(axis=0)), self.filled)

    def of(self, window: Floats, which: int) -> Part:
        """AUC of one kind of units alone."""
        return Part(auc_replicates(window[which]), self.filled)

    @cached_property
    def mixed(self) -> Floats | None:
        """The baseline with known and new units in the current window's shares; None where no rows tell of new ones."""
        if self.honest is None:
            return None
        sources = (self.then[KNOWN], self.honest)
        wanted = self.now.sum(axis=(2, 3))
        have = np.stack([source.sum(axis=(1, 2)) for source in sources])
        return np.asarray(np.stack(sources) * (wanted / np.maximum(have, 1e-12))[:, :, None, None])

    def share(self, window: Floats, which: int) -> float:
        """Share of a window's labelled rows that come from one kind of units."""
        return float(window[which, 0].sum() / max(window[:, 0].sum(), 1.0))

    def pairs(self, confidence: float) -> list[PairGroup]:
        """Return the AUC within known units, within new ones, and across, then (in the new shares) and now."""
        then = self.mixed
        found = []
        for which, sides in PAIRS.items():
            now = self._within(self.now, sides)
            before = None if then is None else self._within(then, sides)
            if now is None:
                continue
            told = before[1] if before is not None and before[1].known else None
            if now[1].known:
                found.append(
                    PairGroup(
                        which=which,
                        share=now[0],
                        then=None if told is None else told.value,
                        then_interval=None if told is None else told.interval(confidence),
                        now=now[1].value,
                        now_interval=now[1].interval(confidence),
                    )
                )
        return found

    def _within(self, window: Floats, sides: list[tuple[int, int]]) -> tuple[float, Part] | None:
        """Return the share of pairs and the AUC of one group of them; None where there are none."""
        positives, negatives = window[:, :, 1], window[:, :, 0]
        sizes = [positives[a].sum(axis=1) * negatives[b].sum(axis=1) for a, b in sides]
        every = positives.sum(axis=(0, 2)) * negatives.sum(axis=(0, 2))
        total = np.sum(sizes, axis=0)
        if total[0] <= 0:
            return None
        # A pair group that one order of known and new lacks is that of the other alone.
        parts = [
            size * np.nan_to_num(pair_replicates(positives[a], negatives[b]))
            for size, (a, b) in zip(sizes, sides, strict=True)
        ]
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(total[0] / every[0]), Part(np.sum(parts, axis=0) / total, self.filled)


def units_of(run: RunContext) -> Units | None:
    """Return the counts by units; None where no unit is configured.

    What the model does on new units at training time is read off `run.by_unit`; where it is not given, off the
    performance baseline's own new units, if they are enough.
    """
    windows = [run.performance_baseline, run.current]
    tables = [window.profile.group_scores for window in windows if window.profile.group_scores is not None]
    if run.current.plan.unit is None or len(tables) < len(windows):
        return None
    then, now = (
        window.once("groups left out", partial(_replicates, of)) for window, of in zip(windows, tables, strict=True)
    )
    filled = np.asarray(sum(table[:, :, :2, :-1].sum(axis=(0, 2, 3)) for table in tables) > 0)
    honest, by_unit = None, run.by_unit
    if by_unit is not None and by_unit.profile.group_scores is not None:
        counts = by_unit.profile.group_scores.sum(axis=0)[:, :2, :-1]
        honest = without_each(counts)
        filled |= counts.sum(axis=(1, 2)) > 0
    elif _enough(then[NEW], run):
        honest = then[NEW]
    return Units(then, now, honest, filled)


def _enough(tables: Floats, run: RunContext) -> bool:
    rows = tables[0].sum(axis=1)
    return bool(rows.min() >= run.config.performance.min_per_class and rows.sum() >= run.config.performance.min_rows)


def _replicates(table: NDArray[np.int64]) -> Floats:
    """Return [known or new; replicate; label; score bin] of the labelled and scored rows."""
    return np.stack([without_each(part[:, :2, :-1]) for part in table])
