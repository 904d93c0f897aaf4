"""The rows of a source with the labels they had at a moment: one that came later had not come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.model.times import per_second
from dawnwatch.profiling.arrow import numbers, type_name
from dawnwatch.profiling.coding import NUMERIC
from dawnwatch.sources.base import Source, known_rows, wanted

__all__ = ["AsOf"]


class AsOf:
    """Gives all rows, and empties label and time of arrival where that time is after a moment.

    Parameters
    ----------
    label, came : the label's column, and that of when it came; the source must hold both
    moment : seconds since 1970
    """

    def __init__(self, source: Source, label: str, came: str, moment: float) -> None:
        self.name, self.schema = source.name, source.schema
        self._source, self._emptied, self._came, self._moment = source, (label, came), came, moment

    @property
    def rows(self) -> int | None:
        """How many rows the source says it holds; None where it does not know."""
        return known_rows(self._source)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Read these rows; see `Source.batches`."""
        names = wanted(self.schema, columns)
        if not set(self._emptied) & set(names):
            yield from self._source.batches(columns)
            return
        for batch in self._source.batches([*names, self._came]):
            late = self._late(batch.column(self._came))
            arrays = [
                # Taking no row leaves a null, whatever the column's type.
                batch.column(name).take(pa.array(np.arange(late.size), mask=late))
                if name in self._emptied and late.any()
                else batch.column(name)
                for name in names
            ]
            yield pa.RecordBatch.from_arrays(arrays, schema=pa.schema([batch.schema.field(name) for name in names]))

    def _late(self, times: pa.Array) -> NDArray[np.bool_]:
        """Return which labels came later; none where the column holds no times, which is said elsewhere."""
        none = np.zeros(len(times), dtype=bool)
        if type_name(times.type) not in NUMERIC:
            return none
        values = numbers(times)
        known = values[np.isfinite(values)]
        unit = per_second(float(known.min()), float(known.max())) if known.size else None
        return none if unit is None else np.asarray(values / unit > self._moment)
