"""Counting one column, batch by batch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.model.frequent import Frequent
from dawnwatch.model.moments import Moments
from dawnwatch.model.plan import LABELS, UNIT_GROUPS, ColumnPlan, Plan, slice_scores
from dawnwatch.model.profile import COUNTERS, ColumnProfile, same_type
from dawnwatch.profiling.arrow import empty_mask, null_mask, numbers, type_name
from dawnwatch.profiling.coding import NUMERIC, readable
from dawnwatch.profiling.counting import Counting
from dawnwatch.profiling.examples import Finder
from dawnwatch.profiling.hashing import hash_column
from dawnwatch.profiling.rows import Rows
from dawnwatch.profiling.texts import Coded, TextTable, code_texts

__all__ = ["ColumnTally"]

Codes = NDArray[np.int32]
_AT = {name: i for i, name in enumerate(COUNTERS)}


class ColumnTally:
    """The running counts of one column. `add` takes batches in any order; `profile` gives the counts so far."""

    def __init__(self, plan: Plan, column: ColumnPlan, counting: Counting) -> None:
        self._plan, self._column, self._counting = plan, column, counting
        self._type: str | None = None
        self._seen = False
        self._counts = np.zeros(len(COUNTERS), np.int64)
        self._moments = Moments()
        self._unseen = Frequent()
        self._sole: int | None = None
        self._varies = False
        self._checksum = 0
        self._finder = Finder(plan, column)
        self._is_slice = column.name in plan.slices
        self._tables: tuple[pa.Array, TextTable] | None = None
        self._cube: NDArray[np.int64] | None = None
        self._groups: NDArray[np.int64] | None = None
        self._slice: NDArray[np.int64] | None = None
        binning = column.binning
        if binning is not None:
            bins = len(binning.names)
            self._cube = np.zeros((bins, LABELS * (binning.scores + 1)), np.int64)
            if plan.unit is not None:
                # One group more than there are: of the rows without a unit, which is left out in the end.
                self._groups = np.zeros((bins, UNIT_GROUPS + 1), np.int64)
                if column.name in plan.split:
                    cells = LABELS * (slice_scores(bins, len(plan.split)) + 1)
                    self._slice = np.zeros((bins * (UNIT_GROUPS + 1), cells), np.int64)

    def add(self, rows: Rows, groups: Codes | None, start: int, *, keep: bool) -> Codes | None:
        """Count one batch; return each row's bin if it is a slice, None where it is absent or could not be binned.

        Parameters
        ----------
        groups : each row's unit group, where a unit is configured
        start : position of the batch's first row in the window
        keep : whether the bins are wanted, which costs writing them
        """
        array = rows.have.get(self._column.name)
        if array is None:
            # Counted as null, as where one file of a folder lacks a column that the others have.
            self._meet(None)
            self._counts[_AT["null"]] += rows.rows
            bins = self._all_missing(rows.rows, rows)
            if bins is not None and groups is not None:
                self._fill_groups(bins, rows, groups)
            return None
        found = type_name(array.type)
        nulls = array.null_count
        if pa.types.is_dictionary(array.type) and array.dictionary.null_count:
            nulls = int(null_mask(array).sum())
        if nulls == len(array):
            # Without a value there is no type to be wrong, whatever the file or frame declares.
            array, found = pa.nulls(len(array)), "null"
        self._meet(found)
        if nulls:
            self._count("null", nulls, lambda: null_mask(array), rows, start)
        if not readable(self._column.type, found):
            self._wrong_type(array, found, len(array) - nulls, rows, start)
            return None
        bins = None
        keep = groups is not None or (keep and self._is_slice)
        if found in NUMERIC:
            bins = self._numeric(array, found, nulls, rows, start, keep)
        if found == "null":
            bins = self._all_missing(len(array), rows)
        elif found not in NUMERIC or self._is_categorical or self._has_text_rules:
            texted = self._text(array, found, rows, start, keep)
            bins = bins if texted is None else texted
        if bins is not None and groups is not None:
            self._fill_groups(bins, rows, groups)
        return bins

    @property
    def _is_categorical(self) -> bool:
        return self._column.binning is not None and self._column.binning.kind == "categorical"

    @property
    def _has_text_rules(self) -> bool:
        return self._column.allowed is not None or self._column.pattern is not None

    def _wrong_type(self, array: pa.Array, found: str, times: int, rows: Rows, start: int) -> None:
        """Count values that cannot be read as planned: that they are, and nothing else of them."""
        self._count("wrong_type", times, lambda: ~null_mask(array), rows, start)
        lost = null_mask(array)
        if found == "string":
            empty = empty_mask(array)
            self._count("empty", int(empty.sum()), lambda: empty, rows, start)
        if found in NUMERIC:  # as where they were planned: the fingerprint does not depend on the plan
            part = self._counting.moments(numbers(array))
            self._count("nan", part.nan - (len(array) - times), lambda: np.isnan(numbers(array)) & ~lost, rows, start)
            checksum = part.checksum
        else:
            checksum = int(hash_column(array)[~lost].sum(dtype=np.uint64))
        self._checksum = (self._checksum + checksum) % 2**64
        if not self._varies:
            self._distinct(array, found, rows, start)

    def _all_missing(self, size: int, rows: Rows) -> Codes | None:
        binning = self._column.binning
        if binning is None or self._cube is None:
            return None
        bins = np.full(size, binning.missing, np.int32)
        self._counting.pairs(bins, rows.outcome(binning.scores), self._cube)
        return bins

    def _meet(self, found: str | None) -> None:
        self._type = same_type(self._type, found) if self._seen else found
        self._seen = True

    def _count(self, counter: str, times: int, mask: Any, rows: Rows, start: int) -> None:
        """Add to a counter; the mask of its rows is only made while examples are wanted."""
        if times:
            if counter in _AT:
                self._counts[_AT[counter]] += times
            if self._finder.wants(counter, start):
                self._finder.take(counter, mask(), rows.batch, start)

    def _numeric(self, array: pa.Array, found: str, nulls: int, rows: Rows, start: int, keep: bool) -> Codes | None:
        values = rows.numbers(self._column.name)
        binning, bins = self._column.binning, None
        if binning is None or binning.kind == "categorical" or self._cube is None:
            part = self._counting.moments(values)
        else:
            outcome = rows.outcome(binning.scores)
            part, bins = self._counting.numeric(values, binning.edges, outcome, self._cube, keep=keep)
        nan = part.nan - nulls  # a null became NaN
        self._moments += replace(part, nan=nan)

        def nan_mask() -> NDArray[np.bool_]:
            return np.isnan(values) & ~null_mask(array)

        self._count("nan", nan, nan_mask, rows, start)
        self._count("pos_inf", part.pos_inf, lambda: values == np.inf, rows, start)
        self._count("neg_inf", part.neg_inf, lambda: values == -np.inf, rows, start)
        if self._column.type == "integer" and found == "number":
            with np.errstate(invalid="ignore"):
                broken = np.isfinite(values) & (values != np.floor(values))
            self._count("fractional", int(broken.sum()), lambda: broken, rows, start)
        self._bounds(values, part, rows, start)
        if not self._varies:
            self._distinct(array, found, rows, start)
        return bins

    def _bounds(self, values: NDArray[np.float64], part: Moments, rows: Rows, start: int) -> None:
        bounds = self._column.bounds
        if bounds is None:
            return
        infinite = part.pos_inf or part.neg_inf
        ends = np.array([] if part.low is None else [part.low, part.high])
        for counter, outside in (("below", bounds.below), ("above", bounds.above)):
            # Where the extremes are inside, every value is.
            if infinite or outside(ends).any():
                mask = outside(values)
                self._count(counter, int(mask.sum()), lambda mask=mask: mask, rows, start)

    def _text(self, array: pa.Array, found: str, rows: Rows, start: int, keep: bool) -> Codes | None:
        coded = code_texts(array)
        table = self._table(coded)
        times = np.zeros(table.hashes.size, np.int64)
        binning, bins = self._column.binning, None
        if table.bins is None or binning is None or self._cube is None:
            self._counting.times(coded.codes, times)
        else:
            outcome = rows.outcome(binning.scores)
            bins = self._counting.coded(coded.codes, table.bins, outcome, self._cube, times, keep=keep)
        if found == "string":
            self._matching("empty", table.empty, times, coded.codes, rows, start)
        for counter, breaks in table.rules.items():
            self._matching(counter, breaks, times, coded.codes, rows, start)
        if found not in NUMERIC:
            with np.errstate(over="ignore"):
                part = int((table.hashes * times.astype(np.uint64)).sum(dtype=np.uint64))
            self._checksum = (self._checksum + part) % 2**64
            there = (times > 0) & ~table.empty
            there[-1] = False
            if not self._varies and there.any():
                # Not the first two, which may be one text that stands twice in the dictionary.
                kept = table.hashes[there]
                self._tell_apart([int(kept.min()), int(kept.max())], lambda: there[coded.codes], rows, start)
        if table.bins is not None and binning is not None and not self._column.private:
            unseen = np.flatnonzero((table.bins[:-1] == binning.unseen) & (times[:-1] > 0)).tolist()
            texts = coded.texts() if unseen else []
            new: dict[str, int] = {}
            for i in unseen:
                new[texts[i]] = new.get(texts[i], 0) + int(times[i])
            if new:
                self._unseen = self._unseen.plus(new)
        return bins

    def _table(self, coded: Coded) -> TextTable:
        source = coded.source
        if self._tables is not None and source is not None and _same(self._tables[0], source):
            return self._tables[1]
        table = TextTable.of(coded.texts(), self._column)
        if source is not None:
            self._tables = (source, table)
        return table

    def _matching(
        self,
        counter: str,
        which: NDArray[np.bool_],
        times: NDArray[np.int64],
        codes: Codes,
        rows: Rows,
        start: int,
    ) -> None:
        self._count(counter, int(times[which].sum()), lambda: which[codes], rows, start)

    def _distinct(self, array: pa.Array, found: str, rows: Rows, start: int) -> None:
        """Keep whether a column that is not text has held one value so far."""
        lost = null_mask(array)
        if found == "number":
            lost = lost | np.isnan(numbers(array))
        elif found == "string":
            lost = lost | empty_mask(array)
        kept = hash_column(array)[~lost]
        if kept.size:
            self._tell_apart([int(kept.min()), int(kept.max())], lambda: ~lost, rows, start)

    def _tell_apart(self, hashes: list[int], mask: Any, rows: Rows, start: int) -> None:
        found = {*hashes, *([] if self._sole is None else [self._sole])}
        self._varies = len(found) > 1
        self._sole = None if self._varies else found.pop()
        if self._varies:
            self._finder.found.pop("constant", None)
        else:
            self._count("constant", len(hashes), mask, rows, start)

    def _fill_groups(self, bins: Codes, rows: Rows, groups: Codes) -> None:
        binning = self._column.binning
        if binning is None or self._groups is None:
            return
        self._counting.pairs(bins, groups, self._groups)
        if self._slice is not None:
            both = bins * np.int32(UNIT_GROUPS + 1) + groups
            self._counting.pairs(
                both, rows.outcome(slice_scores(len(binning.names), len(self._plan.split))), self._slice
            )

    def profile(self) -> ColumnProfile:
        """Return the counts so far."""
        binning = self._column.binning
        cube = slice_cube = None
        if binning is not None and self._cube is not None:
            bins = len(binning.names)
            cube = self._cube.reshape(bins, LABELS, -1).copy()
            if self._slice is not None:
                slice_cube = self._slice.reshape(bins, UNIT_GROUPS + 1, LABELS, -1)[:, :-1].copy()
        return ColumnProfile(
            type=self._type,
            counts=self._counts.copy(),
            moments=self._moments,
            cube=cube,
            groups=None if self._groups is None else self._groups[:, :-1].copy(),
            group_cubes=slice_cube,
            unseen=self._unseen,
            sole=self._sole,
            varies=self._varies,
            checksum=self._checksum,
            examples=dict(self._finder.found),
        )


def _same(a: pa.Array, b: pa.Array) -> bool:
    """Whether two arrays are the same memory; the first is still held, so its memory cannot have been reused."""
    if len(a) != len(b) or a.offset != b.offset:
        return False
    mine, theirs = a.buffers(), b.buffers()
    return all((x and x.address) == (y and y.address) for x, y in zip(mine, theirs, strict=True))
