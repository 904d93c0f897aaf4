"""A long text file, streamed, is what it would be when read whole: same types, same values, same complaints."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dawnwatch.errors import DataError
from dawnwatch.sources import Source, delimited, json_lines, open_source
from dawnwatch.sources.base import StreamSource, TableSource, known_rows
from dawnwatch.sources.plain import is_text

FUZZ = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def content(source: Source) -> tuple[dict[str, str], list[str]]:
    """Types and rows; text is text, coded or not, and NaN equals itself in writing."""
    types = {field.name: "text" if is_text(field.type) else str(field.type) for field in source.schema}
    table = pa.Table.from_batches(source.batches(), schema=source.schema)
    return types, [repr(row) for row in table.to_pylist()]


def both(path: Path, block: int = 256, **options: object) -> tuple[Source, Source]:
    """Open a file whole and streamed in tiny blocks."""
    whole = open_source(path, what="current window", **options)  # type: ignore[arg-type]
    assert isinstance(whole, TableSource)
    with pytest.MonkeyPatch.context() as patch:
        for module in (delimited, json_lines):
            patch.setattr(module, "WHOLE", 0)
        streamed = open_source(path, what="current window", **options)  # type: ignore[arg-type]
    assert isinstance(streamed, StreamSource)
    return whole, streamed


@pytest.fixture(autouse=True)
def tiny_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "BLOCK", 256)
    monkeypatch.setattr(json_lines, "BLOCK", 256)


def same(path: Path, **options: object) -> tuple[dict[str, str], list[str]]:
    whole, streamed = both(path, **options)
    assert content(streamed) == content(whole)
    assert content(streamed) == content(whole)  # and again, from the start
    assert known_rows(streamed) == known_rows(whole)
    assert sum(batch.num_rows for batch in streamed.batches([])) == known_rows(whole)
    last = whole.schema.names[-1]
    assert next(b.schema.names for b in streamed.batches([last])) == [last]
    return content(streamed)


def refusals(path: Path) -> str:
    """Return the complaint, which must be the same one streamed."""
    said = []
    for limit in (1 << 30, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(delimited, "WHOLE", limit)
            patch.setattr(json_lines, "WHOLE", limit)
            with pytest.raises(DataError) as caught:
                open_source(path, what="current window")
        said.append(str(caught.value))
    assert said[0] == said[1]
    assert "secret" not in said[0]
    return said[0].removeprefix(f"current window {path}: ")


NUMBERS = b"".join(b"%d,%d\n" % (i, i) for i in range(300))


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (b"1.5,x", ["double", "text"]),
        (b"NA,N/A", ["int64", "int64"]),
        (b'"","a,b"', ["int64", "text"]),
        (b"nan,-inf", ["double", "double"]),
        (b"true,2026-01-01", ["text", "text"]),
        (b"9223372036854775808,+1", ["double", "double"]),
        (b'"two\nlines",0x1F', ["text", "int64"]),
    ],
)
def test_a_type_that_shows_in_the_last_row_holds_for_all(tmp_path: Path, last: bytes, expected: list[str]) -> None:
    (tmp_path / "a.csv").write_bytes(b"a,b\n" + NUMBERS + last)
    types, _ = same(tmp_path / "a.csv")
    assert list(types.values()) == expected


@pytest.mark.parametrize("variant", ["plain", "gzip", "BOM", "CRLF", "semicolons"])
def test_variants_stream_alike(tmp_path: Path, variant: str) -> None:
    text = b"a,b\n" + NUMBERS + b'NA,"quoted\nline"\n,\n"",""\n'
    change = {
        "plain": lambda t: t,
        "gzip": gzip.compress,
        "BOM": lambda t: b"\xef\xbb\xbf" + t,
        "CRLF": lambda t: t.replace(b"\n", b"\r\n"),
        "semicolons": lambda t: t.replace(b",", b";"),
    }[variant]
    (tmp_path / "a.csv").write_bytes(change(text))
    types, rows = same(tmp_path / "a.csv")
    assert types == {"a": "int64", "b": "text"}
    assert len(rows) == 303


def test_expected_types_hold_when_streamed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"zip,score,gone\n" + b"01234,,NA\n" * 200)
    types, _ = same(tmp_path / "a.csv", types={"zip": "string", "score": "number"})
    assert types == {"zip": "text", "score": "double", "gone": "text"}


@pytest.mark.parametrize(
    ("end", "says"),
    [
        (b"1,2,secret\n", "line 302: 3 fields where the header names 2"),
        (b"secret\xe9,1\n", "line 302: byte 0xe9 is not UTF-8"),
        (b'"a\nb",1\nsecret\n', "line 304: 1 fields where the header names 2"),
    ],
)
def test_a_fault_late_in_the_file_names_its_line(tmp_path: Path, end: bytes, says: str) -> None:
    (tmp_path / "a.csv").write_bytes(b"a,b\n" + NUMBERS + end + NUMBERS)
    assert says in refusals(tmp_path / "a.csv")


def test_a_file_that_changes_between_the_passes_is_said_without_its_values(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" + NUMBERS)
    _, streamed = both(path)
    path.write_bytes(b"a,b\n" + NUMBERS + b"secret,1\n")
    with pytest.raises(DataError, match="changed while it was read: a value is of another type") as caught:
        list(streamed.batches())
    assert "secret" not in str(caught.value)


TOKENS = [
    *("", '""', "NA", "null", "None", "1", "0", " 7", "7 ", "+5", "00", "0x1F", "9223372036854775808", "1.5", "-2e3"),
    *("nan", "-inf", " inf ", "true", "FALSE", "tRue", " true", "2026-01-01", " 2026-01-01", "10:00", "10:00:01.5"),
    *(
        "2026-01-01 10:00",
        "2026-01-01T10:00:00.25",
        "2026-01-01 10:00Z",
        "2026-01-01T10:00:00.5+02:00",
        "0001-01-01 00:00",
    ),
    *("x", "é", "#N/A", "\u00a05", "N/A "),
]
columns = st.lists(st.sampled_from(TOKENS), min_size=1, max_size=4, unique=True)


@given(one=columns, two=columns, order=st.lists(st.integers(0, 3), min_size=1, max_size=60))
@example(one=["1", "true"], two=["0", "NA", "false"], order=[0] * 40 + [1, 2])
@FUZZ
def test_any_mixture_of_values_has_one_type(tmp_path: Path, one: list[str], two: list[str], order: list[int]) -> None:
    lines = [f"{one[i % len(one)]},{two[i % len(two)]},k" for i in order]
    (tmp_path / "f.csv").write_text("a,b,c\n" + "\n".join(lines) + "\n")
    same(tmp_path / "f.csv")


JSON_VALUES = st.sampled_from(
    [
        *("null", "1", "2.5", "12345678901234567890", '"x"', '"2026-01-01T10:00:00"', '"2026-01-01"', '""'),
        *('"2026-01-01T10:00:00.5"', '"2026-01-01T10:00:00Z"', '"2026-01-01 10:00:00.5+02:00"', "true"),
        *('{"k": 1}', '{"k": 1.5, "l": "2026-01-01"}', "[1, null]", "[2.5]", "{}"),
    ]
)


@given(values=st.lists(st.tuples(JSON_VALUES, st.integers(1, 20)), min_size=1, max_size=5))
@example(values=[('"2026-01-01T10:00:00"', 20), ('"2026-01-01T10:00:00.5"', 1)])
@example(values=[('"2026-01-01"', 20), ('"2026-01-01T10:00:00.5"', 1)])
@FUZZ
def test_json_lines_stream_as_they_are_read_whole(tmp_path: Path, values: list[tuple[str, int]]) -> None:
    lines = [f'{{"n": 1, "a": {value}}}' for value, times in values for _ in range(times)]
    path = tmp_path / "f.jsonl"
    path.write_text("\n".join(lines) + "\n{}\n\n")
    try:
        open_source(path)
    except DataError:
        assert "write one type throughout" in refusals(path) or "check the file" in refusals(path)
        return
    same(path)


def test_json_lines_with_late_columns_a_bom_and_gzip(tmp_path: Path) -> None:
    lines = [json.dumps({"a": i, "b": None}) for i in range(100)] + ["{}", '{"c": "2026-01-01T10:00:00.5", "a": 1.5}']
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b"\xef\xbb\xbf" + "\r\n".join(lines).encode()))
    types, rows = same(tmp_path / "a.jsonl.gz")
    assert types == {"a": "double", "b": "null", "c": "timestamp[us]"}
    assert len(rows) == 102


@pytest.mark.parametrize(
    ("end", "says"),
    [
        (b'{"a": "secret"}\n', "line 201: 'a' is a string here but a number in line 1"),
        (b'{"a": 1, "s": "secret\xe9"}\n', "line 201: byte 0xe9 is not UTF-8"),
        (b'{"a": 1, "secret"\n', "line 201: not one whole JSON object"),
    ],
)
def test_bad_json_late_in_the_file_names_its_line(tmp_path: Path, end: bytes, says: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"a": 1}\n' * 200 + end)
    assert says in refusals(tmp_path / "a.jsonl")


def test_what_a_csv_writer_writes_comes_back_streamed(tmp_path: Path) -> None:
    text = io.StringIO()
    rows = [[f"v{i}", "line\nbreak, and comma", 'a "quote"'] for i in range(100)]
    csv.writer(text, lineterminator="\n").writerows([["a", "b", "c"], *rows])
    (tmp_path / "a.csv").write_text(text.getvalue())
    _, streamed = both(tmp_path / "a.csv")
    assert [list(row.values()) for batch in streamed.batches() for row in batch.to_pylist()] == rows
