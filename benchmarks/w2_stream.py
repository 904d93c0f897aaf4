"""W2: all three pillars, every feature a slice, streamed from Parquet, from a million rows to a hundred million."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks import data, ours
from benchmarks.aggregates import arrow_numpy
from benchmarks.limits import decode
from benchmarks.peers.line import Task, Timed
from benchmarks.work import Contestant, Group, Scale, Target, Work

__all__ = ["WORK", "arrow_numpy", "check", "decode", "stored"]

MILLION = 1_000_000
SIZES = (1, 3, 10, 30, 100)
FEATURES = [name for name in data.columns_of(data.predictions) if name[0] in "xc"]


def _tables(task: Task) -> dict[str, Any]:
    roles: dict[str, Any] = {"label": "label", "score": "score", "slices": FEATURES}
    if task.get("keys"):
        roles["keys"] = ["event_id"]
    return {"roles": roles, "columns": {name: {"monitor": True} for name in FEATURES}}


def _told(monitor: Any, current: str) -> dict[str, Any]:
    start = time.perf_counter()
    seen = monitor.observe(current)
    observed = time.perf_counter() - start
    packet = monitor.judge(seen)
    found = {"rows": ours.profile_of(seen).rows, "severity": packet.severity.value, "observing": observed}
    return {**found, "repeats": int(seen.current.repeats)}


def check(task: Task) -> Timed:
    """Observe and judge the window, on a monitor that was fitted before."""
    monitor = ours.fitted(_tables(task), task["reference"])
    monitor.check(task["warm"])
    return lambda: _told(monitor, task["current"])


def stored(task: Task) -> Timed:
    """Read the stored reference profile, observe the window, judge it."""
    tables = _tables(task)
    path = ours.stored_profile(tables, Path(task["reference"]))
    ours.fitted_from_profile(tables, path).check(task["warm"])
    return lambda: _told(ours.fitted_from_profile(tables, path), task["current"])


def _data(rows: int, reference: int) -> dict[str, Any]:
    return {
        "reference": str(data.single("w2-reference", reference, data.predictions)),
        "warm": str(data.single("w2-warm", 1000, data.predictions)),
        "current": str(data.folder("w2", rows, data.predictions, part_rows=min(MILLION, reference))),
    }


CHECK, KEYS = "dawnwatch, fitted monitor", "dawnwatch, fitted monitor, with duplicates"
STORED, STORED_KEYS = "dawnwatch, stored profile", "dawnwatch, stored profile, with duplicates"
DECODE, POLARS, DUCKDB = "limit: decode", "Polars, streaming", "DuckDB"
CONTESTANTS = (
    Contestant(CHECK, "w2_stream:check"),
    Contestant(KEYS, "w2_stream:check", settings={"keys": True}),
    Contestant(STORED, "w2_stream:stored"),
    Contestant(STORED_KEYS, "w2_stream:stored", settings={"keys": True}),
    Contestant(POLARS, "columnar:polars_aggregates", "columnar", packages=("polars",), note="simple aggregates"),
    Contestant(DUCKDB, "columnar:duckdb_aggregates", "columnar", packages=("duckdb",), note="simple aggregates"),
    Contestant("PyArrow and NumPy", "w2_stream:arrow_numpy", note="simple aggregates, one thread beside the decoding"),
    Contestant(DECODE, "w2_stream:decode", limit=True),
)


def _groups(scale: Scale) -> list[Group]:
    reference = scale.rows(MILLION)
    found = []
    for size in SIZES[: scale.most]:
        rows = scale.rows(size * MILLION)
        found.append(
            Group(
                f"{size} M",
                rows,
                lambda rows=rows: _data(rows, reference),
                CONTESTANTS,
                DECODE,
                agree=("rows", "nulls", "values counted"),
            )
        )
    return found


def _linear(f: Any) -> float | None:
    """Rows per second of the largest window over that of the smallest."""
    small, large = f.value("1 M", STORED) or f.value("1 M", CHECK), f.value("100 M", STORED) or f.value("100 M", CHECK)
    return None if small is None or large is None else 100 * small / large


WORK = Work(
    "W2",
    "Three pillars, every feature a slice, 1 M to 100 M rows × 12 columns",
    _groups,
    (
        Target(
            "over decoding alone, 10 M rows, stored profile", lambda f: f.times("10 M", STORED, DECODE), 3, "at most"
        ),
        Target("the same on a fitted monitor", lambda f: f.times("10 M", CHECK, DECODE), 3, "at most"),
        Target("the same with duplicates", lambda f: f.times("10 M", KEYS, DECODE), 6, "at most"),
        Target("rows per second at 100 M over those at 1 M", _linear, 0.8),
        Target(
            "peak memory of the call at 100 M rows, no duplicates",
            lambda f: f.value("100 M", STORED, "call_peak_mib") or f.value("100 M", CHECK, "call_peak_mib"),
            1024,
            "at most",
            "MiB",
        ),
    ),
    (
        "Polars, DuckDB and PyArrow with NumPy do much less: nulls, mean, smallest and largest of each number, and the "
        "value counts of each string. They are the weaker comparison, shown because anyone could write them.",
        "A fitted monitor has read its reference (1 M rows) before, and not in its time.",
    ),
)
