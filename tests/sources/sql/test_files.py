"""SQLite and DuckDB files, and DuckDB relations."""

from __future__ import annotations

import math
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from dawnwatch.errors import DataError
from dawnwatch.sources import Source, open_source
from dawnwatch.sources.base import StreamSource, known_rows
from dawnwatch.sources.sql import open_sql

duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
pytest.importorskip("adbc_driver_sqlite", reason="adbc-driver-sqlite is not installed")


def rows(source: Source) -> list[dict[str, object]]:
    return pa.Table.from_batches(source.batches(), schema=source.schema).to_pylist()


def refusal(data: object) -> str:
    with pytest.raises(DataError) as caught:
        rows(open_source(data, what="current window"))
    said = str(caught.value)
    assert said.startswith("current window ")
    assert "\n" not in said
    assert "a-value" not in said
    return said


@pytest.fixture
def lite(tmp_path: Path) -> Callable[..., str]:
    """Return a function that makes an SQLite table of rows and returns its URL."""

    def make(declared: str, values: list[tuple[object, ...]], table: str = "log") -> str:
        with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
            connection.execute(f'CREATE TABLE "{table}" ({declared})')
            for row in values[:1]:
                connection.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(row))})', values)
            connection.commit()
        return f"sqlite:///{tmp_path}/a.db"

    return make


@pytest.fixture
def duck(tmp_path: Path) -> Callable[[str], str]:
    def make(statements: str) -> str:
        with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
            connection.execute(statements)
        return f"duckdb:///{tmp_path}/a.duckdb"

    return make


def test_a_table_a_query_and_their_columns(lite: Callable[..., str], duck: Callable[[str], str]) -> None:
    first = lite("n INTEGER, s TEXT", [(1, "x"), (2, None)])
    second = duck("CREATE TABLE log AS SELECT * FROM (VALUES (1, 'x'), (2, NULL)) AS t(n, s)")
    for url in (first, second):
        source = open_source(url + "#log")
        assert isinstance(source, Source)
        assert (source.name, known_rows(source)) == (url + "#log", 2)
        assert rows(source) == rows(source) == [{"n": 1, "s": "x"}, {"n": 2, "s": None}]
        assert [b.schema.names for b in source.batches(["s"])] == [["s"]]
        assert [(b.num_rows, b.num_columns) for b in source.batches([]) if b.num_rows] == [(2, 0)]
        asked = open_source(url + "#SELECT n * 2 AS \"twice n\" FROM log WHERE s IS NULL OR s = ';' -- why not")
        assert rows(asked) == [{"twice n": 4}]
        assert rows(open_sql(url, query="SELECT max(n) AS m FROM log;")) == [{"m": 2}]
        assert rows(open_sql(url, table="log", name="my log")) == rows(source)


def test_sqlite_finds_a_type_over_all_values(lite: Callable[..., str]) -> None:
    late = [(None, None, None, None, None, 1, None)] * 140_000
    last = (2**62, 0.5, "x", "2026-01-01 10:00:00.5", "2026-01-01T10:00:00Z", 0, 1)
    url = lite("i, r, t, local, zoned, flag BOOLEAN, mixed", [*late, last, (None, 1, "", None, None, None, -math.inf)])
    source = open_source(url + "#log")
    found = rows(source)
    assert len(found) == known_rows(source) == 140_002
    assert found[-2] == {
        "i": 2**62,
        "r": 0.5,
        "t": "x",
        "local": datetime(2026, 1, 1, 10, 0, 0, 500_000),
        "zoned": datetime(2026, 1, 1, 10, tzinfo=UTC),
        "flag": False,
        "mixed": 1.0,
    }
    assert found[-1] == {**dict.fromkeys(found[0]), "r": 1.0, "t": "", "mixed": -math.inf}
    assert found[0] == {**dict.fromkeys(found[0]), "flag": True}


def test_sqlite_columns_of_mixed_types_are_refused(lite: Callable[..., str]) -> None:
    url = lite("a, b", [(1, 1), ("a-value", 2.5), (b"a-value", 3)])
    assert "column 'a' holds whole numbers (1 rows) and text (1 rows) and blobs (1 rows)" in (
        said := refusal(url + "#log")
    )
    assert 'query it as CAST("a" AS TEXT) or AS REAL' in said
    assert [row["b"] for row in rows(open_source(url + "#SELECT b FROM log"))] == [1.0, 2.5, 3.0]


def test_duckdb_types(duck: Callable[[str], str]) -> None:
    url = duck(
        """CREATE TABLE log AS SELECT sum(x) AS total, count(x) AS n, sum((x > 1)::INT) AS truths,
        1.50::DECIMAL(9, 2) AS price,
        7::DECIMAL(18, 0) AS whole, '00000000-0000-0000-0000-00000000000a'::UUID AS id, INTERVAL 1 DAY AS span,
        'a'::ENUM('a', 'b') AS mood, TIMESTAMPTZ '2026-01-01 10:00:00Z' AS at, [1, 2] AS list, 'NaN'::DOUBLE AS odd,
        '101'::BIT AS bits, '{"a":1}'::JSON AS doc FROM (VALUES (1), (2)) AS t(x)"""
    )
    source = open_source(url + "#log")
    [row] = rows(source)
    assert math.isnan(row.pop("odd"))  # type: ignore[arg-type]
    assert row.pop("at") == datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert row == {
        "total": 3.0,
        "n": 2,
        "truths": 1.0,
        "price": 1.5,
        "whole": 7,
        "id": "00000000-0000-0000-0000-00000000000a",
        "span": "1 day",
        "mood": "a",
        "list": [1, 2],
        "bits": "101",
        "doc": '{"a":1}',
    }
    assert [str(source.schema.field(n).type) for n in ("total", "n", "truths", "whole")] == ["double", "int64"] * 2


