"""`python -m benchmarks.history`: what `make history-bench` calls. It writes the pages beside it."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyarrow as pa

from benchmarks.history import onset
from benchmarks.history.table import Row, page, rows_of
from dawnwatch.cli.drill import data_set
from dawnwatch.drills.data.base import DataSet, seconds_of
from dawnwatch.drills.split import by_time
from dawnwatch.model.packet import TriagePacket
from dawnwatch.monitoring import Monitor

__all__ = ["main"]

ROOT = Path(__file__).parents[2]
CUTS: dict[str, dict[str, int | timedelta]] = {
    "movielens": {"2,000 rows": 2000, "a day": timedelta(days=1), "a week": timedelta(days=7)},
    "flights": {"2,000 rows": 2000, "a day": timedelta(days=1)},
}
LEAST_ROWS = 100
"""Windows cut by time that hold fewer are left out."""


def main() -> int:
    """Measure what is asked for, and write its page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history", description=__doc__)
    parser.add_argument("part", nargs="*", default=["baselines", "onset"], help="baselines, onset; both by default")
    parser.add_argument("--data", nargs="*", default=list(CUTS))
    parser.add_argument("--most", type=int, default=60, help="windows of each cut")
    parser.add_argument("--seeds", type=int, default=20, help="incidents of each kind, from seed 10 on")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "history", help="folder of the pages")
    given = parser.parse_args()
    if "baselines" in given.part:
        rows = []
        for name in given.data:
            data = data_set(name)
            for what, every in CUTS[name].items():
                rows += measured(data, what, every, given.most)
                print(f"{name}, {what}", flush=True)
        (given.out / "baselines.md").write_text(page(rows), "utf-8")
    if "onset" in given.part:
        seeds = range(10, 10 + given.seeds)
        dated = [row for name in given.data for row in onset.dated(data_set(name), seeds)]
        (given.out / "onset.md").write_text(onset.page(dated, seeds), "utf-8")
    return 0


def measured(data: DataSet, what: str, every: int | timedelta, most: int) -> list[Row]:
    """Check every window of a cut, and return its rows of the table."""
    split = by_time(data, seed=0)
    monitor = split.monitor()
    packets = list(_checked(monitor, list(_windows(split.pool.table, data, every))[:most]))
    return rows_of(data.name, what, data.hours, packets)


def _checked(monitor: Monitor, windows: list[pa.Table]) -> Iterator[TriagePacket]:
    """Check each window beside those before it, as a schedule would."""
    with tempfile.TemporaryDirectory() as folder:
        for window in windows:
            seen = monitor.observe(window, history=folder)
            packet = monitor.judge(seen)
            monitor.keep(packet, seen, folder)
            yield packet


def _windows(pool: pa.Table, data: DataSet, every: int | timedelta) -> Iterator[pa.Table]:
    """Cut a log in order of time into windows of so many rows, or of so much time."""
    if isinstance(every, int):
        for first in range(0, pool.num_rows - every + 1, every):
            yield pool.slice(first, every)
        return
    seconds = seconds_of(pool, data.time or "")
    length = int(every.total_seconds())
    blocks = seconds // length
    for block in range(int(blocks.min()), int(blocks.max()) + 1):
        window = pool.filter(pa.array(blocks == block))
        if window.num_rows >= LEAST_ROWS:
            yield window


if __name__ == "__main__":
    raise SystemExit(main())
