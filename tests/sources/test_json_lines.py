"""JSON Lines: times come as text, and are read as times."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from dawnwatch.sources import open_source

WHEN = datetime(2023, 11, 14, 22, 13, 20, 123000)


@pytest.mark.parametrize(
    ("written", "type_", "read"),
    [
        ("2023-11-14T22:13:20.123", pa.timestamp("us"), WHEN),
        ("2023-11-14 22:13:20.123000", pa.timestamp("us"), WHEN),
        ("2023-11-14T22:13:20.123Z", pa.timestamp("us", "UTC"), WHEN.replace(tzinfo=UTC)),
        ("2023-11-15T00:13:20.123+02:00", pa.timestamp("us", "UTC"), WHEN.replace(tzinfo=UTC)),
    ],
)
def test_iso_times_are_times(tmp_path: Path, written: str, type_: pa.DataType, read: datetime) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(json.dumps({"at": value}) for value in (None, written, written)))
    column = pa.Table.from_batches(open_source(path).batches()).column("at")
    assert column.type == type_
    assert column.to_pylist() == [None, read, read]


def test_text_that_only_begins_like_a_time_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text('{"note": "2023-11-14T22:13 door opened"}\n{"note": "x"}')
    assert pa.Table.from_batches(open_source(path).batches()).column("note").type == pa.string()
