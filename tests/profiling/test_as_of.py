"""Labels that came after a moment had not come by then, whatever unit and type the times have."""

from __future__ import annotations

import pyarrow as pa
import pytest

from dawnwatch.profiling.as_of import AsOf
from dawnwatch.sources import open_source

MOMENT = 1_772_582_400.0
TIMES = [int(MOMENT) - 60, int(MOMENT), int(MOMENT) + 60, None]


@pytest.mark.parametrize("unit", [1, 10**3, 10**6])
@pytest.mark.parametrize("stamped", [False, True])
def test_labels_and_times_after_the_moment_are_empty(unit: int, stamped: bool) -> None:
    times = pa.array([None if at is None else at * (10**6 if stamped else unit) for at in TIMES], pa.int64())
    times = times.cast(pa.timestamp("us")) if stamped else times
    table = pa.table({"y": pa.array([0, 1, 1, None]), "at": times, "x": [1, 2, 3, 4]})
    found = AsOf(open_source(table), "y", "at", MOMENT)
    read = pa.Table.from_batches(list(found.batches()))
    assert read["y"].to_pylist() == [0, 1, None, None]
    assert [at is None for at in read["at"].to_pylist()] == [False, False, True, True]
    assert read["x"].to_pylist() == [1, 2, 3, 4]
    assert pa.Table.from_batches(list(found.batches(["y"]))).to_pydict() == {"y": [0, 1, None, None]}
    assert pa.Table.from_batches(list(found.batches(["x"]))).to_pydict() == {"x": [1, 2, 3, 4]}
    assert found.rows == 4
