"""W2: all three pillars, every feature a slice, streamed from Parquet, from a million rows to a hundred million."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import data, ours
from benchmarks.aggregates import arrow_numpy
from benchmarks.figures import Figures
from benchmarks.limits import decode
from benchmarks.peers.line import Task, Timed
from benchmarks.work import DESIGN, Contestant, Group, Scale, Target, Work

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
    return {**found, "repeats": ours.repeats_of(seen), "loops": ours.loops()}


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
NUMPY = f"{STORED}, NumPy loops"
NUMPY_MOST = 10
"""Millions of rows up to which NumPy's loops are measured too."""
DECODE, POLARS, DUCKDB = "limit: decode", "Polars, streaming", "DuckDB"
CONTESTANTS = (
    Contestant(CHECK, "w2_stream:check"),
    Contestant(KEYS, "w2_stream:check", settings={"keys": True}),
    Contestant(STORED, "w2_stream:stored"),
    Contestant(STORED_KEYS, "w2_stream:stored", settings={"keys": True}),
    Contestant(NUMPY, "w2_stream:stored", variables={"DAWNWATCH_NATIVE": "0"}, note="nothing compiled"),
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
                tuple(c for c in CONTESTANTS if c.name != NUMPY or size <= NUMPY_MOST),
                DECODE,
                agree=("rows", "nulls", "values counted"),
            )
        )
    return found


def _linear(f: Figures) -> float | None:
    """Rows per second of the largest window over that of the smallest."""
    small, large = f.value("1 M", STORED), f.value("100 M", STORED)
    return None if small is None or large is None else 100 * small / large


def _over_decoding(text: str, size: str, contestant: str, limit: float) -> Target:
    return Target(text, lambda f: f.times(size, contestant, DECODE), limit, "at most", source=DESIGN)


def _peak(text: str, contestant: str) -> Target:
    reached = partial(Figures.value, group="100 M", contestant=contestant, name="peak_mib")
    return Target(text, reached, 1024, "at most", "MiB", DESIGN)


WORK = Work(
    "W2",
    "Three pillars, every feature a slice, 1 M to 100 M rows × 12 columns",
    _groups,
    (
        _over_decoding("stored reference profile, over decoding alone, 100 M rows", "100 M", STORED, 2),
        _over_decoding("… with duplicates", "100 M", STORED_KEYS, 3),
        _over_decoding("stored reference profile, over decoding alone, 10 M rows", "10 M", STORED, 2),
        _over_decoding("… with duplicates", "10 M", STORED_KEYS, 3),
        _peak("peak memory at 100 M rows", STORED),
        _peak("… with duplicates", STORED_KEYS),
        Target(
            "linear: rows per second at 100 M over those at 1 M",
            _linear,
            0.9,
            source=f"{DESIGN}; its tenth of slack proposed",
        ),
    ),
    (
        "Polars, DuckDB and PyArrow with NumPy do much less: nulls, mean, smallest and largest of each number, and the "
        "value counts of each string. They are the weaker comparison, shown because anyone could write them.",
        "A fitted monitor has read its reference (1 M rows) before, and not in its time; with a stored profile the "
        "time holds the reading of its file.",
    ),
)
