"""CSV and TSV: what a field means, and what a bad file answers."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import math
import string
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dawnwatch.errors import DataError
from dawnwatch.sources import Source, open_source


def rows(source: Source) -> list[dict[str, object]]:
    return pa.Table.from_batches(source.batches(), schema=source.schema).to_pylist()


def read(folder: Path, content: bytes, name: str = "data.csv", **options: object) -> list[dict[str, object]]:
    path = folder / name
    path.write_bytes(content)
    return rows(open_source(path, what="current window", **options))  # type: ignore[arg-type]


def refusal(folder: Path, content: bytes, name: str = "data.csv") -> str:
    with pytest.raises(DataError) as caught:
        read(folder, content, name)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(f"current window {folder / name}: ")
    return message.removeprefix(f"current window {folder / name}: ")


def test_an_unquoted_empty_field_is_null_and_a_quoted_one_is_the_empty_string(tmp_path: Path) -> None:
    assert read(tmp_path, b'a,b\nx,1\n,2\n"",3\n') == [
        {"a": "x", "b": 1},
        {"a": None, "b": 2},
        {"a": "", "b": 3},
    ]


def test_nan_and_infinities_are_numbers(tmp_path: Path) -> None:
    values = [row["a"] for row in read(tmp_path, b"a,b\nNaN,1\ninf,1\n-inf,1\n,1\n2,1\n")]
    assert math.isnan(values[0])  # type: ignore[arg-type]
    assert values[1:] == [math.inf, -math.inf, None, 2.0]


@pytest.mark.parametrize("word", ["NA", "N/A", "#N/A", "null", "NULL", "None"])
def test_a_null_word_is_text_among_text_and_null_among_numbers(tmp_path: Path, word: str) -> None:
    content = f"country,count,share,on\n{word},{word},{word},{word}\nDE,3,0.5,true\n".encode()
    assert read(tmp_path, content) == [
        {"country": word, "count": None, "share": None, "on": None},
        {"country": "DE", "count": 3, "share": 0.5, "on": True},
    ]


def test_a_column_of_nothing_but_null_words_stays_text(tmp_path: Path) -> None:
    assert read(tmp_path, b"a,b\nNA,1\nnull,2\n") == [{"a": "NA", "b": 1}, {"a": "null", "b": 2}]


def test_the_expected_type_keeps_digits_text_and_types_an_empty_column(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_bytes(b"zip,score\n01234,\n99,\n")
    source = open_source(tmp_path / "data.csv", types={"zip": "string", "score": "number", "gone": "string"})
    assert rows(source) == [{"zip": "01234", "score": None}, {"zip": "99", "score": None}]
    assert source.schema.field("score").type == pa.float64()


def test_types_are_promoted_across_the_whole_file(tmp_path: Path) -> None:
    content = b"a,b\n" + b"1,1\n" * 400_000 + b"x,1.5\n"
    (tmp_path / "data.csv").write_bytes(content)
    source = open_source(tmp_path / "data.csv")
    assert source.schema.types == [pa.dictionary(pa.int32(), pa.string()), pa.float64()]
    assert sum(batch.num_rows for batch in source.batches([])) == 400_001


@pytest.mark.parametrize(
    "content",
    [b"\xef\xbb\xbfa,b\n1,x\n", b"a,b\r\n1,x\r\n", b"a;b\n1;x\n", b"a\tb\n1\tx", b"\n\na,b\n\n1,x\n\n"],
    ids=["byte order mark", "CRLF", "semicolons", "tabs", "blank lines"],
)
def test_harmless_variants_just_work(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content) == [{"a": 1, "b": "x"}]


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("d.csv.gz", gzip.compress),
        ("d.csv.bz2", bz2.compress),
        ("d.tsv", bytes),
        ("d", gzip.compress),
        ("d.txt", bytes),
    ],
)
def test_compression_and_ending_do_not_matter(tmp_path: Path, name: str, pack: object) -> None:
    separator = b"\t" if "tsv" in name else b","
    content = b"a,b\n1,x\n".replace(b",", separator)
    assert read(tmp_path, pack(content), name) == [{"a": 1, "b": "x"}]  # type: ignore[operator]


def test_quoted_line_breaks_belong_to_their_field(tmp_path: Path) -> None:
    assert read(tmp_path, b'a,b\n"x\ny",1\n') == [{"a": "x\ny", "b": 1}]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty (0 bytes)"),
        (b"\n \n", "blank lines only"),
        (b"a,b\n", "a header but no rows"),
        (b"a,b,a\n1,2,3\n", "line 1: the column name 'a' is there twice"),
        (b"a,b\n1,2\n1,2,3\n", "line 3: 3 fields where the header names 2"),
        (b'a,b\n"x\ny",2\n1\n', "line 4: 1 fields where the header names 2"),
        (b"a,b\nok,1\n\xe9t\xe9,2\n", "line 3: byte 0xe9 is not UTF-8"),
        (b"a\xe9,b\n1,2\n", "line 1: byte 0xe9 is not UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a table"),
        (bytes(range(256)), "not a table"),
    ],
)
def test_a_bad_file_is_one_clear_line(tmp_path: Path, content: bytes, says: str) -> None:
    assert says in refusal(tmp_path, content)


def test_a_truncated_gzip_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(b"a,b\n" + b"".join(b"%d,2\n" % i for i in range(100_000)))
    assert "check the file" in refusal(tmp_path, packed[: len(packed) // 2], "data.csv.gz")


def test_a_quote_that_is_never_closed_is_said(tmp_path: Path) -> None:
    assert "a row is longer than 1 MiB; check for a quote" in refusal(tmp_path, b'a,b\n1,"' + b"x,y\n" * 1_000_000)


def test_a_message_never_quotes_a_value(tmp_path: Path) -> None:
    for content in (b"a,b\nann@x.org,1,2\n", b"a,b\nann@x.org\xe9,1\n"):
        assert "ann" not in refusal(tmp_path, content)


cells = st.text(string.ascii_letters + ' ,"\n;\t' + "éß中", max_size=5)


@given(table=st.lists(st.tuples(cells, cells), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_the_csv_module_writes_is_read_back(tmp_path: Path, table: list[tuple[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([("a", "b"), *table])
    (tmp_path / "data.csv").write_bytes(text.getvalue().encode())
    found = rows(open_source(tmp_path / "data.csv", types={"a": "string", "b": "string"}))
    assert [(row["a"], row["b"]) for row in found] == table
