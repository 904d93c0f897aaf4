"""The first failing rows of a window, for a person to look at."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.model.plan import ColumnPlan, Plan
from dawnwatch.model.profile import EXAMPLES, Examples
from dawnwatch.profiling.arrow import rows_as_python

__all__ = ["Finder"]


class Finder:
    """Collects up to five failing rows per counter: position, the column's value and its key, nothing private."""

    def __init__(self, plan: Plan, column: ColumnPlan) -> None:
        wanted = [] if column.private else dict.fromkeys([*plan.keys, column.name])
        self._names = [name for name in wanted if name not in plan.private]
        self.found: Examples = {}

    def wants(self, counter: str, start: int) -> bool:
        """Whether rows from this position on can still be among the first five."""
        found = self.found.get(counter, [])
        return len(found) < EXAMPLES or start < found[-1][0]

    def take(self, counter: str, mask: NDArray[np.bool_], batch: pa.RecordBatch, start: int) -> None:
        """Add the first rows of a batch that begins at position `start` for which the mask holds."""
        positions = np.flatnonzero(mask)[:EXAMPLES]
        names = [name for name in self._names if batch.schema.get_field_index(name) >= 0]
        rows: list[dict[str, Any]] = [{}] * len(positions)
        if names and len(positions):
            rows = rows_as_python(batch.select(names).take(pa.array(positions)))
        mine = [(int(position) + start, row) for position, row in zip(positions, rows, strict=True)]
        joined = sorted([*self.found.get(counter, []), *mine], key=lambda found: found[0])
        self.found[counter] = joined[:EXAMPLES]
