"""The same seed, the same rows, however they were made."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks import data

MAKERS = {
    "drifted": data.drifted(moved=True),
    "predictions": data.predictions,
    "scored": data.scored,
    "rule_bound": data.rule_bound,
    "hourly": data.hourly,
}


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BENCH_DATA", str(tmp_path / "data"))


@pytest.mark.parametrize("name", MAKERS)
def test_the_same_part_has_the_same_rows(name: str) -> None:
    first, second = (MAKERS[name](data.generator(name, 3), 500, 1500) for _ in range(2))
    assert first.equals(second)
    assert not first.equals(MAKERS[name](data.generator(name, 4), 500, 1500))


@pytest.mark.parametrize("name", MAKERS)
def test_files_hold_plain_types(name: str) -> None:
    schema = pq.read_schema(data.single(name, 1000, MAKERS[name]))
    assert not any(pa.types.is_dictionary(field.type) for field in schema)
    assert schema.metadata is None


def test_a_longer_window_begins_with_the_rows_of_a_shorter_one() -> None:
    short = pq.read_table(data.folder("w", 2000, data.predictions, part_rows=1000))
    long = pq.read_table(data.folder("w", 3000, data.predictions, part_rows=1000))
    assert long.num_rows == 3000
    assert long.slice(0, 2000).equals(short)


def test_event_ids_repeat_only_within_a_part() -> None:
    table = pq.read_table(data.folder("w", 3000, data.predictions, part_rows=1000))
    assert table.num_rows - len(table.column("event_id").unique()) == 3


def test_the_strings_have_their_cardinalities() -> None:
    table = data.drifted(moved=False)(data.generator("x"), 20_000, 0)
    assert [len(table.column(f"c{k}").unique()) for k in data.CARDINALITIES] == list(data.CARDINALITIES)
