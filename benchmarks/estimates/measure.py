"""Measures cases: the estimates of one window, as a run makes them, beside what all its labels realise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from benchmarks.estimates.cases import ROWS, THRESHOLDS, Case, split_of, window_of
from benchmarks.machine import commit
from benchmarks.records import Records, key_of
from dawnwatch import Config, Monitor
from dawnwatch.drills.data.base import DataSet
from dawnwatch.drills.split import Split
from dawnwatch.errors import UsageError
from dawnwatch.model.estimates import Estimates
from dawnwatch.monitoring.estimates import estimates_of

__all__ = ["OURS", "due", "line_of", "measure", "monitor_of"]

OURS = "dawnwatch"


def due(cases: Iterable[Case], records: Records, contestant: str) -> list[Case]:
    """Return the cases that a contestant has not been measured on."""
    return [case for case in cases if key_of({**case.key, "contestant": contestant}) not in records]


def measure(data: DataSet, cases: Iterable[Case], records: Records) -> int:
    """Measure what is missing, and return how much that was."""
    missing = sorted(due(cases, records, OURS), key=lambda case: (case.seed, case.split))
    for (seed, division), group in groupby(missing, key=lambda case: (case.seed, case.split)):
        split = split_of(data, seed, division)
        monitor = monitor_of(split)
        for case in group:
            records.add(
                {
                    **case.key,
                    "contestant": OURS,
                    "at": datetime.now(UTC).isoformat(timespec="seconds"),
                    "commit": commit(),
                    "line": _line(monitor, split, case),
                }
            )
        print(f"{data.name} seed {seed} by {division}: {len(records)} records", flush=True)
    return len(missing)


def monitor_of(split: Split) -> Monitor:
    """Return a monitor that has learned the split's baseline, with a threshold in use."""
    tables = split.data.config.model_dump(exclude_unset=True)
    tables["model"]["threshold"] = THRESHOLDS[split.data.name]
    return Monitor(Config.from_dict(tables)).fit(split.baseline, holdout=split.baseline, training=split.training)


def _line(monitor: Monitor, split: Split, case: Case) -> dict[str, Any]:
    try:
        window = window_of(split, case)
    except UsageError as error:
        return {"unreachable": str(error)}
    seen = monitor.observe(window)
    found = estimates_of(seen.run(monitor.config))
    if found is None or window.num_rows < ROWS // 2:
        return {"unreachable": "too few rows"}
    return line_of(found)


def line_of(found: Estimates) -> dict[str, Any]:
    """Return what a record keeps of a window's estimates."""
    line: dict[str, Any] = {"answer": found.answer, "gap_p_value": found.gap_p_value, "reason": found.reason}
    for method in found.methods:
        told = {one.name: [one.value, *(one.interval or ())] for one in method.metrics}
        line[method.method] = {**told, "calibrator": method.calibrator}
        line["outside"], line["effective"] = method.outside, method.effective_share
        if method.metrics and "truth" not in line:
            line["truth"] = {one.name: one.realised for one in method.metrics}
    return line
