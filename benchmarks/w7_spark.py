"""W7: the kernel on Spark's executors, beside the same cubes counted by Spark SQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks import data, ours
from benchmarks.peers.line import Task, Timed
from benchmarks.work import Contestant, Group, Scale, Target, Work

__all__ = ["WORK", "arrow_only", "dawnwatch", "here", "sql_repeats", "sql_stacked", "sql_union"]

ROWS, REFERENCE = 20_000_000, 1_000_000
FEATURES = [name for name in data.columns_of(data.predictions) if name[0] in "xc"]
SCORE_BINS = 256


def _tables(task: Task) -> dict[str, Any]:
    roles: dict[str, Any] = {"label": "label", "score": "score", "slices": ["c3"]}
    if task.get("keys"):
        roles["keys"] = ["event_id"]
    return {"roles": roles, "columns": {name: {"monitor": True} for name in FEATURES}}


def _engine(task: Task) -> Any:
    from dawnwatch.engines import SparkEngine

    return SparkEngine(task["master"], config={"spark.driver.memory": "4g"})


def _measured(call: Any, warm: str, current: str) -> Timed:
    """Warm up on the reference's million rows: Java compiles what it runs often, and Python workers start."""
    call(warm)

    return lambda: call(current)


def dawnwatch(task: Task) -> Timed:
    """Observe the window on Spark, on a monitor that was fitted before."""
    from dawnwatch.engines import open_data

    monitor, engine = ours.fitted(_tables(task), task["reference"]), _engine(task)

    def observe(path: str) -> dict[str, Any]:
        profile = monitor.observe(open_data(path, engine=engine)).current.profile
        repeats = {} if profile.repeats is None else {"repeats": profile.repeats.repeats}
        return {"rows": profile.rows, **repeats}

    return _measured(observe, task["reference"], task["current"])


def here(task: Task) -> Timed:
    """Observe the window without Spark."""
    monitor = ours.fitted(_tables(task), task["reference"])
    return _measured(
        lambda path: {"rows": monitor.observe(path).current.profile.rows}, task["reference"], task["current"]
    )


