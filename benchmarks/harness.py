"""Runs contestants in turns, each in a process of its own, and records every measurement at once."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.envs import QUIET, interpreter
from benchmarks.machine import clean_environment, commit, unplaced
from benchmarks.peers.line import NOT_THERE_YET
from benchmarks.records import Records, key_of
from benchmarks.work import HERE, Contestant, Group, Scale, Work

__all__ = ["ROUNDS", "run_work"]

ROUNDS = 5
PATIENCE = 1800.0
"""Seconds after which a measurement is given up, which is then what is recorded."""
Line = dict[str, Any]
Launch = Callable[[Contestant, dict[str, Any]], Line | None]


def run_work(
    work: Work,
    scale: Scale,
    records: Records,
    *,
    rounds: int = ROUNDS,
    launch: Launch | None = None,
    peers: bool = True,
) -> None:
    """Measure what is missing of a work: A B A B …, so that what slows the machine down slows all of them.

    Parameters
    ----------
    rounds : measurements of each contestant
    launch : makes one measurement; None from it means that it cannot be made yet, and is not recorded
    peers : whether contestants from environments of their own take part
    """
    launch = launch or in_process
    for group in work.groups(scale):
        takes_part = [c for c in group.contestants if c.peer is None or (peers and interpreter(c.peer) is not None)]
        turns = group.rounds or rounds
        due = [(turn, c) for turn in range(turns) for c in takes_part if _due(records, work, scale, group, c, turn)]
        if not due:
            continue
        print(f"{work.name} {group.name}: {len(due)} of {turns * len(takes_part)} to measure", flush=True)
        task = dict(group.data())
        absent: set[str] = set()
        for turn, contestant in due:
            record = _blank(work, scale, group, contestant, turn)
            if contestant.name in absent or records.failed(key_of(record)):
                continue
            record["load"] = round(os.getloadavg()[0], 2)
            line = launch(contestant, task)
            if line is None:
                absent.add(contestant.name)
                print(f"  {contestant.name}: not there yet", flush=True)
                continue
            records.add({**record, "line": line})
            told = f"{line['seconds']:.3f} s" if "seconds" in line else line["error"]
            print(f"  {turn + 1}/{turns} {contestant.name}: {told}", flush=True)


def in_process(contestant: Contestant, task: dict[str, Any], patience: float = PATIENCE) -> Line | None:
    """Measure once, in a process of its own; a fault becomes the line's "error"."""
    python = interpreter(contestant.env)
    where, call = contestant.call.split(":")
    told = json.dumps({**task, **contestant.settings, "call": call, "packages": contestant.packages})
    if contestant.env is None:
        command, extra = [str(python), "-m", "benchmarks.worker", f"benchmarks.{where}", told], _our_path()
    else:
        command, extra = [str(python), str(HERE / "peers" / f"{where}.py"), told], {"PYTHONPATH": ""}
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env=clean_environment({**QUIET, **extra, **contestant.variables}),
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"error": f"took longer than {patience / 60:.0f} minutes"}
    said = done.stdout.strip().splitlines()
    if done.returncode == NOT_THERE_YET:
        return None
    if done.returncode != 0 or not said:
        wrong = [line for line in done.stderr.splitlines() if line.strip()]
        how = f"ended by signal {-done.returncode}" if done.returncode < 0 else f"exit code {done.returncode}"
        return {"error": unplaced(wrong[-1].strip() if wrong else how)[:300]}
    line: Line = json.loads(said[-1])
    return line


def _due(records: Records, work: Work, scale: Scale, group: Group, contestant: Contestant, turn: int) -> bool:
    key = key_of(_blank(work, scale, group, contestant, turn))
    return key not in records and not records.failed(key)


def _blank(work: Work, scale: Scale, group: Group, contestant: Contestant, turn: int) -> dict[str, Any]:
    return {
        "scale": scale.name,
        "work": work.name,
        "group": group.name,
        "contestant": contestant.name,
        "rows": group.rows,
        "round": turn,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
    }


def _our_path() -> dict[str, str]:
    root = HERE.parent
    parts = [root, root / "src", root / "scenarios"]
    return {"PYTHONPATH": os.pathsep.join(str(Path(part)) for part in parts)}
