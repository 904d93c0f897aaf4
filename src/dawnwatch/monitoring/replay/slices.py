"""Which judged rows belong to which declared slice, under the names that a packet may show."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.config import Config
from dawnwatch.monitoring.replay.labelled import Labelled
from dawnwatch.profiling.arrow import null_mask, numbers, texts, type_name
from dawnwatch.profiling.bins import gather_bins
from dawnwatch.profiling.coding import NUMERIC
from dawnwatch.sources.base import TableSource
from dawnwatch.stats.binning import assign

__all__ = ["MOST_SLICES", "Slice", "slices_of"]

MOST_SLICES = 20
"""Values of a slice column that are judged, those with most rows."""
Slice = tuple[str, str, NDArray[np.bool_]]
"""Column, value as it is shown, and which of the judged rows have it."""


def slices_of(learn: Labelled, judge: Labelled, config: Config) -> list[Slice]:
    """Return the declared slices of the judged rows, those of each column with most rows first.

    Numbers lie in bins between the deciles of the rows before the cut. A value of a private column is "value 1" and so
    on, by rows.
    """
    return [found for column in config.roles.slices for found in _of_column(column, learn, judge, config)]


def _of_column(column: str, learn: Labelled, judge: Labelled, config: Config) -> Iterator[Slice]:
    if column not in judge.table.column_names:
        return
    settings, array = config.column(column), judge.table[column].combine_chunks()
    numeric = type_name(array.type) in NUMERIC - {"boolean"} and settings.kind != "categorical"
    codes, names = _bins(column, array, learn) if numeric else texts(array)
    times = np.bincount(codes[codes >= 0], minlength=len(names))
    for rank, code in enumerate(np.argsort(-times, kind="stable")[:MOST_SLICES], start=1):
        if times[code]:
            yield column, f"value {rank}" if settings.private else names[code], codes == code


def _bins(column: str, array: pa.Array, learn: Labelled) -> tuple[NDArray[np.int64], list[str]]:
    """Return the bin of each row, -1 without a value, and the bins' names."""
    source = TableSource(learn.table.select([column]), name=learn.name, shown=learn.name)
    binning = gather_bins(source, {column: "numeric"}, private=[])[column]
    values = numbers(array)
    lost = null_mask(array) | np.isnan(values)
    codes = assign(np.where(lost, 0.0, values), binning.edges)
    return np.where(lost, -1, codes), list(binning.names)
