"""W4: nulls, ranges and exact duplicates on a key of three columns, ten million rows of twenty columns."""

from __future__ import annotations

from typing import Any

from benchmarks import data, ours
from benchmarks.limits import decode
from benchmarks.peers.line import Task, Timed
from benchmarks.work import DESIGN, Contestant, Group, Scale, Target, Work

__all__ = ["WORK", "decode", "rules"]

ROWS = 10_000_000
KEYS = ["user", "item", "seen_at"]
BOUNDED = [name for name in data.columns_of(data.rule_bound) if name[0] == "v"]


def rules(task: Task) -> Timed:
    """A monitor whose configuration has only these; `parts` leaves some out, `in_memory` starts from a frame."""
    parts = task.get("parts", ["ranges", "keys"])
    tables: dict[str, Any] = {}
    if "ranges" in parts:
        tables["columns"] = {name: {"range": {"min": 0, "max": 1}} for name in BOUNDED}
    if "keys" in parts:
        tables["roles"] = {"keys": KEYS}
    monitor = ours.fitted(tables, task["reference"])
    monitor.check(task["warm"])
    current = task["current"]
    if task.get("in_memory"):
        import pandas as pd

        current = pd.read_parquet(current)
        monitor.check(current.head(1000))
    left_out = {"ranges": "out of range", "keys": "repeats"}

    def timed() -> dict[str, Any]:
        seen = monitor.observe(current)
        monitor.judge(seen)
        counted = ours.counted(seen)
        return {name: n for name, n in counted.items() if all(name != left_out[p] or p in parts for p in left_out)}

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
ALONE, ALONE_FRAME = "dawnwatch, duplicates alone", "dawnwatch, duplicates alone, from a frame"
POLARS, DUCKDB, PANDAS = "Polars, streaming", "DuckDB", "pandas, from Parquet"
PANDERA, GX = "pandera, from a frame", "Great Expectations, from a frame"


def _groups(scale: Scale) -> list[Group]:
    size, reference, small = scale.rows(ROWS), scale.rows(ROWS // 100), scale.rows(ROWS // 10)
    whole = (
        Contestant(
            OURS, "w4_rules:rules", note="and schema, wrong types, empty strings, infinities, examples of faults"
        ),
        Contestant(NO_KEYS, "w4_rules:rules", settings={"parts": ["ranges"]}),
        Contestant(ALONE, "w4_rules:rules", settings={"parts": ["keys"]}, note="no ranges; the rest as above"),
        Contestant(ALONE_FRAME, "w4_rules:rules", settings={"parts": ["keys"], "in_memory": True}, note="as above"),
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
        Target(
            "all rules from Parquet, faster than Great Expectations from a frame",
            lambda f: f.times("1 M", GX, OURS),
            10,
            source=DESIGN,
        ),
        Target(
            "all rules from Parquet, faster than pandera's duplicates alone from a frame",
            lambda f: f.times("10 M", PANDERA, OURS),
            10,
            source=DESIGN,
        ),
        Target("… duplicates alone for both", lambda f: f.times("10 M", PANDERA, ALONE), 10, source=DESIGN),
        Target("… both from a frame", lambda f: f.times("10 M", PANDERA, ALONE_FRAME), 10, source=DESIGN),
        Target(
            "no slower than Polars, streaming, which does these alone",
            lambda f: f.times("10 M", POLARS, OURS),
            1,
            source=DESIGN,
        ),
    ),
)
