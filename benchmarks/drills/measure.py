"""Measures cases: one split and its monitor serve all windows of a seed; every record is kept at once."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

import pyarrow as pa

from benchmarks.drills.cases import Case
from benchmarks.machine import commit
from benchmarks.records import Records, key_of
from dawnwatch import Monitor
from dawnwatch.drills.data.base import DataSet
from dawnwatch.drills.inject import inject
from dawnwatch.drills.registry import find_kind
from dawnwatch.drills.scoring import score
from dawnwatch.drills.split import Split, by_time, by_unit
from dawnwatch.drills.truth import Truth
from dawnwatch.drills.volume import rows_of_window
from dawnwatch.drills.windows import window_of_time, window_of_units
from dawnwatch.errors import UsageError

__all__ = ["OURS", "due", "measure", "window_of"]

OURS = "dawnwatch"


def due(cases: Iterable[Case], records: Records, contestant: str) -> list[Case]:
    """Return the cases that a contestant has not been measured on."""
    return [case for case in cases if key_of({**case.key, "contestant": contestant}) not in records]


def measure(data: DataSet, cases: Iterable[Case], records: Records) -> int:
    """Measure what is missing, and return how much that was."""
    missing = due(cases, records, OURS)
    for (work, seed), group in groupby(missing, key=lambda case: (case.work, case.split)):
        split = split_of(data, work, seed)
        monitors: dict[int | None, Monitor] = {}
        for case in group:
            # Windows in order of time are cut at a number of rows, of which nothing is to be expected.
            usual = None if work == "time" else case.rows
            if usual not in monitors:
                monitors[usual] = split.monitor(rows=usual)
            records.add(_record(case, OURS, _line(monitors[usual], split, case)))
        print(f"{data.name} {work} seed {seed}: {len(records)} records", flush=True)
    return len(missing)


@lru_cache(maxsize=1)
def split_of(data: DataSet, work: str, seed: int) -> Split:
    """Return the split of a seed; the last one is kept."""
    return by_time(data, seed) if work == "time" else by_unit(data, seed)


def window_of(split: Split, case: Case) -> tuple[pa.Table, Truth | None]:
    """Return a case's window, and its truth where something was injected. Raises UsageError where it cannot be."""
    if case.work == "time":
        return window_of_time(split.pool, case.rows, case.window), None
    came = rows_of_window(split.pool, case.rows, case.window)
    if case.work == "units":
        return window_of_units(split.pool, came, case.window)[0], None
    found = inject(split, find_kind(case.name), case.strength, seed=case.window, rows=came)
    return found.table, found.truth


def _line(monitor: Monitor, split: Split, case: Case) -> dict[str, Any]:
    try:
        window, truth = window_of(split, case)
    except UsageError as error:
        return {"unreachable": str(error)}
    # Of all threads, so that other work on the machine does not count; one thread takes as long on an idle machine.
    started = time.process_time()
    packet = monitor.check(window)
    line: dict[str, Any] = {"seconds": round(time.process_time() - started, 4)}
    line |= {"severity": packet.severity.value, "rule": packet.rule, "could_not_judge": len(packet.could_not_judge)}
    line["advised"] = packet.decision.verdict
    if truth is None:
        return line | {"units": len(set(window[split.data.unit].to_pylist()))}
    found = score(packet, truth)
    told = {"truth": truth.model_dump(mode="json"), "detected": found.detected, **asdict(found)}
    return line | told | {"top1": found.top(1), "top3": found.top(3), "dropped": _dropped(packet)}


def _dropped(packet: Any) -> bool:
    """Whether performance degraded; elsewhere the top finding stands for the top cause."""
    return "performance_degraded" in packet.facts


def _record(case: Case, contestant: str, line: dict[str, Any]) -> dict[str, Any]:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return {**case.key, "contestant": contestant, "split": case.split, "at": at, "commit": commit(), "line": line}
