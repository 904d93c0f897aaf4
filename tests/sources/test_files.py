"""Parquet, Arrow IPC, JSON Lines, folders and globs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from dawnwatch.errors import DataError
from dawnwatch.sources import Source, open_source

TABLE = pa.table({"id": [1, 2, 3], "city": ["Oslo", None, ""], "x": [0.5, float("inf"), None]})
CODED = pa.dictionary(pa.int32(), pa.string())


def write_stream(table: pa.Table, path: Path) -> None:
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table)


WRITERS: dict[str, Callable[[pa.Table, Path], object]] = {
    "a.parquet": pq.write_table,
    "a.feather": feather.write_feather,
    "a.arrows": write_stream,
    "a.arrow": write_stream,
    "noending-parquet": pq.write_table,
    "noending-feather": feather.write_feather,
    "noending-stream": write_stream,
    "wrong.csv": pq.write_table,
}


def table_of(source: Source) -> pa.Table:
    return pa.Table.from_batches(source.batches(), schema=source.schema)


def refusal(path: object) -> str:
    with pytest.raises(DataError) as caught:
        table_of(open_source(path, what="reference"))
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith("reference")
    return message


@pytest.mark.parametrize("name", WRITERS)
def test_a_table_comes_back_from_every_format(tmp_path: Path, name: str) -> None:
    WRITERS[name](TABLE, tmp_path / name)
    source = open_source(tmp_path / name)
    assert isinstance(source, Source)
    assert source.name == str(tmp_path / name)
    assert table_of(source).to_pylist() == TABLE.to_pylist()
    assert table_of(source).to_pylist() == TABLE.to_pylist()  # and again, from the start


@pytest.mark.parametrize("name", WRITERS)
def test_only_the_columns_asked_for_are_read(tmp_path: Path, name: str) -> None:
    WRITERS[name](TABLE, tmp_path / name)
    source = open_source(tmp_path / name)
    [batch] = source.batches(["x", "unknown", "id"])
    assert batch.schema.names == ["id", "x"]
    assert [(b.num_rows, b.num_columns) for b in source.batches(["unknown"])] == [(3, 0)]


def test_parquet_strings_come_coded_and_in_several_batches(tmp_path: Path) -> None:
    table = pa.table({"n": range(300_000), "s": ["a", "b", None] * 100_000})
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=70_000)
    source = open_source(tmp_path / "a.parquet")
    batches = list(source.batches())
    assert source.schema.types == [pa.int64(), CODED]
    assert len(batches) > 1
    assert max(batch.num_rows for batch in batches) <= 131_072
    assert [n for batch in batches for n in batch.column("n").to_pylist()] == list(range(300_000))


def test_a_corrupt_page_is_a_data_error_when_it_is_reached(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"n": [i * 7919 % 10_007 for i in range(200_000)]}), path, row_group_size=50_000)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    source = open_source(path, what="current window")
    with pytest.raises(DataError, match=r"^current window .*a\.parquet: damaged"):
        list(source.batches())


@pytest.mark.parametrize("name", ["a.parquet", "a.feather", "a.arrows"])
def test_a_truncated_file_is_refused(tmp_path: Path, name: str) -> None:
    WRITERS[name](pa.table({"n": range(5000)}), tmp_path / name)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[: len(content) // 2])
    assert "write it again" in refusal(tmp_path / name)


@pytest.mark.parametrize("name", ["a.parquet", "a.feather", "a.arrows"])
def test_no_rows_and_double_names_are_refused(tmp_path: Path, name: str) -> None:
    WRITERS[name](TABLE.slice(0, 0), tmp_path / name)
    assert "has no rows" in refusal(tmp_path / name)
    if name != "a.feather":  # which refuses to write them
        WRITERS[name](pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["n", "n"]), tmp_path / name)
        assert "'n' is there twice" in refusal(tmp_path / name)


def test_json_lines_promote_types_and_fill_gaps(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1, "s": "x"}\r\n\r\n{"a": 2.5}\r\n{"a": null, "b": true}')
    assert table_of(open_source(path)).to_pylist() == [
        {"a": 1.0, "s": "x", "b": None},
        {"a": 2.5, "s": None, "b": None},
        {"a": None, "s": None, "b": True},
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"a":1}\n\n{"a":"x"}\n', "line 3: 'a' is a string here but a number in line 1"),
        (b'[{"a":1},{"a":2}]', "line 1: an array where an object is needed"),
        (b'{"a":1}\n{"a":\n', "line 2: not one whole JSON object"),
        (b'{"a":1}\n{"a":1,"a":2}\n', "line 2: the key 'a' is there twice"),
        (b'{"a":"x"}\n{"a":"\xe9"}\n', "line 2: byte 0xe9 is not UTF-8"),
        (b"{}\n{}\n", "no rows"),
    ],
)
def test_bad_json_lines_name_their_line(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "a.json").write_bytes(content)
    assert says in refusal(tmp_path / "a.json")


def test_a_folder_is_one_table_with_its_partitions(tmp_path: Path) -> None:
    for day, value in (("1", "a"), ("2", "b"), ("__HIVE_DEFAULT_PARTITION__", "c")):
        folder = tmp_path / "log" / f"day={day}" / "city=New%20York"
        folder.mkdir(parents=True)
        pq.write_table(pa.table({"v": [value]}), folder / "part.parquet")
    (tmp_path / "log" / "_SUCCESS").touch()
    (tmp_path / "log" / "README.md").write_text("not data")
    expected = [{"v": "a", "day": 1}, {"v": "b", "day": 2}, {"v": "c", "day": None}]
    expected = [{**row, "city": "New York"} for row in expected]
    for written in ("log", "log/day=*", "log/**/*.parquet"):
        source = open_source(tmp_path / written)
        assert table_of(source).to_pylist() == expected
        assert [(b.num_rows, b.num_columns) for b in source.batches([])] == [(1, 0)] * 3
        assert next(source.batches(["day"])).to_pylist() == [{"day": 1}]


def test_a_column_that_one_file_lacks_is_null_and_widths_agree(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": pa.array([1], pa.int32()), "s": ["a"]}), tmp_path / "1.parquet")
    pq.write_table(pa.table({"x": [1.5], "n": pa.nulls(1)}), tmp_path / "2.parquet")
    pq.write_table(pa.table({"n": ["z"]}), tmp_path / "3.parquet")
    assert table_of(open_source(tmp_path)).to_pylist() == [
        {"x": 1.0, "s": "a", "n": None},
        {"x": 1.5, "s": None, "n": None},
        {"x": None, "s": None, "n": "z"},
    ]


def test_types_that_do_not_agree_are_refused_but_text_is_only_text(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    pq.write_table(pa.table({"x": [1]}), tmp_path / "p/1.parquet")
    pq.write_table(pa.table({"x": ["a"]}), tmp_path / "p/2.parquet")
    assert "column 'x' is int64 in" in (said := refusal(tmp_path / "p"))
    assert "but string in" in said
    (tmp_path / "c").mkdir()
    (tmp_path / "c/1.csv").write_text("x,y\n01,1\n")
    (tmp_path / "c/2.csv").write_text("x,y\na,2\n")
    assert table_of(open_source(tmp_path / "c")).to_pylist() == [{"x": "01", "y": 1}, {"x": "a", "y": 2}]


def test_a_folder_of_several_formats_or_of_versions_is_refused(tmp_path: Path) -> None:
    pq.write_table(TABLE, tmp_path / "a.parquet")
    (tmp_path / "b.csv").write_text("x\n1\n")
    assert "files of several formats" in refusal(tmp_path)
    (tmp_path / "_delta_log").mkdir()
    assert "Delta" in refusal(tmp_path)


def test_paths_that_lead_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "current.csv").write_text("a\n1\n")
    (tmp_path / "empty").mkdir()
    assert "no such file or folder. Did you mean 'current.csv'?" in refusal(tmp_path / "curent.csv")
    assert refusal(tmp_path / "other.csv").endswith("no such file or folder. Check the path.")
    assert "no file matches" in refusal(str(tmp_path / "*.parquet"))
    assert "no data files in this folder" in refusal(tmp_path / "empty")
    assert "the path is empty" in refusal("")
    assert "not a regular file" in refusal(os.devnull)
    assert "no such file" in refusal(tmp_path / "current.csv" / "below")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert table_of(open_source("~/current.csv")).to_pylist() == [{"a": 1}]


@pytest.mark.parametrize("name", ["x.csv", "x.parquet", "x"])
def test_no_permission_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (tmp_path / name).write_text("a\n1\n")

    def refuse(self: Path, *_: object, **__: object) -> object:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)  # root may read everything, so the system call is stood in for
    assert "permission denied" in refusal(tmp_path / name)


def test_reading_writes_nothing(tmp_path: Path) -> None:
    pq.write_table(TABLE, tmp_path / "a.parquet")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    table_of(open_source(tmp_path))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
