"""Delta tables: the current version and nothing else."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from dawnwatch.errors import DataError
from dawnwatch.sources import open_source
from dawnwatch.sources.base import known_rows

deltalake = pytest.importorskip("deltalake", reason="deltalake is not installed")


def write(folder: Path) -> None:
    rows = {
        "city": ["New York", "a/b=c", None, "New York"],
        "day": pa.array([date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 2), None]),
        "x": [1.0, 2.0, 3.0, 4.0],
    }
    deltalake.write_deltalake(str(folder), pa.table(rows), partition_by=["city", "day"])


def test_the_current_version_is_read_with_its_partitions(tmp_path: Path) -> None:
    write(tmp_path / "t")
    deltalake.DeltaTable(str(tmp_path / "t")).delete("x = 1.0")
    source = open_source(tmp_path / "t")
    rows = sorted(pa.Table.from_batches(source.batches()).to_pylist(), key=lambda row: row["x"])
    assert rows == [
        {"x": 2.0, "city": "a/b=c", "day": date(2026, 1, 2)},
        {"x": 3.0, "city": None, "day": date(2026, 1, 2)},
        {"x": 4.0, "city": "New York", "day": None},
    ]
    assert known_rows(source) == 3
    assert source.schema.field("day").type == pa.date32()


def test_a_table_without_rows_and_a_broken_log_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "t")
    deltalake.DeltaTable(str(tmp_path / "t")).delete()
    with pytest.raises(DataError, match="the table has no rows"):
        open_source(tmp_path / "t")
    (tmp_path / "broken" / "_delta_log").mkdir(parents=True)
    with pytest.raises(DataError, match="its Delta log cannot be read"):
        open_source(tmp_path / "broken")


def test_what_cannot_be_followed_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "t")
    monkeypatch.setattr("dawnwatch.sources.delta._any_marked", lambda table: True)
    features = type("P", (), {"reader_features": ["deletionVectors"]})()
    monkeypatch.setattr(deltalake.DeltaTable, "protocol", lambda self: features)
    with pytest.raises(DataError, match="a Delta table with deletion vectors, which dawnwatch does not follow"):
        open_source(tmp_path / "t")


def test_without_the_extra_the_way_to_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "t")
    monkeypatch.setitem(sys.modules, "deltalake", None)
    with pytest.raises(DataError, match=r"replaced or deleted; .*pip install 'dawnwatch\[delta\]'"):
        open_source(tmp_path / "t")
