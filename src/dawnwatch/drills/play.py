"""Setting up one drill: split, model, monitor, window and incident, all from one seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dawnwatch.drills.data.base import DataSet
from dawnwatch.drills.inject import Injected, inject
from dawnwatch.drills.registry import Kind, all_kinds
from dawnwatch.drills.split import Split, by_unit
from dawnwatch.drills.truth import Strength
from dawnwatch.drills.volume import rows_of_window
from dawnwatch.errors import UsageError

__all__ = ["ROWS", "Drill", "set_up"]

ROWS = 5000
"""Rows that a window brings on average; they are of over 200 units."""


@dataclass(frozen=True)
class Drill:
    """A window with an incident in it, and what it is judged against."""

    split: Split
    injected: Injected

    @property
    def ends(self) -> datetime | None:
        """The time of the window's newest row, at which its labels were looked at; None where no row has a time."""
        time, table = self.split.data.time, self.injected.table
        if time is None or time not in table.column_names:
            return None
        kind = table[time].type
        if not (pa.types.is_integer(kind) or pa.types.is_timestamp(kind)):
            return None  # what happened left no times
        last = pc.max(table[time].cast(pa.int64())).as_py()
        return None if last is None else datetime.fromtimestamp(last, UTC)


def set_up(data: DataSet, kind: Kind | None, strength: Strength, seed: int, *, rows: int = ROWS) -> Drill:
    """Return a drill of this kind, or of one that the seed chooses; the same arguments give the same one.

    Parameters
    ----------
    rows : that the window brings on average

    Raises
    ------
    UsageError
        Where the data cannot show the kind, or not that strongly.
    """
    split = by_unit(data, seed)
    came = rows_of_window(split.pool, rows, seed)
    if kind is not None:
        return Drill(split, inject(split, kind, strength, seed=seed, rows=came))
    kinds = all_kinds()
    for at in np.random.default_rng([seed, 5]).permutation(len(kinds)):
        try:
            return Drill(split, inject(split, kinds[at], strength, seed=seed, rows=came))
        except UsageError:
            continue  # another kind will do, and no kind is given away
    raise UsageError(f"{data.name}: no kind of drill can be shown in {rows:,} rows")
