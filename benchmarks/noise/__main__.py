"""`python -m benchmarks.noise`: what `make noise-bench` calls. It writes benchmarks/noise/results.md."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from benchmarks.drills.peers import answers
from benchmarks.envs import interpreter
from benchmarks.noise.ours import drifted, judged, missing
from benchmarks.noise.windows import BROKEN, CASES, COLUMNS, Case

__all__ = ["main", "page"]

ROOT = Path(__file__).parents[2]
HEAD = """# Noise, and what is plainly broken

Made by `make noise-bench`. Twenty columns of independent normal numbers; where something happens it happens to one of
them. Counted are the columns called drifted, run by run: ours out of GREEN by more than chance, Evidently's by its
preset as it comes. Ours counts missing values apart from drift, and they are drift as well.

"""


def main() -> int:
    """Ask both about every pair, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.noise", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "noise" / "results.md")
    given = parser.parse_args()
    lines = []
    for case in CASES:
        lines.append((case.title, _ours(case), _theirs(case)))
        print(*lines[-1], sep=" · ", flush=True)
    given.out.write_text(page(lines), "utf-8")
    return 0


def page(lines: list[tuple[str, str, str]]) -> str:
    """Return the page of these rows: the windows, what we say, what Evidently says."""
    version = _version()
    rows = ["| windows | dawnwatch | Evidently" + (f" {version}" if version else "") + " |", "| --- | --- | --- |"]
    return HEAD + "\n".join([*rows, *(f"| {' | '.join(line)} |" for line in lines)]) + "\n"


def _ours(case: Case) -> str:
    packets = [judged(case.pair(seed)) for seed in range(case.seeds)]
    said = _counts([len(drifted(packet)) for packet in packets])
    if not case.drifts:
        return said
    lost = sum(missing(packet) == {BROKEN} for packet in packets)
    return f"{said}; missing values fail in {lost} of {case.seeds} runs"


def _theirs(case: Case) -> str:
    python = interpreter("evidently")
    if python is None:
        return "not installed"
    found: list[dict[str, Any]] = []
    for seed in range(case.seeds):
        with tempfile.TemporaryDirectory() as folder:
            paths = [str(Path(folder, name)) for name in ("baseline.parquet", "window.parquet")]
            for path, table in zip(paths, case.pair(seed), strict=True):
                pq.write_table(table, path)
            task = {"baseline": paths[0], "windows": paths[1:], "numbers": list(COLUMNS), "texts": []}
            found += answers(python, "evidently_drills", task)
    errors = [line["error"] for line in found if "error" in line]
    if errors:
        return f"stops: {errors[0]}"
    return _counts([int(line["columns"]) for line in found])


def _counts(counts: list[int]) -> str:
    """Write the columns called drifted, run by run."""
    return f"{', '.join(map(str, counts))} of {len(COLUMNS)} columns"


def _version() -> str | None:
    python = interpreter("evidently")
    ready = None if python is None else python.parents[1] / "ready.json"
    return None if ready is None else json.loads(ready.read_text("utf-8")).get("evidently")


if __name__ == "__main__":
    sys.exit(main())
