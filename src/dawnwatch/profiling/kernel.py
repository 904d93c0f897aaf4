"""The kernel: batches of rows in, counts out. Engines only map it over batches and add what comes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.model.frequent import Frequent
from dawnwatch.model.plan import LABELS, UNIT_GROUPS, ColumnPlan, Plan, cube_scores
from dawnwatch.model.profile import Profile
from dawnwatch.model.score_bins import GROUPS
from dawnwatch.model.scored_rows import ScoredRows
from dawnwatch.profiling.column import ColumnTally
from dawnwatch.profiling.counting import Counting, best
from dawnwatch.profiling.examples import Finder
from dawnwatch.profiling.rows import Known, Rows
from dawnwatch.profiling.sampling import SampleTally
from dawnwatch.profiling.unit_rows import UnitTally

__all__ = ["KEEP_ALL", "KeySink", "Tally", "profile"]

KeySink = Callable[[NDArray[np.uint64]], None]
"""Takes the key hashes of a batch, one per row, 0 where a row has no key."""
TOLERANCE = 1e-6
KEEP_ALL = 2**63


class Tally:
    """The running counts of a window, or of the part of it that one worker sees.

    Parameters
    ----------
    keys : where the rows' key hashes go; by default nowhere
    keep : scored rows to keep at most for an exact AUC; beyond, none are
    """

    def __init__(
        self, plan: Plan, *, keys: KeySink | None = None, keep: int = 0, counting: Counting | None = None
    ) -> None:
        self.plan, self.rows = plan, 0
        self._counting = counting or best()
        self._keys = keys
        self._columns = {column.name: ColumnTally(plan, column, self._counting) for column in plan.columns}
        self._scores = np.zeros((LABELS, plan.score_bins.fine + 1), np.int64)
        self._outside = 0
        self._labels = Frequent()
        self._label_examples = _finder(plan, plan.label)
        self._score_examples = _finder(plan, plan.score)
        self._known = None if plan.unit is None else Known(plan.unit)
        self._units = self._group_scores = None
        self._unit_rows = UnitTally(self._counting)
        if plan.unit is not None:
            self._units = np.zeros((3, LABELS * (cube_scores(3) + 1)), np.int64)
            self._group_scores = np.zeros((2 * UNIT_GROUPS + 1, LABELS * (GROUPS + 1)), np.int64)
        self._sample = SampleTally(plan) if plan.unit is not None or plan.keys else None
        self._keep = keep
        self.kept: list[tuple[int, ScoredRows]] | None = [] if keep else None

    def add(self, batch: pa.RecordBatch, start: int | None = None) -> None:
        """Count one batch.

        Parameters
        ----------
        batch : rows with any columns; those the plan names and the batch lacks are counted as absent
        start : position of its first row in the window; by default behind the rows counted so far
        """
        start = self.rows if start is None else start
        rows = Rows(batch, self.plan, self._counting, self._scores)
        self.rows += rows.rows
        groups = None
        if self._known is not None:
            seeded, groups, which = rows.units(self._known)
            if self._units is not None and self._group_scores is not None:
                self._counting.pairs(which, rows.outcome(cube_scores(3)), self._units)
                # Groups of known units, then of new ones; rows without a unit, which have the code behind the last
                # group already, behind both.
                both = groups + UNIT_GROUPS * np.minimum(which, 1)
                self._counting.pairs(both, rows.outcome(GROUPS), self._group_scores)
            self._unit_rows.add(seeded, which < 2)
            self._take_sample(seeded, which < 2, rows)
        keep = self.kept is not None
        bins = {name: column.add(rows, groups, start, keep=keep) for name, column in self._columns.items()}
        self._check_labels_and_scores(rows, start)
        keys = rows.keys() if self._keys is not None or (self._known is None and self._sample is not None) else None
        if keys is not None:
            if self._keys is not None:
                self._keys(keys)
            if self._known is None:
                self._take_sample(rows.seeded_keys(keys), keys != 0, rows)
        kept = self.kept
        if kept is not None:
            kept.append((start, _scored(rows, bins, self.plan)))
            if self.rows > self._keep:
                self.keep_none()

    def keep_none(self) -> None:
        """Let go of the rows kept: there are too many for an exact AUC."""
        self.kept = None

    def _take_sample(self, units: NDArray[np.uint64], whole: NDArray[np.bool_], rows: Rows) -> None:
        if self._sample is not None and units.size:
            self._sample.add(units, whole, rows)

    def _check_labels_and_scores(self, rows: Rows, start: int) -> None:
        if rows.other is not None:
            self._labels += rows.label_values
            self._label_examples.take("label", rows.other, rows.batch, start)
        if self.plan.score is not None:
            with np.errstate(invalid="ignore"):
                low, high = (rows.scores.min(), rows.scores.max()) if rows.rows else (0.0, 1.0)
                if low >= -TOLERANCE and high <= 1 + TOLERANCE:
                    return
                outside = (rows.scores < -TOLERANCE) | (rows.scores > 1 + TOLERANCE)
            self._outside += int(outside.sum())
            if outside.any():
                self._score_examples.take("score", outside, rows.batch, start)

    def profile(self) -> Profile:
        """Return the counts so far; keys are whoever's who took them."""
        unit_scores = cube_scores(3) + 1
        return Profile(
            rows=self.rows,
            columns={name: column.profile() for name, column in self._columns.items()},
            scores=self._scores.copy(),
            score_outside=self._outside,
            label_values=self._labels,
            units=None if self._units is None else self._units.reshape(3, LABELS, unit_scores).copy(),
            unit_counts=None if self._known is None else self._unit_rows.counts(),
            group_scores=None
            if self._group_scores is None
            else self._group_scores[:-1].reshape(2, UNIT_GROUPS, LABELS, GROUPS + 1).copy(),
            sample=None if self._sample is None else self._sample.sample(),
            examples={**self._label_examples.found, **self._score_examples.found},
        )


def profile(batch: pa.RecordBatch, plan: Plan, *, keys: KeySink | None = None) -> tuple[Profile, ScoredRows]:
    """Count one batch, whose positions count from its first row; also return its rows for an exact AUC."""
    tally = Tally(plan, keys=keys, keep=KEEP_ALL)
    tally.add(batch)
    return tally.profile(), ScoredRows.concatenate([rows for _, rows in tally.kept or []])


def _finder(plan: Plan, name: str | None) -> Finder:
    known = {column.name: column for column in plan.columns}
    return Finder(plan, known.get(name or "") or ColumnPlan(name or "", "number"))


def _scored(rows: Rows, bins: dict[str, Any], plan: Plan) -> ScoredRows:
    slices = {}
    for name in plan.slices:
        if plan.column(name).binning is not None:
            codes = bins[name]
            slices[name] = np.full(rows.rows, -1, np.int32) if codes is None else codes
    return ScoredRows(rows.scores, rows.labels.astype(np.int8), slices)
