"""The rows of a window's sample in order of time: what says where within the window something began."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.checks.performance.own_rows import version_texts
from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.sample import RESCORED, Sample
from dawnwatch.model.times import per_second
from dawnwatch.model.window import Window
from dawnwatch.monitoring.facts import moment_at
from dawnwatch.monitoring.gains import main_gains
from dawnwatch.profiling.coding import label_codes
from dawnwatch.profiling.counting import fine_bins
from dawnwatch.profiling.hashing import mix, seed_word
from dawnwatch.profiling.sampled import sample_bins
from dawnwatch.profiling.texts import TextTable, code_texts
from dawnwatch.stats.auc import auc_from_counts
from dawnwatch.stats.changepoint import ChangePoint, mean_change, share_change
from dawnwatch.stats.misfit import differs
from dawnwatch.stats.newcomers import keep_coming

__all__ = ["Dated", "RowsInTime"]

BLOCK_ROWS, MOST_BLOCKS, LEAST_BLOCKS = 50, 200, 8
ROUNDING = 1e-20
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Dated:
    """A change point in time.

    Attributes
    ----------
    at : first row after the change
    earliest, latest : bounds on the change. Of a block before it less than half can be after it, and a block after it
        may begin before it: from the middle of the one to the end of the other.
    """

    change: ChangePoint
    at: datetime
    earliest: datetime
    latest: datetime


class RowsInTime:
    """The sampled rows of one window, by time. They are of whole units, and all of the window's where it has few rows.

    Parameters
    ----------
    time : the time column
    """

    def __init__(self, window: Window, sample: Sample, seconds: NDArray[np.float64]) -> None:
        self._window = window
        self._order = np.argsort(seconds, kind="stable")
        self._order = self._order[~np.isnan(seconds[self._order])]
        self._seconds = seconds[self._order]
        self._sample = sample

    @classmethod
    def of(cls, window: Window, time: str | None) -> RowsInTime | None:
        """Return the rows; None where the window has no sample, no time, or all of its rows have the same."""
        sample = window.profile.sample
        if time is None or sample is None or time not in sample.columns:
            return None
        values = sample.columns[time]
        if values.dtype == object or not np.isfinite(values).any():
            return None
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        unit = per_second(low, high)
        return None if unit is None or low == high else cls(window, sample, values / unit)

    def drift(self, feature: FeatureDrift) -> Dated | None:
        """Date the rise of the bins that a feature has gained most by."""
        codes = self._bins(feature.name)
        if codes is None:
            return None
        binning = self._window.plan.column(feature.name).binning
        gained = main_gains(feature)
        grown = np.array([name in gained for name in binning.names]) if binning else np.zeros(0, dtype=bool)
        return self._share(grown[codes])

    def new_units(self) -> Dated | None:
        """Date the rise of the rows of units that the training rows never held."""
        unit = self._window.plan.unit
        if unit is None:
            return None
        known = mix(unit.known ^ seed_word(self._window.plan.seed))
        return self._share(~np.isin(self._sample.units[self._order], known))

    def serving(self, tolerance: float) -> Dated | None:
        """Date the rise of the rows whose logged score is not the model's; None where it was not asked again."""
        columns, score = self._sample.columns, self._window.plan.score or ""
        if not {score, RESCORED} <= columns.keys():
            return None
        logged, again = (np.asarray(self._ordered(name), dtype=np.float64) for name in (score, RESCORED))
        both = np.isfinite(logged) & np.isfinite(again)
        return self._share(differs(logged[both], again[both], tolerance), both)

    def version(self, version: str) -> Dated | None:
        """Date the rise of the rows that a version of the model scored; None where the sample does not name it."""
        texts = version_texts(self._window)
        return None if texts is None else self._share(texts[self._order] == version)

    def quality(self, check: str, column: str | None) -> Dated | None:
        """Date the rise of the rows that break a rule; None where the sample cannot say which do."""
        failing = self._repeated() if check == "duplicates" else self._failing(check, column or "")
        return None if failing is None else self._share(failing)

    def performance(self, baseline: Window, part: tuple[str, str] | None) -> Dated | None:
        """Date the fall of the AUC.

        Parameters
        ----------
        baseline : the performance baseline
        part : slice column and value; None for all rows

        Notes
        -----
        Each labelled row is placed among the baseline's rows of the other label: a positive by the share of negatives
        scored below it, a negative by the share of positives scored above it. Both average the AUC where nothing
        changed. Scores that all rise lift the one and lower the other, so a block's value is the mean of the two. Where
        the level before the change is already most of the way down from the baseline's, the fall did not begin there.
        """
        plan, labels, known = self._window.plan, self._labels, self._judged(part)
        if labels is None or known is None:
            return None
        scores = self._ordered(plan.score)
        negatives, positives = baseline.profile.scores[:2, :-1].astype(np.float64)
        blocks = _blocks(int(known.sum()))
        if blocks is None or not (negatives.sum() and positives.sum()):
            return None
        below = [(np.cumsum(of) - of / 2) / of.sum() for of in (negatives, positives)]
        bins, of = fine_bins(scores[known], plan.score_bins), labels[known]
        placed = np.where(of == 1, below[0][bins], 1 - below[1][bins])
        values, variances = np.zeros(1), np.zeros(1)
        rows = [np.add.reduceat((of == label).astype(np.int64), blocks) for label in (0, 1)]
        both = (rows[0] > 0) & (rows[1] > 0)
        if int(both.sum()) < LEAST_BLOCKS:
            return None
        for label in (0, 1):
            sums = np.add.reduceat(np.where(of == label, placed, 0.0), blocks)
            values = values + sums[both] / rows[label][both] / 2
            variances = variances + placed[of == label].var() / rows[label][both] / 4
        if not np.all(variances > ROUNDING):  # scores all one, whose places differ by rounding alone
            return None
        found = mean_change(values, variances, rising=False, creeping=True)
        if found is None or (part is None and _fell_before(found, baseline)):
            return None
        whole = blocks[both]
        ends = np.append(whole[1:], placed.size) - 1
        middle = (whole[found.low - 1] + ends[found.low - 1]) // 2
        return self._dated(found, self._seconds[known], whole[found.at], middle, ends[found.high])

    def keep_coming(self, part: tuple[str, str] | None) -> bool:
        """Whether new units keep coming, of a slice (its column and value) or of all; False where that is not known.

        Asked are the rows with a label and a score, over the window's whole time.
        """
        known = self._judged(part)
        if known is None:
            return False
        units = self._sample.units[self._order][known]
        return keep_coming(units, self._seconds[known], float(self._seconds[0]), float(self._seconds[-1]))

    def _judged(self, part: tuple[str, str] | None) -> Mask | None:
        """Return which rows of a slice, or of all, have a label and a score; None where the sample does not tell."""
        plan, labels = self._window.plan, self._labels
        if labels is None or plan.score not in self._sample.columns:
            return None
        known = (labels < 2) & ~np.isnan(self._ordered(plan.score))
        if part is None:
            return np.asarray(known)
        codes = self._bins(part[0])
        binning = plan.column(part[0]).binning
        if codes is None or binning is None or part[1] not in binning.names:
            return None
        return np.asarray(known & (codes == binning.names.index(part[1])))

    def _share(self, which: Mask, among: Mask | None = None) -> Dated | None:
        """Date the rise of a share, among these rows alone where given.

        How sure it is comes from blocks, whose scatter knows that rows of one sitting are alike; where, from rows.
        """
        blocks = _blocks(which.size)
        if blocks is None:
            return None
        rows = np.diff(np.append(blocks, which.size))
        coarse = share_change(np.add.reduceat(which.astype(np.int64), blocks), rows, rising=True)
        if coarse is None:
            return None
        fine = share_change(which, np.ones(which.size), rising=True, design_effect=coarse.dispersion)
        if fine is None:
            return None
        found = replace(fine, p_value=coarse.p_value)
        seconds = self._seconds if among is None else self._seconds[among]
        return self._dated(found, seconds, fine.at, fine.low - 1, fine.high)

    def _dated(self, found: ChangePoint, seconds: NDArray[np.float64], at: int, earliest: int, latest: int) -> Dated:
        return Dated(found, *(moment_at(float(seconds[row])) for row in (at, earliest, latest)))

    def _ordered(self, name: str | None) -> NDArray[Any]:
        return self._sample.columns[name or ""][self._order]

    def _bins(self, name: str) -> NDArray[np.int32] | None:
        """Return the bin of each row; None where the column is not binned, or not sampled."""
        plan = self._window.plan.column(name)
        if plan.binning is None or name not in self._sample.columns:
            return None
        return sample_bins(self._ordered(name), plan)

    @cached_property
    def _labels(self) -> NDArray[np.int32] | None:
        """0 and 1, and more for a row whose label is neither; None where no label is sampled."""
        plan = self._window.plan
        if plan.label is None or plan.label not in self._sample.columns:
            return None
        values = self._ordered(plan.label)
        return label_codes(pa.array(values, from_pandas=True), values.size, plan)[0]

    def _failing(self, check: str, column: str) -> Mask | None:
        if column not in self._sample.columns:
            return None
        plan, values = self._window.plan.column(column), self._ordered(column)
        match check:
            case "missing":
                return _missing(values)
            case "range" if values.dtype != object and plan.bounds is not None:
                return plan.bounds.below(values) | plan.bounds.above(values)
            case "allowed" | "pattern":
                coded = code_texts(pa.array(values, from_pandas=True))
                rules = TextTable.of(coded.texts(), plan).rules
                broken = rules.get("not_allowed" if check == "allowed" else "pattern_miss")
                return None if broken is None else broken[coded.codes]
        return None

    def _repeated(self) -> Mask | None:
        """Return which rows have a key that stands in an earlier row."""
        names = self._window.plan.keys
        if not names or not set(names) <= self._sample.columns.keys():
            return None
        seen: set[tuple[Any, ...]] = set()
        again = np.zeros(self._order.size, dtype=bool)
        for row, key in enumerate(zip(*(self._ordered(name).tolist() for name in names), strict=True)):
            again[row] = key in seen
            seen.add(key)
        return again


def _fell_before(found: ChangePoint, baseline: Window) -> bool:
    """Whether the level before a fall is nearer to that after it than to the performance baseline's AUC."""
    fine = baseline.profile.scores[:2, :-1]
    known = auc_from_counts(fine[0], fine[1])
    return known is not None and 2 * found.before < known.value + found.after


def _missing(values: NDArray[Any]) -> Mask:
    """Return which values are null, NaN or the empty string."""
    if values.dtype != object:
        return np.asarray(np.isnan(values))
    return np.array([value is None or value == "" for value in values.tolist()], dtype=bool)


def _blocks(rows: int) -> NDArray[np.int64] | None:
    """Return the first row of each block of about 50 rows, at most 200 blocks; None where there would be few."""
    blocks = min(rows // BLOCK_ROWS, MOST_BLOCKS)
    return None if blocks < LEAST_BLOCKS else np.arange(blocks) * rows // blocks
