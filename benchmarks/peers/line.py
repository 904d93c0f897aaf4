"""One measurement in a process of its own, told in one line of JSON. Standard library only: every peer runs it.

A contestant is a function that takes the task, imports and reads what it needs, and returns what is to be timed;
so imports never count, and reading counts only where the timed part reads.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

Task = dict[str, Any]
Timed = Callable[[], Mapping[str, Any]]
"""What is timed. It returns the answer, so that contestants can be seen to do the same work; what it says under
"_seconds" or "_peak_mib" (of processes it started itself) stands in place of what was measured here."""
Prepare = Callable[[Task], Timed]

SHOWN = ("numpy", "pandas", "pyarrow", "scipy", "scikit-learn")
NOT_THERE_YET = 3
"""Exit code for something that the library under test does not have yet."""


class NotThereYetError(Exception):
    """What is to be measured does not exist yet; nothing is recorded, so that a later run measures it."""


def memory(field: str) -> float | None:
    """Return VmHWM (peak) or VmRSS (now) of this process in MiB.

    Not ru_maxrss where /proc is there: Linux carries the peak of the starting process over into it.
    """
    try:
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
            found = next((line.split() for line in status if line.startswith(field + ":")), None)
    except OSError:
        found = None
    if found is not None:
        return int(found[1]) / 1024
    if field != "VmHWM":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def forget_peak() -> None:
    """Let VmHWM start again from what is held now, where Linux allows it, so that preparing does not count."""
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as file:  # noqa: PTH123
            file.write("5")
    except OSError:
        return


def measure(prepare: Prepare, task: Task) -> dict[str, Any]:
    """Prepare, then time one call."""
    timed = prepare(task)
    gc.collect()
    before, highest = memory("VmRSS"), memory("VmHWM")
    forget_peak()
    cpu, start = os.times(), time.perf_counter()
    answer = dict(timed())
    seconds = time.perf_counter() - start
    after = os.times()
    spent = sum(after[:4]) - sum(cpu[:4])
    peak = memory("VmHWM")
    found = {
        "seconds": answer.pop("_seconds", seconds),
        "cpu_seconds": answer.pop("_cpu_seconds", spent),
        "call_peak_mib": answer.pop("_peak_mib", peak),
        "peak_mib": max(filter(None, (highest, peak)), default=None),
        "start_mib": before,
        "answer": answer,
        "python": platform.python_version(),
        "versions": versions(*SHOWN, *task.get("packages", ())),
    }
    return {name: value for name, value in found.items() if value is not None}


def versions(*names: str) -> dict[str, str]:
    """Return the installed versions of those packages that are installed."""
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def main(calls: Mapping[str, Prepare]) -> None:
    """Read the task from the command line, measure, print the line."""
    task = json.loads(sys.argv[1])
    try:
        found = measure(calls[task["call"]], task)
    except NotThereYetError as missing:
        print(json.dumps({"not_there_yet": str(missing)}))
        sys.exit(NOT_THERE_YET)
    # Libraries print to standard output too, so the line stands last and alone.
    print("\n" + json.dumps(found, default=float), flush=True)
