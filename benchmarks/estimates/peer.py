"""The same windows before NannyML's CBPE, from an environment of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.drills.peers import answers
from benchmarks.envs import interpreter
from benchmarks.estimates.cases import THRESHOLDS, Case, split_of, window_of
from benchmarks.estimates.measure import due
from benchmarks.machine import commit
from benchmarks.records import Records
from dawnwatch.drills.data.base import SCORE, DataSet
from dawnwatch.errors import UsageError

__all__ = ["NANNYML", "measure_nannyml"]

NANNYML = "nannyml"


def measure_nannyml(data: DataSet, cases: Iterable[Case], records: Records) -> None:
    """Ask NannyML about the windows it has not seen, in one process: most of its time goes into starting."""
    python = interpreter(NANNYML)
    if python is None:
        print(f"{NANNYML} is not installed; `make bench-peers` does it", flush=True)
        return
    missing = sorted(due(cases, records, NANNYML), key=lambda case: (case.seed, case.split))
    with tempfile.TemporaryDirectory() as folder:
        asked: list[Case] = []
        tasks = []
        for (seed, division), group in groupby(missing, key=lambda case: (case.seed, case.split)):
            split = split_of(data, seed, division)
            baseline = Path(folder, f"{seed}-{division}.parquet")
            pq.write_table(split.baseline.select([SCORE, data.label]), baseline)
            windows = []
            for case in group:
                try:
                    window = window_of(split, case)
                except UsageError:
                    continue
                windows.append(str(Path(folder, f"{len(asked)}.parquet")))
                pq.write_table(window.select([SCORE, data.label]), windows[-1])
                asked.append(case)
            tasks.append({"baseline": str(baseline), "windows": windows})
        roles = {"label": data.label, "score": SCORE, "threshold": THRESHOLDS[data.name]}
        lines = answers(python, "nannyml_estimates", {**roles, "splits": tasks}) if asked else []
    for case, line in zip(asked, lines, strict=False):
        records.add({**case.key, "contestant": NANNYML, "commit": commit(), "line": line})
    print(f"{NANNYML} {data.name}: {len(lines)} windows", flush=True)
