"""How production cuts its windows, and how often: what a reference must be cut like to be drawn from."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dawnwatch.config.policy import parse_hours
from dawnwatch.errors import BaselineError, UsageError
from dawnwatch.profiling.arrow import numbers, type_name
from dawnwatch.sources.base import Source
from dawnwatch.stats.quantiles import Thinned

__all__ = ["Blocks", "Schedule", "blocks_of", "schedule"]

YEAR = 365.25 * 24
BLOCKS, MOST = 48, 64
"""Blocks a reference is cut into, about, and at most: each keeps a profile in memory."""
KEPT = 2_000_000
"""Times kept to place the blocks by."""
SECONDS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3), (-np.inf, 1.0))
"""From which size on a number counts nano-, micro- or milliseconds since 1970: any of these is later than 1973."""


@dataclass(frozen=True)
class Schedule:
    """How windows are cut.

    Attributes
    ----------
    hours : between two runs
    rows : of a window; None where it is cut by time
    span : hours of a window; None where it is cut by rows
    """

    hours: float
    rows: int | None = None
    span: float | None = None

    @property
    def runs(self) -> float:
        """Runs a year."""
        return YEAR / self.hours


def schedule(every: str, window: str) -> Schedule:
    """Return a schedule from words: "1d" or "6h" between runs; a window of "1d", or of "5000" rows.

    Raises
    ------
    UsageError
    """
    try:
        hours = parse_hours(every)
    except ValueError as error:
        raise UsageError(f"--every {error}") from None
    if not hours:
        raise UsageError(f'--every must be a number with h, d or w, such as "24h"; got {every!r}')
    whole = re.fullmatch(r"(\d[\d_,]*)(\s*rows)?", window.strip())
    if whole:
        rows = int(re.sub("[_,]", "", whole[1]))
        if rows < 2:
            raise UsageError(f"--window must hold at least 2 rows; got {window!r}")
        return Schedule(hours, rows=rows)
    try:
        span = parse_hours(window)
    except ValueError:
        span = None
    if not span:
        raise UsageError(f'--window must be rows, such as 5000, or time with h, d or w, such as "1d"; got {window!r}')
    return Schedule(hours, span=span)


@dataclass(frozen=True)
class Blocks:
    """How a reference is cut into blocks of time.

    Attributes
    ----------
    time : the column it is cut by; None where rows are taken in the order they stand in
    edges : where each block begins, and where the last one ends, shape (blocks + 1,); rows outside are left out
    length : blocks of a stretch as long as a window
    windows : how many windows the reference holds
    """

    time: str | None
    edges: NDArray[np.float64]
    length: int
    windows: float

    @property
    def count(self) -> int:
        """How many blocks there are."""
        return self.edges.size - 1

    def of(self, times: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the block of each row, by its time or position; -1 outside."""
        found = np.searchsorted(self.edges, times, side="right") - 1
        return np.where((found < self.count) & ~np.isnan(times), found, -1)


def blocks_of(source: Source, time: str | None, plan: Schedule, rows: int) -> Blocks:
    """Decide how a reference is cut: into windows, or into parts of them where it holds few.

    Parameters
    ----------
    rows : of the reference

    Raises
    ------
    BaselineError
        Where windows are cut by time and the reference has none.
    """
    if time is not None and _type(source, time) not in {"timestamp", "integer", "number"}:
        raise BaselineError(f"{source.name}: [roles] timestamp {time!r} is no time that windows can be cut by")
    if time is None:
        if plan.span is not None:
            raise BaselineError("a window cut by time needs [roles] timestamp; set it, or give --window in rows")
        return _by_rank(None, np.arange(rows, dtype=np.float64), plan, rows)
    kept = Thinned(KEPT)
    for batch in source.batches([time]):
        found = numbers(batch.column(time))
        kept.add(found[np.isfinite(found)])
    times = np.sort(kept.values)
    if times.size == 0:
        raise BaselineError(f"{source.name}: [roles] timestamp {time!r} holds no time")
    if plan.span is None:
        return _by_rank(time, times, plan, rows)
    tick = next(per for size, per in SECONDS if abs(times[-1]) >= size)
    span = plan.span * 3600 * tick
    windows = (times[-1] - times[0]) / span
    length, count = _cut(windows)
    # From the newest row backwards: what is left over is the oldest.
    end = np.nextafter(times[-1], np.inf)
    return Blocks(time, end - span / length * np.arange(count, -1, -1.0), length, windows)


def _by_rank(time: str | None, values: NDArray[np.float64], plan: Schedule, rows: int) -> Blocks:
    windows = rows / (plan.rows or rows)
    length, count = _cut(windows)
    newest = min(count * (plan.rows or rows) / length / rows, 1.0)
    edges = np.quantile(values, np.linspace(1 - newest, 1, count + 1))
    edges[-1] = np.nextafter(edges[-1], np.inf)
    return Blocks(time, edges, length, windows)


def _cut(windows: float) -> tuple[int, int]:
    """Return the blocks of a window, and of the reference."""
    length = max(1, round(BLOCKS / max(windows, 1.0)))
    return length, max(length, min(int(length * windows + 1e-9), MOST))


def _type(source: Source, column: str) -> str:
    return type_name(source.schema.field(column).type) if column in source.schema.names else "missing"