def test_reading_changes_nothing(lite: Callable[..., str], duck: Callable[[str], str], tmp_path: Path) -> None:
    urls = [lite("n", [(1,)]), duck("CREATE TABLE log AS SELECT 1 AS n")]
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    for url in urls:
        assert rows(open_source(url + "#log")) == [{"n": 1}]
        assert "two statements, of which only one can be read" in refusal(url + "#SELECT 1 AS n; DROP TABLE log")
        assert "neither a table nor a query" in refusal(url + "#DELETE FROM log")
        refusal(url + "#WITH a AS (DELETE FROM log RETURNING n) SELECT n FROM a")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_what_is_wrong_is_one_line(lite: Callable[..., str], duck: Callable[[str], str], tmp_path: Path) -> None:
    made = [lite("n", [(1,)]), duck("CREATE TABLE log AS SELECT 1 AS n; CREATE TABLE words AS SELECT 'a-value' AS s")]
    lite("n", [], table="empty")
    duck("CREATE TABLE empty (n INT)")
    for url in made:
        assert refusal(url + "#lgo").endswith("no such table as 'lgo'. Did you mean 'log'?")
        assert "no such table as 'zzz'. It has 'empty', 'log'" in refusal(url + "#zzz")
        assert "no rows; check the table or the query" in refusal(url + "#empty")
        assert "nope" in refusal(url + "#SELECT nope FROM log")
        assert "syntax error" in refusal(url + "#SELECT n FRM log")
        assert "nothing to read; write a table or a query behind #" in refusal(url)
        other = url.replace("/a.", "/b.")
        assert "no such database file. Did you mean 'a." in refusal(other + "#log")
        assert not list(tmp_path.glob("b.*"))
        assert "three slashes" in refusal(url.replace("////", "//") + "#log")
        assert "a folder, not a database file" in refusal(f"{url.partition(':')[0]}:///{tmp_path}#log")
        assert "an absolute path has four slashes" in refusal(url.replace("////", "///") + "#log")
    assert "a value cannot be converted or computed" in refusal(made[1] + "#SELECT s::INT AS n FROM words")
    for kind, name in (("sqlite", "SQLite"), ("duckdb", "DuckDB")):
        (tmp_path / "text").write_text("a-value" * 1000)
        assert f"not {'an' if kind == 'sqlite' else 'a'} {name} database" in refusal(f"{kind}:///{tmp_path}/text#log")
    assert "a URL that pathlib folded to one slash" in refusal(Path(made[0] + "#log"))


def test_without_the_extra_the_way_to_it_is_said(lite: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    url = lite("n", [(1,)])
    monkeypatch.setattr("dawnwatch.sources.sql.find_spec", lambda name: None)
    assert refusal(url + "#log").endswith("reading databases needs their drivers: pip install 'dawnwatch[sql]'")


def test_a_database_open_elsewhere_for_writing_is_said(duck: Callable[[str], str], tmp_path: Path) -> None:
    url = duck("CREATE TABLE log AS SELECT 1 AS n")
    with duckdb.connect(str(tmp_path / "a.duckdb")):
        assert "open for writing in this program" in refusal(url + "#log")


def test_a_relation_is_streamed_and_run_again() -> None:
    with duckdb.connect() as connection:
        relation = connection.sql("SELECT i, sum((i > 1)::INT) OVER () AS s, NULL AS z FROM range(300000) AS t(i)")
        source = open_source(relation, what="reference")
        assert isinstance(source, StreamSource)
        assert source.name == "DuckDB DuckDBPyRelation"
        assert [str(type_) for type_ in source.schema.types][:2] == ["int64", "double"]
        sizes = [batch.num_rows for batch in source.batches(["i"])]
        assert (sum(sizes), len(sizes) > 1) == (300_000, True)
        assert sum(batch.num_rows for batch in source.batches([])) == 300_000
        next(iter(source.batches()))  # a reading that is given up does not stand in the way of the next
        assert next(iter(source.batches(["s"]))).column("s")[0].as_py() == 299_998.0
        assert "no rows" in refusal(connection.sql("SELECT 1 AS n WHERE false"))
        once = pa.table({"a": [1]}).to_reader()
        assert "it can be read only once" in refusal(connection.sql("SELECT * FROM once")), once


def test_importing_the_package_imports_no_driver() -> None:
    import subprocess

    code = "import sys, dawnwatch.sources; print({'duckdb', 'deltalake', 'adbc_driver_manager'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "set()"