def arrow_only(task: Task) -> Timed:
    """Let Spark hand all rows to Python, where they are but counted."""
    session = _engine(task).session()

    def count(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        yield pa.RecordBatch.from_pydict({"rows": [sum(batch.num_rows for batch in batches)]})

    def run(path: str) -> dict[str, Any]:
        counted = session.read.parquet(path).mapInArrow(count, "rows long").collect()
        return {"rows": sum(row[0] for row in counted)}

    return _measured(run, task["reference"], task["current"])


def sql_stacked(task: Task) -> Timed:
    """One aggregation over (feature, bin, label, score bin), each row standing once for each feature."""
    coded = _coder(task)

    def run(path: str) -> dict[str, Any]:
        pairs = ", ".join(f"{i}, b_{name}" for i, name in enumerate(FEATURES))
        stacked = coded(path).selectExpr(f"stack({len(FEATURES)}, {pairs}) AS (feature, bin)", "label", "s")
        return _cells(stacked.groupBy("feature", "bin", "label", "s").count())

    return _measured(run, task["reference"], task["current"])


def sql_union(task: Task) -> Timed:
    """One aggregation for each feature, in one query."""
    from functools import reduce

    coded = _coder(task)

    def run(path: str) -> dict[str, Any]:
        frame = coded(path)
        cubes = [
            frame.selectExpr(f"{i} AS feature", f"b_{name} AS bin", "label", "s")
            .groupBy("feature", "bin", "label", "s")
            .count()
            for i, name in enumerate(FEATURES)
        ]
        return _cells(reduce(lambda a, b: a.unionAll(b), cubes))

    return _measured(run, task["reference"], task["current"])


def sql_repeats(task: Task) -> Timed:
    """How many rows' keys stood before, by SQL alone."""
    session = _engine(task).session()

    def run(path: str) -> dict[str, Any]:
        keys = session.read.parquet(path).groupBy("event_id").count()
        return {"repeats": keys.selectExpr("sum(count - 1)").collect()[0][0]}

    return _measured(run, task["reference"], task["current"])


def _coder(task: Task) -> Any:
    """Return what reads a path with every feature's bin of our plan, as SQL; scores in bins of equal width."""
    session = _engine(task).session()
    plan = ours.fitted(_tables(task), task["reference"]).observe(task["reference"]).current.plan
    columns = [f"{_bin(plan.column(name))} AS b_{name}" for name in FEATURES]
    score = f"least(int(score * {SCORE_BINS}), {SCORE_BINS - 1}) AS s"
    return lambda path: session.read.parquet(path).selectExpr(*columns, "label", score)


def _bin(column: Any) -> str:
    binning, name = column.binning, column.name
    if binning.kind == "numeric":
        whens = " ".join(f"WHEN {name} <= {edge!r}D THEN {i}" for i, edge in enumerate(binning.edges.tolist()))
        last = len(binning.edges)
        return f"CASE WHEN {name} IS NULL OR isnan({name}) THEN {last + 1} {whens} ELSE {last} END"
    known = ", ".join(f"'{text}', {code}" for text, code in binning.codes.items())
    found = f"coalesce(try_element_at(map({known}), {name}), {binning.other})"
    return f"CASE WHEN {name} IS NULL THEN {binning.missing} ELSE {found} END"


def _cells(cubes: Any) -> dict[str, Any]:
    found = cubes.collect()
    return {"rows": sum(row[4] for row in found) // len(FEATURES), "cells": len(found)}


def _data(rows: int, reference: int) -> dict[str, Any]:
    return {
        "reference": str(data.single("w2-reference", reference, data.predictions)),
        "current": str(data.folder("w2", rows, data.predictions, part_rows=min(1_000_000, reference))),
        "master": "local[2]",
    }


TWO, ONE = "dawnwatch on Spark, local[2]", "dawnwatch on Spark, local[1]"
KEYS = "dawnwatch on Spark, local[2], with duplicates"
STACKED, UNION = "Spark SQL, one aggregation of all features", "Spark SQL, one aggregation a feature"
SQL_KEYS = "Spark SQL, duplicates alone"
ONE_CORE = {"master": "local[1]"}
PYSPARK = ("pyspark",)
CONTESTANTS = (
    Contestant(TWO, "w7_spark:dawnwatch", packages=PYSPARK),
    Contestant(ONE, "w7_spark:dawnwatch", settings=ONE_CORE, packages=PYSPARK),
    Contestant(KEYS, "w7_spark:dawnwatch", settings={"keys": True}, packages=PYSPARK),
    Contestant(STACKED, "w7_spark:sql_stacked", packages=PYSPARK, note="the cubes alone, scores in equal bins"),
    Contestant(UNION, "w7_spark:sql_union", packages=PYSPARK, note="the cubes alone, scores in equal bins"),
    Contestant(SQL_KEYS, "w7_spark:sql_repeats", packages=PYSPARK),
    Contestant("dawnwatch without Spark", "w7_spark:here"),
    Contestant("limit: Spark hands the rows to Python", "w7_spark:arrow_only", packages=PYSPARK, limit=True),
)


def _groups(scale: Scale) -> list[Group]:
    rows, reference = scale.rows(ROWS), scale.rows(REFERENCE)
    return [Group("cubes", rows, lambda: _data(rows, reference), CONTESTANTS, TWO, agree=("rows", "repeats"))]


WORK = Work(
    "W7",
    "On Spark: 20 M rows × 12 columns, nine features",
    _groups,
    (
        Target("faster than the cubes in Spark SQL, one aggregation", lambda f: f.times("cubes", STACKED, TWO), 1),
        Target("faster than the cubes in Spark SQL, one a feature", lambda f: f.times("cubes", UNION, TWO), 1),
        Target("two cores over one", lambda f: f.times("cubes", ONE, TWO), 1.6),
    ),
    (
        "Spark SQL counts the cubes of features alone; ours also has the fine score table, counters, moments, "
        "checksums and examples. Both were warmed up on a million rows in the same process.",
    ),
)
