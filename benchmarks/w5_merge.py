"""W5: a day of hourly profiles merged, and one what-if answer, against reading the rows again."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import data, ours
from benchmarks.limits import decode
from benchmarks.peers.line import Task, Timed
from benchmarks.work import DESIGN, Contestant, Group, Scale, Target, Work

__all__ = ["WORK", "decode", "merging", "merging_files", "reading", "what_if"]

HOURS, HOUR_ROWS = 24, 100_000
FEATURES = [name for name in data.columns_of(data.hourly) if name[0] in "xc"]
TABLES: dict[str, Any] = {
    "roles": {"label": "label", "score": "score"},
    "columns": {name: {"monitor": True} for name in FEATURES},
}


def merging(task: Task) -> Timed:
    """Add 24 profiles of an hour each."""
    monitor = ours.fitted(TABLES, task["reference"])
    hours = [ours.profile_of(monitor.observe(str(path))) for path in sorted(Path(task["current"]).iterdir())]
    ours.merged(hours[:2])
    return lambda: {"rows": ours.merged(hours).rows, "profiles": len(hours)}


def merging_files(task: Task) -> Timed:
    """Read 24 profile files of an hour each, and add them."""
    monitor = ours.fitted(TABLES, task["reference"])
    folder = tempfile.TemporaryDirectory()
    paths = []
    for path in sorted(Path(task["current"]).iterdir()):
        paths.append(str(Path(folder.name, f"{path.stem}.profile")))
        monitor.profile(str(path), paths[-1])
    ours.merged_files(paths[:2])

    def timed() -> dict[str, Any]:
        with folder:
            return {"rows": ours.merged_files(paths).rows, "profiles": len(paths)}

    return timed


def what_if(task: Task) -> Timed:
    """Judge the observed day again under a moved PSI threshold; it was judged once before, as it would have been."""
    monitor = ours.fitted(TABLES, task["reference"])
    seen = monitor.observe(task["current"])
    monitor.judge(seen)
    moved = copy.deepcopy(TABLES)
    moved["thresholds"] = {"psi": {"red": 0.05}}
    config = ours.config_of(moved)
    return lambda: {"severity": monitor.judge(seen, config=config).severity.value}


def reading(task: Task) -> Timed:
    """Observe and judge the day from its rows."""
    monitor = ours.fitted(TABLES, task["reference"])
    monitor.check(task["reference"])
    return lambda: {"severity": monitor.judge(monitor.observe(task["current"])).severity.value}


MERGE, WHAT_IF, READ = "merge 24 profiles", "one what-if answer", "read the day's rows again"
MERGE_FILES = "read 24 profile files and merge them"


def _groups(scale: Scale) -> list[Group]:
    hour = scale.rows(HOUR_ROWS)

    def made() -> dict[str, Any]:
        day = data.folder("w5", HOURS * hour, data.hourly, part_rows=hour)
        return {"reference": str(data.single("w5-reference", hour, data.hourly)), "current": str(day)}

    contestants = (
        Contestant(READ, "w5_merge:reading"),
        Contestant(MERGE, "w5_merge:merging"),
        Contestant(MERGE_FILES, "w5_merge:merging_files"),
        Contestant(WHAT_IF, "w5_merge:what_if"),
        Contestant("limit: decode the day", "w5_merge:decode", limit=True),
    )
    return [Group("day", HOURS * hour, made, contestants, READ)]


WORK = Work(
    "W5",
    "A day of 24 hourly profiles, 50 features, 2.4 M rows: merged, and judged again",
    _groups,
    (
        Target("merging 24 hourly profiles", lambda f: f.value("day", MERGE), 0.1, "at most", "s", DESIGN),
        Target("one what-if answer", lambda f: f.value("day", WHAT_IF), 0.02, "at most", "s", DESIGN),
    ),
)
