"""Polars, DuckDB and pandas: the simple aggregates, and the rules of a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from line import Task, Timed, main


def _files(path: str) -> str:
    return f"{path}/*.parquet" if Path(path).is_dir() else path


def polars_aggregates(task: Task) -> Timed:
    """One streaming collection of all queries, which share their scan."""
    import polars as pl
    import polars.selectors as cs

    def run(path: str) -> dict[str, Any]:
        scan = pl.scan_parquet(_files(path))
        texts = [n for n, kind in scan.collect_schema().items() if kind == pl.String]
        numbers = cs.numeric()
        whole = scan.select(
            pl.len().alias("rows"),
            pl.all().null_count().name.suffix(" nulls"),
            numbers.mean().name.suffix(" mean"),
            numbers.min().name.suffix(" min"),
            numbers.max().name.suffix(" max"),
        )
        found = pl.collect_all([whole, *(scan.group_by(n).len() for n in texts)], engine="streaming")
        first = found[0].row(0, named=True)
        counts = sum(t.filter(pl.col(n).is_not_null())["len"].sum() for n, t in zip(texts, found[1:], strict=True))
        nulls = sum(v for n, v in first.items() if n.endswith(" nulls"))
        return {"rows": first["rows"], "nulls": nulls, "values counted": counts}

    run(task["warm"])
    return lambda: run(task["current"])


def duckdb_aggregates(task: Task) -> Timed:
    """One query, one scan; `histogram` counts the values."""
    import duckdb

    connection = duckdb.connect()

    def run(path: str) -> dict[str, Any]:
        source = f"read_parquet('{_files(path)}')"
        kinds = dict(connection.execute(f"select column_name, column_type from (describe from {source})").fetchall())
        texts = [n for n, kind in kinds.items() if kind == "VARCHAR"]
        parts = ["count(*)", *(f"count({n})" for n in kinds)]
        parts += [f"{f}({n})" for n in kinds if n not in texts for f in ("avg", "min", "max")]
        parts += [f"histogram({n})" for n in texts]
        row = connection.execute(f"select {', '.join(parts)} from {source}").fetchone()
        rows, held, counts = row[0], row[1 : 1 + len(kinds)], row[len(row) - len(texts) :]
        return {
            "rows": rows,
            "nulls": sum(rows - n for n in held),
            "values counted": sum(sum(histogram.values()) for histogram in counts),
        }

    run(task["warm"])
    return lambda: run(task["current"])


def polars_rules(task: Task) -> Timed:
    """Nulls, ranges, and repeats of the key, streaming."""
    import polars as pl

    def run(path: str) -> dict[str, Any]:
        scan = pl.scan_parquet(_files(path))
        bounded, keys = task["bounded"], task["keys"]
        rules = scan.select(
            pl.sum_horizontal(pl.all().null_count()).alias("nulls"),
            pl.sum_horizontal(
                *((pl.col(n) < 0).sum() + (pl.col(n) > 1).sum() for n in bounded),
            ).alias("out of range"),
        )
        repeats = scan.group_by(keys).len().select((pl.col("len").cast(pl.Int64) - 1).sum().alias("repeats"))
        first, second = pl.collect_all([rules, repeats], engine="streaming")
        return {**first.row(0, named=True), **second.row(0, named=True)}

    run(task["warm"])
    return lambda: run(task["current"])


def duckdb_rules(task: Task) -> Timed:
    """Nulls and ranges in one query, repeats of the key in another."""
    import duckdb

    connection = duckdb.connect()

    def run(path: str) -> dict[str, Any]:
        source = f"read_parquet('{_files(path)}')"
        names = [n for n, *_ in connection.execute(f"describe from {source}").fetchall()]
        nulls = " + ".join(f"count(*) - count({n})" for n in names)
        outside = " + ".join(f"count(*) filter ({n} < 0 or {n} > 1)" for n in task["bounded"])
        first = connection.execute(f"select {nulls}, {outside} from {source}").fetchone()
        keys = ", ".join(task["keys"])
        again = f"select sum(n - 1) from (select count(*) as n from {source} group by {keys})"
        return {"nulls": first[0], "out of range": first[1], "repeats": int(connection.execute(again).fetchone()[0])}

    run(task["warm"])
    return lambda: run(task["current"])


def pandas_rules(task: Task) -> Timed:
    """The same by pandas: the frame read in the timed part, or before it where the task says `in_memory`."""
    import pandas as pd

    def run(frame: pd.DataFrame) -> dict[str, Any]:
        bounded = frame[task["bounded"]]
        return {
            "nulls": int(frame.isna().sum().sum()),
            "out of range": int(((bounded < 0) | (bounded > 1)).sum().sum()),
            "repeats": int(frame.duplicated(task["keys"]).sum()),
        }

    run(pd.read_parquet(task["warm"]))
    if not task.get("in_memory"):
        return lambda: run(pd.read_parquet(task["current"]))
    frame = pd.read_parquet(task["current"])
    return lambda: run(frame)


main({name: found for name, found in vars().items() if name.endswith(("_aggregates", "_rules"))})
