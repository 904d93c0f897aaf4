"""The same windows before Evidently and NannyML, with their defaults, from environments of their own."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from benchmarks.drills.cases import Case
from benchmarks.drills.measure import due, split_of, window_of
from benchmarks.envs import QUIET, interpreter
from benchmarks.machine import clean_environment, commit, unplaced
from benchmarks.records import Records
from dawnwatch.drills.data.base import SCORE, DataSet
from dawnwatch.errors import UsageError

__all__ = ["PEERS", "answers", "measure_peers"]

PEERS = {"evidently": "evidently_drills", "nannyml": "nannyml_drills"}
"""Environment and script of each."""
PATIENCE = 3600.0
CHUNKS = 10
"""NannyML's default."""


def measure_peers(data: DataSet, cases: Iterable[Case], records: Records) -> None:
    """Ask each installed peer about the windows it has not seen; one process for the windows of a seed."""
    every = list(cases)
    for peer, script in PEERS.items():
        python = interpreter(peer)
        if python is None:
            print(f"{peer} is not installed; `make bench-peers` does it", flush=True)
            continue
        for (work, seed), group in groupby(due(every, records, peer), key=lambda case: (case.work, case.split)):
            _ask(peer, python, script, data, work, seed, list(group), records)


def _ask(
    peer: str, python: Path, script: str, data: DataSet, work: str, seed: int, cases: list[Case], records: Records
) -> None:
    split = split_of(data, work, seed)
    with tempfile.TemporaryDirectory() as folder:
        pq.write_table(split.baseline, Path(folder, "baseline.parquet"))
        written = []
        for number, case in enumerate(cases):
            try:
                window, _ = window_of(split, case)
            except UsageError:
                continue
            pq.write_table(window, Path(folder, f"{number}.parquet"))
            written.append((case, str(Path(folder, f"{number}.parquet"))))
        task = {
            "baseline": str(Path(folder, "baseline.parquet")),
            "windows": [path for _, path in written],
            "numbers": [name for name in (*data.features, SCORE) if name not in data.categorical],
            "texts": list(data.categorical),
            "label": data.label,
            "score": SCORE,
            "chunk_rows": cases[0].rows // CHUNKS,
        }
        lines = answers(python, script, task)
    for (case, _), line in zip(written, lines, strict=False):
        records.add({**case.key, "contestant": peer, "split": seed, "commit": commit(), "line": line})
    print(f"{peer} {data.name} seed {seed}: {len(lines)} windows", flush=True)


def answers(python: Path, script: str, task: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a peer says of each window of a task, a line each; what it cannot judge is its "error"."""
    where = Path(__file__).parents[1] / "peers" / f"{script}.py"
    done = subprocess.run(
        [str(python), str(where)],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        env=clean_environment({**QUIET, "PYTHONPATH": ""}),
        timeout=PATIENCE,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0:
        print(unplaced(done.stderr[-300:]), flush=True)
    return [{name: unplaced(v) if isinstance(v, str) else v for name, v in json.loads(line).items()} for line in lines]
