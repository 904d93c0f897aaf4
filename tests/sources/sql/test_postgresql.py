"""PostgreSQL, for real: types, columns, read-only, and what a fault says."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from dawnwatch.errors import DataError
from dawnwatch.sources import Source, open_source
from dawnwatch.sources.base import known_rows
from tests.databases import ENCODED, PASSWORD, postgresql

dbapi = pytest.importorskip("adbc_driver_postgresql.dbapi", reason="adbc-driver-postgresql is not installed")

MAKE = """
CREATE TYPE mood AS ENUM ('calm', 'wild');
CREATE SCHEMA "Odd one";
CREATE TABLE "Odd one"."my.table" (n int);
INSERT INTO "Odd one"."my.table" VALUES (7);
CREATE TABLE empty (n int);
CREATE TABLE words AS SELECT 'a-value'::text AS s;
CREATE SEQUENCE counter;
CREATE TABLE log AS SELECT
  9007199254740993::bigint + g AS big, g % 2 = 0 AS flag, (g * 1.5)::numeric(10, 2) AS price,
  g::numeric(18, 0) AS whole, 'NaN'::numeric AS odd, '00000000-0000-0000-0000-00000000000a'::uuid AS id,
  '{"a": 1}'::jsonb AS doc, 'calm'::mood AS mood, ARRAY[1.5::numeric, 2] AS prices, ARRAY['a', NULL] AS words,
  timestamptz '2026-01-01 12:00:00+02' AS at, timestamp '2026-01-01 12:00:00.5' AS local, date '2026-01-01' AS day,
  interval '1 day' AS span, '12.34'::money AS paid, 3000000000::oid AS oid, '1.1.1.1'::inet AS host,
  'NaN'::float8 AS x, '-Infinity'::real AS y, NULL::text AS nothing, '' AS "Empty ""text"" now"
FROM generate_series(0, 4) AS g;
"""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with postgresql() as address:
        with dbapi.connect(address) as connection, connection.cursor() as cursor:
            for statement in filter(str.strip, MAKE.split(";\n")):
                cursor.execute(statement)
            connection.commit()
        yield address


def rows(source: Source) -> list[dict[str, object]]:
    return pa.Table.from_batches(source.batches(), schema=source.schema).to_pylist()


def refusal(url: str) -> str:
    with pytest.raises(DataError) as caught:
        rows(open_source(url, what="current window"))
    said = str(caught.value)
    assert said.startswith("current window postgresql://")
    assert "\n" not in said
    assert not any(secret in said for secret in (PASSWORD, ENCODED, "a-value"))
    return said


def test_every_type_has_its_plain_one(url: str) -> None:
    source = open_source(url + "#log")
    assert source.name == url.replace(ENCODED, "***") + "#log"
    first = rows(source)[0]
    assert math.isnan(first.pop("odd"))  # type: ignore[arg-type]
    assert math.isnan(first.pop("x"))  # type: ignore[arg-type]
    assert first == {
        "big": 9007199254740993,
        "flag": True,
        "price": 0.0,
        "whole": 0,
        "id": "00000000-0000-0000-0000-00000000000a",
        "doc": '{"a": 1}',
        "mood": "calm",
        "prices": [1.5, 2.0],
        "words": ["a", None],
        "at": datetime(2026, 1, 1, 10, tzinfo=UTC),
        "local": datetime(2026, 1, 1, 12, 0, 0, 500_000),
        "day": date(2026, 1, 1),
        "span": "1 day",
        "paid": 12.34,
        "oid": 3_000_000_000,
        "host": "1.1.1.1/32",
        "y": -math.inf,
        "nothing": None,
        'Empty "text" now': "",
    }
    assert source.schema.field("whole").type == pa.int64()
    assert known_rows(source) is None
    assert [row["big"] for row in rows(source)] == [9007199254740993 + g for g in range(5)]


def test_tables_and_queries_are_told_apart(url: str) -> None:
    assert rows(open_source(url + '#"Odd one"."my.table"')) == [{"n": 7}]
    assert open_source(url + "#public.log").schema == open_source(url + "#log").schema
    query = '#WITH a AS (SELECT \';\' AS s, n FROM "Odd one"."my.table") SELECT s, n % 5 AS n FROM a; -- the end'
    source = open_source(url + query)
    assert rows(source) == rows(source) == [{"s": ";", "n": 2}]
    assert [batch.to_pylist() for batch in source.batches(["n"])] == [[{"n": 2}]]
    assert [(b.num_rows, b.num_columns) for b in source.batches([])] == [(1, 0)]


def test_long_tables_come_in_batches(url: str) -> None:
    source = open_source(url + "#SELECT g, repeat('x', 100) AS s FROM generate_series(1, 300000) AS g")
    sizes = [batch.num_rows for batch in source.batches()]
    assert sum(sizes) == 300_000
    assert len(sizes) > 1


def test_nothing_can_be_written(url: str) -> None:
    assert "read-only transaction" in refusal(url + "#SELECT nextval('counter') AS n")
    assert "two statements" in refusal(url + "#SELECT 1 AS n; DROP TABLE log")
    assert "check the query" in refusal(url + "#SELECT 1 AS n) AS a, (DELETE FROM log RETURNING 1")
    assert rows(open_source(url + "#SELECT count(*) AS n FROM log")) == [{"n": 5}]


def test_what_is_wrong_is_one_line(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(url + "#logs").endswith("no such table as 'logs'. Did you mean 'log'?")
    assert 'column "nope" does not exist' in refusal(url + "#SELECT nope FROM log")
    assert 'invalid input syntax for type integer: "..."; check the query' in refusal(
        url + "#SELECT s::int AS n FROM words"
    )
    assert "no rows; check the table or the query" in refusal(url + "#empty")
    assert "'a' is there twice" in refusal(url + "#SELECT 1 AS a, 2 AS a")
    assert "nothing to read; write a table or a query behind #" in refusal(url)
    assert "neither a table nor a query" in refusal(url + "#DROP TABLE log")
    wrong = url.replace(ENCODED, "a-value")
    assert 'password authentication failed for user "ann"; check user and password' in refusal(wrong + "#log")
    assert 'database "nodb" does not exist' in refusal(url.replace("/postgres", "/nodb") + "#log")
    assert "Connection refused" in refusal("postgresql://ann:a-value@127.0.0.1:1/db#log")
    assert "check the URL" in refusal("postgresql://ann:a-value@[::1/db?bad=a-value#log")
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    assert known_rows(open_source(url.replace(f":{ENCODED}", "") + "#log")) is None
