"""The labelled rows of a window, in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.config import Config
from dawnwatch.errors import ConfigError, DataError, did_you_mean
from dawnwatch.model.plan import UNIT_GROUPS
from dawnwatch.model.times import per_second
from dawnwatch.profiling.arrow import null_mask, numbers, texts, type_name
from dawnwatch.profiling.coding import NUMERIC, label_text
from dawnwatch.profiling.hashing import hash_column, mix, seed_word
from dawnwatch.sources.base import Source
from dawnwatch.sources.decimals import without_decimals
from dawnwatch.stats.newcomers import keep_coming

__all__ = ["Labelled", "labelled"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SHOWN = 5


@dataclass(frozen=True)
class Labelled:
    """Rows that have a label, by time where there is one.

    Attributes
    ----------
    table : every column of the rows
    labels : 0 or 1, shape (rows,)
    seconds : time of each row since 1970, rising, shape (rows,); None where the rows have no time column
    rows : how many the window holds, unlabelled ones among them
    aged : how many of them are old enough for a label; all where no age is asked
    """

    name: str
    table: pa.Table
    labels: Ints
    seconds: Floats | None
    rows: int
    aged: int = 0

    def only(self, kept: NDArray[np.bool_]) -> Labelled:
        """Return these rows, in the same order."""
        seconds = None if self.seconds is None else self.seconds[kept]
        return Labelled(self.name, self.table.filter(pa.array(kept)), self.labels[kept], seconds, self.rows, self.aged)

    def between(self, start: int, stop: int) -> Labelled:
        """Return the rows from `start` on, before `stop`, without copying them."""
        seconds = None if self.seconds is None else self.seconds[start:stop]
        table = self.table.slice(start, max(stop - start, 0))
        return Labelled(self.name, table, self.labels[start:stop], seconds, self.rows, self.aged)

    def groups(self, unit: str | None, seed: int) -> tuple[Ints, int | None]:
        """Return the group of each row's unit, shape (rows,), and how many units there are; None without a unit.

        A row without a unit, or where none is configured, is one of its own.
        """
        own = mix(np.arange(self.labels.size, dtype=np.uint64) ^ seed_word(seed))
        if unit is None:
            return (own % np.uint64(UNIT_GROUPS)).astype(np.int64), None
        hashes, lost = self._hashes(unit, seed)
        units = int(np.unique(hashes[~lost]).size + lost.sum())
        return (np.where(lost, own, hashes) % np.uint64(UNIT_GROUPS)).astype(np.int64), units

    def keep_coming(self, unit: str, seed: int) -> bool:
        """Whether new units keep coming to the end of these rows; False where there is no time."""
        if self.seconds is None or not self.seconds.size:
            return False
        hashes, lost = self._hashes(unit, seed)
        return keep_coming(hashes[~lost], self.seconds[~lost], float(self.seconds[0]), float(self.seconds[-1]))

    def _hashes(self, unit: str, seed: int) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
        """Return the seeded hash of each row's unit, and which rows have none."""
        column = self.table[unit].combine_chunks()
        return mix(hash_column(column) ^ seed_word(seed)), null_mask(column)


def labelled(source: Source, config: Config, *, timed: bool = True, until: float | None = None) -> Labelled:
    """Read a window's rows, all columns of them, and keep those with a label and a time, by time.

    Parameters
    ----------
    timed : whether a time column must be there; otherwise one that is not leaves the rows as they stand
    until : later rows are left out, as their labels have not had the time to come; seconds since 1970

    Raises
    ------
    ConfigError
        Where no label or time column is configured.
    DataError
        Where the window lacks one, its times are none, or it holds no label.
    """
    label, time = config.roles.label, config.roles.timestamp
    if label is None:
        raise ConfigError("no [roles] label is configured: a decision is replayed on labelled rows")
    if time is None and timed:
        raise ConfigError(
            "no [roles] timestamp is configured: a decision is replayed in time order, never on a random split"
        )
    table = without_decimals(pa.Table.from_batches(list(source.batches()), source.schema))
    for name, role in (
        (label, "label"),
        (time, "timestamp") if timed else (label, "label"),
        (config.roles.unit, "unit"),
    ):
        if name is not None and name not in table.column_names:
            hint = did_you_mean(name, table.column_names)
            raise DataError(f"{source.name}: no column {name!r}, which [roles] {role} names.{hint}")
    labels = _labels(table[label].combine_chunks(), config, source.name)
    kept, seconds, aged = labels >= 0, None, table.num_rows
    if time is not None and time in table.column_names:
        seconds = _seconds(table[time].combine_chunks(), time, source.name)
        old = ~np.isnan(seconds) if until is None else seconds <= until
        kept, aged = kept & old, int(old.sum())
        if until is not None and not kept.any():
            raise DataError(
                f"{source.name}: no row with a label is old enough for labels of either class to have come ([labels] "
                "mature_after); ask again later"
            )
    if not kept.any():
        raise DataError(f"{source.name}: no row has a {'label' if seconds is None else 'label and a time'}")
    rows = Labelled(source.name, table, labels, seconds, table.num_rows, aged).only(kept)
    if rows.seconds is None:
        return rows
    order = np.argsort(rows.seconds, kind="stable")
    return Labelled(rows.name, rows.table.take(order), rows.labels[order], rows.seconds[order], rows.rows, aged)


def _labels(column: pa.Array, config: Config, name: str) -> Ints:
    """Return 1 for the positive class, 0 for the other, -1 without a label."""
    codes, values = texts(column)
    positive = label_text(config.labels.positive)
    named = [label_text(value) for value in values]
    others = sorted({value for value in named if value not in {positive, ""}})
    if len(others) > 1:
        more = ", ..." if len(others) > SHOWN else ""
        shown = "" if config.roles.label in _private(config) else f": {', '.join(others[:SHOWN])}{more}"
        raise DataError(
            f"{name}: the label holds {len(others)} values beside the positive one{shown}; a replay judges two classes"
        )
    meaning = np.array([1 if value == positive else 0 if value else -1 for value in named] + [-1], dtype=np.int64)
    return meaning[codes]


def _private(config: Config) -> set[str]:
    return {name for name, column in config.columns.items() if column.private}


def _seconds(column: pa.Array, time: str, name: str) -> Floats:
    kind = type_name(column.type)
    if kind not in NUMERIC - {"boolean"}:
        raise DataError(f"{name}: column {time!r} is of type {kind}, and a replay needs times or seconds since 1970")
    values: Any = numbers(column)
    known = values[np.isfinite(values)]
    unit = per_second(float(known.min()), float(known.max())) if known.size else None
    if unit is None:
        raise DataError(f"{name}: column {time!r} holds numbers that are no times between 1980 and 2100")
    return np.asarray(np.where(np.isfinite(values), values / unit, np.nan))
