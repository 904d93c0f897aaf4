"""One awkward table through every kind of source: whatever can hold a value gives the same counts of it.

What a kind of source cannot hold is stated beside it, and only then left out:

- CSV and JSON Lines have no float32: 0.1 in single precision is written as another number than 0.1
- JSON Lines, SQLite and NumPy-backed pandas have no NaN apart from null (pandas means null by it)
- a whole number beside a null is a float in NumPy-backed pandas, and loses its digits beyond 2**53
- SQLite has neither float32 nor decimals, and a column's type is that of its values
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from dawnwatch import Config, Monitor
from tests.databases import postgresql

ROWS = 400
CYCLES: dict[str, list[Any]] = {
    "wide": [2**53 + 1, 2**53 + 2, -(2**62), 0, None],
    "double": [0.1, 2.0, math.nan, math.inf, -math.inf, None, -0.0],
    "single": [0.1, 0.2, 1e30, None],
    "text": ["", "Ünï 中", "a,b", 'say "x"', "line\nbreak", "NA", " pad ", None],
    "coded": ["free", "paid", "trial", "free", None],
    "flag": [True, False, True, None],
    "at": [datetime(2026, 1, 1, 0, 0, 1, 500_000), datetime(1969, 12, 31, 23), None],
    "instant": [datetime(2026, 1, 1, 12, 0, 0, 250_000, tzinfo=UTC), None],
    "price": [Decimal("1.10"), Decimal("-2.00"), Decimal("99.99"), None],
}
TYPES = {
    "wide": pa.int64(),
    "double": pa.float64(),
    "single": pa.float32(),
    "text": pa.string(),
    "coded": pa.dictionary(pa.int8(), pa.string()),
    "flag": pa.bool_(),
    "at": pa.timestamp("us"),
    "instant": pa.timestamp("us", "UTC"),
    "price": pa.decimal128(6, 2),
}


def awkward() -> pa.Table:
    columns = {name: pa.array([cycle[i % len(cycle)] for i in range(ROWS)]) for name, cycle in CYCLES.items()}
    table = pa.table({name: _as(column, TYPES[name]) for name, column in columns.items()})
    label = [int(i % 3 == 0) for i in range(ROWS)]
    return table.append_column("label", [label]).append_column("score", [[(i * 7 % 100) / 128 for i in range(ROWS)]])


def _as(column: pa.Array, type_: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(type_):
        coded = column.dictionary_encode()
        return pa.DictionaryArray.from_arrays(coded.indices.cast(pa.int8()), coded.dictionary)
    return column.cast(type_)


TABLE = awkward()


def parquet(folder: Path) -> Path:
    pq.write_table(TABLE, folder / "a.parquet", row_group_size=150)
    return folder / "a.parquet"


def ipc(folder: Path) -> Path:
    feather.write_feather(TABLE, folder / "a.feather", chunksize=90)
    return folder / "a.feather"


def delimited(folder: Path) -> Path:
    csv.write_csv(TABLE, folder / "a.csv")
    return folder / "a.csv"


def json_lines(folder: Path) -> Path:
    def plain(value: object) -> object:
        if isinstance(value, datetime):
            return value.isoformat(timespec="milliseconds")
        return float(value) if isinstance(value, Decimal) else value

    rows = [{name: plain(value) for name, value in row.items() if name != "double"} for row in TABLE.to_pylist()]
    (folder / "a.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    return folder / "a.jsonl"


def pandas_numpy(folder: Path) -> object:
    return TABLE.to_pandas()


def pandas_arrow(folder: Path) -> object:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    return TABLE.to_pandas(types_mapper=pandas.ArrowDtype)


def polars(folder: Path) -> object:
    return pytest.importorskip("polars", reason="polars is not installed").from_arrow(TABLE)


def arrow_large(folder: Path) -> pa.Table:
    """Other widths, units and zones of the same values, in several chunks."""
    other = {
        "text": pa.large_string(),
        "coded": pa.string(),
        "at": pa.timestamp("ns"),
        "instant": pa.timestamp("ms", "+02:00"),
        "price": pa.decimal128(20, 4),
    }
    changed = pa.table({name: TABLE[name].cast(other.get(name, TABLE[name].type)) for name in TABLE.column_names})
    return pa.concat_tables([changed.slice(0, 130), changed.slice(130)])


def duckdb_relation(folder: Path) -> object:
    return pytest.importorskip("duckdb", reason="duckdb is not installed").from_arrow(TABLE)


def duckdb_file(folder: Path) -> str:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    with duckdb.connect(str(folder / "a.duckdb")) as connection:
        connection.register("given", TABLE)
        connection.execute("CREATE TABLE log AS SELECT * FROM given")
    return f"duckdb:///{folder}/a.duckdb#log"


def sqlite(folder: Path) -> str:
    pytest.importorskip("adbc_driver_sqlite", reason="adbc-driver-sqlite is not installed")

    def stored(value: object) -> object:
        return value.isoformat(" ") if isinstance(value, datetime) else value

    kept = [name for name in TABLE.column_names if name not in {"double", "single", "price"}]
    with closing(sqlite3.connect(folder / "a.db")) as connection:
        declared = ", ".join(f"{name} BOOLEAN" if name == "flag" else name for name in kept)
        connection.execute(f"CREATE TABLE log ({declared})")
        rows = [[stored(row[name]) for name in kept] for row in TABLE.to_pylist()]
        connection.executemany(f"INSERT INTO log VALUES ({', '.join('?' * len(kept))})", rows)
        connection.commit()
    return f"sqlite:///{folder}/a.db#log"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    dbapi = pytest.importorskip("adbc_driver_postgresql.dbapi", reason="adbc-driver-postgresql is not installed")
    with postgresql() as url:
        with dbapi.connect(url) as connection, connection.cursor() as cursor:
            text = TABLE.set_column(TABLE.column_names.index("price"), "price", TABLE["price"].cast(pa.string()))
            text = text.set_column(text.column_names.index("coded"), "coded", text["coded"].cast(pa.string()))
            cursor.adbc_ingest("log", text)
            cursor.execute("ALTER TABLE log ALTER COLUMN price TYPE numeric(6, 2) USING price::numeric")
            connection.commit()
        yield url + "#log"


LACKS: dict[Callable[[Path], object], set[str]] = {
    parquet: set(),
    ipc: set(),
    delimited: {"single"},
    json_lines: {"single", "double"},
    pandas_numpy: {"double", "wide"},
    pandas_arrow: set(),
    polars: set(),
    arrow_large: set(),
    duckdb_relation: set(),
    duckdb_file: set(),
    sqlite: {"single", "double", "price"},
}


@pytest.fixture(scope="module")
def monitor() -> Monitor:
    watched = {name: {"monitor": True} for name in CYCLES if name not in {"at", "instant"}}
    roles = {"label": "label", "score": "score"}
    config = {"roles": roles, "columns": watched | {"at": {"required": True}, "instant": {"required": True}}}
    return Monitor(Config.from_dict(config)).fit(TABLE)


@pytest.fixture(scope="module")
def expected(monitor: Monitor) -> Any:
    return monitor.observe(TABLE).current


def agree(monitor: Monitor, expected: Any, source: object, lacks: set[str]) -> None:
    found = monitor.observe(source).current
    assert found.profile.rows == ROWS
    np.testing.assert_array_equal(found.profile.scores, expected.profile.scores)
    for name in CYCLES.keys() - lacks:
        mine, theirs = found.profile.columns[name], expected.profile.columns[name]
        assert found.types[name] == expected.types[name], name
        assert (mine["null"], mine["nan"]) == (theirs["null"], theirs["nan"]), name
        assert (mine.cube is None) == (theirs.cube is None), name
        if theirs.cube is not None:
            np.testing.assert_array_equal(mine.cube, theirs.cube, err_msg=name)


@pytest.mark.parametrize("make", LACKS, ids=lambda make: make.__name__)
def test_every_source_gives_the_same_counts(
    monitor: Monitor, expected: Any, tmp_path: Path, make: Callable[[Path], object]
) -> None:
    agree(monitor, expected, make(tmp_path), LACKS[make])


def test_postgresql_gives_the_same_counts(monitor: Monitor, expected: Any, server: str) -> None:
    agree(monitor, expected, server, set())


def test_the_counts_are_of_what_was_put_in(expected: Any) -> None:
    nulls = {name: sum(cycle[i % len(cycle)] is None for i in range(ROWS)) for name, cycle in CYCLES.items()}
    assert {name: expected.profile.columns[name]["null"] for name in CYCLES} == nulls
    assert expected.profile.columns["double"]["nan"] == sum(i % 7 == 2 for i in range(ROWS))
    assert expected.profile.columns["text"]["empty"] == ROWS // 8


def test_nan_is_neither_small_nor_large(monitor: Monitor) -> None:
    """Databases put NaN above all numbers, NumPy beside them: it must be counted the same, and never as a value."""
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    values = pa.table({"double": [math.nan, 2.0, None, math.inf] * 100})
    rest = TABLE.drop_columns(["double"])
    table = rest.append_column("double", values["double"])
    relation = duckdb.from_arrow(table)
    here, there = (monitor.observe(data).current.profile.columns["double"] for data in (table, relation))
    assert (here["null"], here["nan"]) == (there["null"], there["nan"]) == (100, 100)
    np.testing.assert_array_equal(here.cube, there.cube)
