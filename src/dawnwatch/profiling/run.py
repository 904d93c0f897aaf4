"""Profiling a whole window on one machine: map the kernel over the batches, add what comes out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, runtime_checkable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.errors import DataError
from dawnwatch.model.plan import Plan
from dawnwatch.model.profile import EXAMPLES, Profile
from dawnwatch.model.scored_rows import ScoredRows
from dawnwatch.model.window import Window
from dawnwatch.profiling.arrow import rows_as_python, type_name
from dawnwatch.profiling.counting import best, bucket_starts
from dawnwatch.profiling.kernel import Tally
from dawnwatch.profiling.keys import KeyStore
from dawnwatch.profiling.rows import Rows
from dawnwatch.profiling.scoring import ScoredSource
from dawnwatch.sources.base import Source, known_rows

__all__ = ["DEFAULT_MEMORY", "Mapped", "profile_window"]

DEFAULT_MEMORY = 2 << 30
BATCH_BYTES = 1 << 26
AHEAD = 2
"""Batches that wait for each worker."""


@runtime_checkable
class Mapped(Protocol):
    """A source whose rows are counted where they are, such as on a cluster."""

    def profile_window(
        self, plan: Plan, *, find_repeats: bool, keep_keys: bool, progress: Callable[[int], None] | None
    ) -> Window:
        """See `dawnwatch.profiling.run.profile_window`; the window keeps no rows."""


def profile_window(
    source: Source,
    plan: Plan,
    *,
    exact_rows: int,
    find_repeats: bool = True,
    keep_keys: bool = False,
    memory: int = DEFAULT_MEMORY,
    progress: Callable[[int], None] | None = None,
) -> Window:
    """Profile every row of a source.

    Parameters
    ----------
    exact_rows : keep the scored rows themselves up to this many, for an exact AUC
    find_repeats : count the rows whose key stood before, which only the current window is judged by
    keep_keys : keep the distinct key hashes (8 bytes each), so that repeats can be counted across merged windows
    memory : bytes the run may take; decides when key hashes wait on disk
    progress : called with the number of rows done so far

    Raises
    ------
    DataError
        Where the source cannot be read or holds no rows.
    """
    if isinstance(source, Mapped):
        return source.profile_window(plan, find_repeats=find_repeats, keep_keys=keep_keys, progress=progress)
    if plan.label is None or plan.score is None or (known_rows(source) or 0) > exact_rows:
        exact_rows = 0  # there is no AUC, or they would be let go of on the way
    with KeyStore(memory // 16) as store:
        keys = store.add if plan.keys and (find_repeats or keep_keys) else None
        tallies = [Tally(plan, keys=keys, keep=exact_rows) for _ in range(_workers())]
        rows = _map(source, plan, tallies, exact_rows, progress)
        if rows == 0:
            raise DataError(f"{source.name}: holds no rows, so nothing can be judged; check the query or the export")
        total = Profile.joined([tally.profile() for tally in tallies if tally.rows])
        repeats, again = store.repeats(keep=keep_keys)
    return Window(
        name=source.name,
        plan=plan,
        profile=total.with_repeats(repeats),
        rows=_kept(tallies) if rows <= exact_rows else None,
        types={field.name: type_name(field.type) for field in source.schema},
        scoring_fault=source.fault(private=bool(plan.private)) if isinstance(source, ScoredSource) else None,
        repeated=_looked_up(source, plan, again) if again.size else [],
    )


def _workers() -> int:
    """Return how many threads count: NumPy's many short steps gain nothing from a second one."""
    return 1 if best().name == "numpy" else max(min(os.cpu_count() or 1, 16), 1)


def _map(
    source: Source, plan: Plan, tallies: list[Tally], exact_rows: int, progress: Callable[[int], None] | None
) -> int:
    """Count every batch, each by the worker whose turn it is, so that the result is the same in every run."""
    rows = done = 0
    waiting: list[Future[int]] = []
    pools = [ThreadPoolExecutor(1) for _ in tallies]
    try:
        for turn, batch in enumerate(_batches(source, plan)):
            at = turn % len(tallies)
            if len(waiting) >= AHEAD * len(tallies):
                done += waiting.pop(0).result()
                if progress is not None:
                    progress(done)
            waiting.append(pools[at].submit(_count, tallies[at], batch, rows))
            rows += batch.num_rows
            if rows > exact_rows:
                for tally in tallies:
                    tally.keep_none()
        for future in waiting:
            done += future.result()
            if progress is not None:
                progress(done)
    finally:
        for pool in pools:
            pool.shutdown(cancel_futures=True)
    return rows


def _batches(source: Source, plan: Plan) -> Iterator[pa.RecordBatch]:
    for batch in source.batches(plan.read):
        # Long texts make a batch of few rows large, and counting takes several times its size.
        pieces = max(-(-batch.nbytes // BATCH_BYTES), 1)
        size = max(-(-batch.num_rows // pieces), 1)
        yield from (batch.slice(start, size) for start in range(0, batch.num_rows, size))


def _count(tally: Tally, batch: pa.RecordBatch, start: int) -> int:
    tally.add(batch, start)
    return int(batch.num_rows)


def _kept(tallies: list[Tally]) -> ScoredRows:
    parts = [part for tally in tallies for part in tally.kept or []]
    return ScoredRows.concatenate([rows for _, rows in sorted(parts, key=lambda part: part[0])])


def _looked_up(source: Source, plan: Plan, again: NDArray[np.uint64]) -> list[tuple[int, dict[str, object]]]:
    """Find the first rows whose key stood before, in a second, partial read that ends with the fifth."""
    shown = [name for name in plan.keys if name not in plan.private]
    found: list[tuple[int, dict[str, object]]] = []
    met = np.empty(0, np.uint64)
    start = 0
    counting = best()
    keys_only = Plan((), keys=plan.keys)
    again = np.unique(again)
    starts = bucket_starts(again)
    for batch in source.batches(plan.keys):
        hashes = Rows(batch, keys_only, counting).keys() if batch.num_rows else None
        if hashes is not None:
            candidates = np.flatnonzero(counting.members(hashes, again, starts))
            _, firsts = np.unique(hashes[candidates], return_index=True)
            first = np.zeros(candidates.size, dtype=bool)
            first[firsts] = True
            repeated = candidates[~first | np.isin(hashes[candidates], met)]
            for at in repeated[: EXAMPLES - len(found)].tolist():
                row = rows_as_python(batch.slice(at, 1).select(shown))[0] if shown else {}
                found.append((start + at, dict[str, object](row)))
            if len(found) == EXAMPLES:
                break
            met = np.union1d(met, hashes[candidates])
        start += batch.num_rows
    return found
