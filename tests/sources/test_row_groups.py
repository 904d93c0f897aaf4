"""Parquet is read in memory that depends neither on its size nor on how its rows are grouped."""

from __future__ import annotations

import gc
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dawnwatch.errors import DataError
from dawnwatch.sources import open_source

ROWS = 3_000_000
COLUMNS = 8


def table(rows: int = ROWS) -> pa.Table:
    values = np.arange(rows, dtype=np.float64)
    return pa.table({f"x{i}": values + i for i in range(COLUMNS)})


@pytest.mark.parametrize("group", [100_000, ROWS])
def test_rows_wait_for_a_slow_reader_without_filling_memory(tmp_path: Path, group: int) -> None:
    pq.write_table(table(), tmp_path / "log.parquet", row_group_size=group, use_dictionary=False)
    whole = ROWS * COLUMNS * 8
    before, held, seen = pa.total_allocated_bytes(), 0, 0
    for batch in open_source(tmp_path / "log.parquet").batches():
        time.sleep(0.02)
        held = max(held, pa.total_allocated_bytes() - before)
        seen += batch.num_rows
        del batch
    assert seen == ROWS
    assert held < whole / 4


def test_groups_of_every_size_come_whole_and_in_order(tmp_path: Path) -> None:
    whole = table(300_000)
    (tmp_path / "log").mkdir()
    for i, group in enumerate((7_000, 131_072, 131_073)):
        pq.write_table(whole, tmp_path / "log" / f"{i}.parquet", row_group_size=group)
    found = pa.Table.from_batches(open_source(tmp_path / "log").batches(["x3", "x1"]))
    assert found.equals(pa.concat_tables([whole.select(["x1", "x3"])] * 3))


def test_a_reading_that_is_given_up_leaves_nothing_behind(tmp_path: Path) -> None:
    pq.write_table(table(600_000), tmp_path / "log.parquet", row_group_size=50_000)
    gc.collect()  # what earlier tests left must not go meanwhile
    before = pa.total_allocated_bytes()
    batches = open_source(tmp_path / "log.parquet").batches()
    assert next(batches).num_rows == 50_000
    batches.close()  # type: ignore[attr-defined]
    until = time.monotonic() + 30
    while pa.total_allocated_bytes() > before and time.monotonic() < until:
        time.sleep(0.01)  # Arrow's threads let go of their last buffers when they come to it
    assert pa.total_allocated_bytes() <= before


def test_a_group_that_is_damaged_is_named(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    pq.write_table(table(300_000), path, row_group_size=50_000)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 200_000] = b"\xff" * 200_000
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"log\.parquet: damaged"):
        sum(batch.num_rows for batch in open_source(path).batches())
