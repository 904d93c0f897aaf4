"""Profiling a long log as windows of equal length, in one pass."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from math import inf

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.errors import DataError
from dawnwatch.model.plan import Plan
from dawnwatch.model.times import PLAUSIBLE
from dawnwatch.model.window import Window
from dawnwatch.profiling.arrow import numbers, type_name
from dawnwatch.profiling.coding import NUMERIC
from dawnwatch.profiling.kernel import Tally
from dawnwatch.profiling.keys import KeyStore
from dawnwatch.sources.base import Source

__all__ = ["MOST_WINDOWS", "CutWindow", "profile_by_time"]

MOST_WINDOWS = 100
"""Each keeps its counts in memory, up to some megabytes, until the log has been read."""

_READ = {1: "seconds", 10**3: "milliseconds", 10**6: "microseconds", 10**9: "nanoseconds"}


@dataclass(frozen=True)
class CutWindow:
    """A window of a log, with the times it was cut by: its counts may not hold them, as where their type has changed.

    Attributes
    ----------
    first, last : seconds since 1970 of its first and last row
    """

    window: Window
    first: float
    last: float


def profile_by_time(
    source: Source,
    plan: Plan,
    time: str,
    *,
    unit: int,
    seconds: float,
    memory: int,
    progress: Callable[[int], None] | None = None,
) -> tuple[list[CutWindow], int]:
    """Profile every window of a log.

    Parameters
    ----------
    time : its time column
    unit : how many of its numbers make a second
    seconds : length of a window; the first begins with 1970
    memory : bytes the key hashes may take

    Returns
    -------
    The windows with rows, earliest first, and how many rows have no time between 1980 and 2100. AUCs come from score
    bins.

    Raises
    ------
    DataError
        Where the log cannot be read, has no such times, or makes more than 100 windows.
    """
    if time not in source.schema.names:
        raise DataError(f"{source.name}: has no column {time!r}, which [roles] timestamp names, so it cannot be cut")
    tallies: dict[int, Tally] = {}
    stores: dict[int, KeyStore] = {}
    spans: dict[int, tuple[float, float]] = {}
    done = without = 0
    with ExitStack() as stack:
        for batch in source.batches(plan.read):
            times = _seconds(batch.column(time), unit)
            place = np.floor(times / seconds)
            known = ~np.isnan(times)
            without += int((~known).sum())
            for window in np.unique(place[known]).astype(np.int64).tolist():
                if window not in tallies:
                    _require_room(source, len(tallies))
                    if plan.keys:
                        stores[window] = stack.enter_context(KeyStore(memory // MOST_WINDOWS))
                    keys = stores[window].add if plan.keys else None
                    tallies[window] = Tally(plan, keys=keys)
                rows = np.flatnonzero(place == window)
                first, last = spans.get(window, (inf, -inf))
                spans[window] = min(first, float(times[rows].min())), max(last, float(times[rows].max()))
                tallies[window].add(batch if rows.size == batch.num_rows else batch.take(pa.array(rows)))
            done += batch.num_rows
            if progress is not None:
                progress(done)
        if not tallies:
            raise DataError(
                f"{source.name}: no row has a time in {time!r} between 1980 and 2100, read as the reference's are "
                f"({_READ[unit]} since 1970, or timestamps), so it cannot be cut by time"
            )
        types = {field.name: type_name(field.type) for field in source.schema}
        windows = []
        for window in sorted(tallies):
            profile = tallies[window].profile()
            if plan.keys:
                profile = profile.with_repeats(stores[window].repeats(keep=False)[0])
            windows.append(CutWindow(Window(source.name, plan, profile, None, types), *spans[window]))
    return windows, without


def _seconds(times: pa.Array, unit: int) -> NDArray[np.float64]:
    """Return the time of each row in seconds since 1970; NaN where it has none, or one that is no time."""
    if type_name(times.type) not in NUMERIC:
        return np.full(len(times), np.nan)
    seconds = numbers(times) / unit
    return np.where((seconds >= PLAUSIBLE[0]) & (seconds <= PLAUSIBLE[1]), seconds, np.nan)


def _require_room(source: Source, windows: int) -> None:
    if windows >= MOST_WINDOWS:
        raise DataError(
            f"{source.name}: makes more than {MOST_WINDOWS} windows of that length; choose a longer --every, or give "
            "less of the log"
        )
