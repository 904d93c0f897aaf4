"""Profiling a whole window on one machine: map the kernel over the batches, add what comes out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dawnwatch.errors import DataError
from dawnwatch.model.plan import Plan
from dawnwatch.model.profile import EXAMPLES, Profile, ScoredRows
from dawnwatch.model.window import Window
from dawnwatch.profiling.arrow import rows_as_python, type_name
from dawnwatch.profiling.kernel import profile
from dawnwatch.profiling.scoring import ScoredSource
from dawnwatch.sources.base import Source

__all__ = ["profile_window"]


def profile_window(
    source: Source,
    plan: Plan,
    *,
    exact_rows: int,
    find_repeats: bool = True,
    progress: Callable[[int], None] | None = None,
) -> Window:
    """Profile every row of a source.

    Parameters
    ----------
    exact_rows : keep the scored rows themselves up to this many, for an exact AUC
    find_repeats : count the rows whose key stood before, which only the current window is judged by
    progress : called with the number of rows done so far

    Raises
    ------
    DataError
        Where the source cannot be read or holds no rows.
    """
    total: Profile | None = None
    kept: list[ScoredRows] | None = []
    columns = list(dict.fromkeys([*(c.name for c in plan.columns), *([plan.score] if plan.score else [])]))
    for batch in source.batches(columns):
        if batch.num_rows == 0:
            continue
        part, rows = profile(batch, plan)
        total = part if total is None else total + part
        if kept is not None:
            kept.append(rows)
            if total.rows > exact_rows:
                kept = None
        if progress is not None:
            progress(total.rows)
    if total is None:
        raise DataError(f"{source.name}: holds no rows, so nothing can be judged; check the query or the export")
    repeats = total.repeated() if find_repeats else np.empty(0, np.int64)
    return Window(
        name=source.name,
        plan=plan,
        profile=total,
        rows=None if kept is None else ScoredRows.concatenate(kept),
        types={field.name: type_name(field.type) for field in source.schema},
        scoring_fault=source.fault(private=bool(plan.private)) if isinstance(source, ScoredSource) else None,
        repeats=repeats.size,
        repeated=_looked_up(source, plan, repeats[:EXAMPLES].tolist()),
    )


def _looked_up(source: Source, plan: Plan, positions: list[int]) -> list[tuple[int, dict[str, object]]]:
    """Look up the keys of these rows; a second, partial read, only where there are any."""
    names = [name for name in plan.keys if name not in plan.private]
    found: list[tuple[int, dict[str, object]]] = []
    start = 0
    for batch in source.batches(names) if positions and names else ():
        while len(found) < len(positions) and positions[len(found)] < start + batch.num_rows:
            at = positions[len(found)]
            found.append((at, dict(rows_as_python(batch.slice(at - start, 1).select(names))[0])))
        start += batch.num_rows
        if len(found) == len(positions):
            break
    return found or [(at, {}) for at in positions]
