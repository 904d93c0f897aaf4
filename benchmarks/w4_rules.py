"""W4: nulls, ranges and exact duplicates on a key of three columns, ten million rows of twenty columns."""

from __future__ import annotations

from typing import Any

from benchmarks import data, ours
from benchmarks.limits import decode
from benchmarks.peers.line import Task, Timed
from benchmarks.work import Contestant, Group, Scale, Target, Work

__all__ = ["WORK", "decode", "rules"]

ROWS = 10_000_000
KEYS = ["user", "item", "seen_at"]
BOUNDED = [name for name in data.columns_of(data.rule_bound) if name[0] == "v"]


def rules(task: Task) -> Timed:
    """A monitor whose configuration has only these; `parts` leaves some out."""
    parts = task.get("parts", ["ranges", "keys"])
    tables: dict[str, Any] = {}
    if "ranges" in parts:
        tables["columns"] = {name: {"range": {"min": 0, "max": 1}} for name in BOUNDED}
    if "keys" in parts:
        tables["roles"] = {"keys": KEYS}
    monitor = ours.fitted(tables, task["reference"])
    monitor.check(task["warm"])

    def timed() -> dict[str, Any]:
        seen = monitor.observe(task["current"])
        monitor.judge(seen)
        found: dict[str, Any] = dict(ours.counted(seen))
        return found if "keys" in parts else {name: n for name, n in found.items() if name != "repeats"}

    return timed


def _data(rows: int, reference: int) -> dict[str, Any]:
    return {
        "reference": str(data.single("w4-reference", reference, data.rule_bound)),
        "warm": str(data.single("w4-warm", 1000, data.rule_bound)),
        "current": str(data.single("w4", rows, data.rule_bound)),
        "keys": KEYS,
        "bounded": BOUNDED,
    }


OURS, NO_KEYS = "dawnwatch", "dawnwatch, no duplicates"
POLARS, DUCKDB, PANDAS = "Polars, streaming", "DuckDB", "pandas, from Parquet"
PANDERA, GX = "pandera, from a frame", "Great Expectations, from a frame"


def _groups(scale: Scale) -> list[Group]:
    size, reference, small = scale.rows(ROWS), scale.rows(ROWS // 100), scale.rows(ROWS // 10)
    whole = (
        Contestant(
            OURS, "w4_rules:rules", note="and schema, wrong types, empty strings, infinities, examples of faults"
        ),
        Contestant(NO_KEYS, "w4_rules:rules", settings={"parts": ["ranges"]}),
        Contestant(POLARS, "columnar:polars_rules", "columnar", packages=("polars",)),
        Contestant(DUCKDB, "columnar:duckdb_rules", "columnar", packages=("duckdb",)),
        Contestant(PANDAS, "columnar:pandas_rules", "columnar"),
        Contestant("pandas, from a frame", "columnar:pandas_rules", "columnar", settings={"in_memory": True}),
        Contestant(PANDERA, "pandera_rules:duplicates", "pandera", packages=("pandera",), note="duplicates alone"),
        Contestant("limit: decode", "w4_rules:decode", limit=True),
    )
    tenth = (
        Contestant(OURS, "w4_rules:rules", note="from Parquet, reading included"),
        Contestant(
            GX, "expectations_rules:rules", "great-expectations", packages=("great-expectations",), note="all rules"
        ),
        Contestant(PANDERA, "pandera_rules:duplicates", "pandera", packages=("pandera",), note="duplicates alone"),
        Contestant("pandas, from a frame", "columnar:pandas_rules", "columnar", settings={"in_memory": True}),
    )
    agree = ("nulls", "out of range", "repeats")
    return [
        Group("10 M", size, lambda: _data(size, reference), whole, OURS, agree),
        Group(
            "1 M",
            small,
            lambda: _data(small, reference),
            tenth,
            OURS,
            agree,
            note="Great Expectations is measured at a tenth of the rows; ten times its time is an extrapolation.",
        ),
    ]


WORK = Work(
    "W4",
    "Nulls, ranges and duplicates on a 3-column key, 10 M rows × 20 columns",
    _groups,
    (
        Target("as fast as Polars, which does these alone", lambda f: f.times("10 M", POLARS, OURS), 1),
        Target("as fast as DuckDB, which does these alone", lambda f: f.times("10 M", DUCKDB, OURS), 1),
        Target("faster than pandas, both from Parquet", lambda f: f.times("10 M", PANDAS, OURS), 2),
        Target("faster than pandera's duplicates alone", lambda f: f.times("10 M", PANDERA, OURS), 2),
        Target("faster than Great Expectations", lambda f: f.times("1 M", GX, OURS), 10),
    ),
)
