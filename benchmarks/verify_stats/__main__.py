"""`python -m benchmarks.verify_stats`: what `make verify-stats` calls. It goes on where it was stopped."""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from zlib import crc32

import numpy as np

from benchmarks.verify_stats.studies import STUDIES
from benchmarks.verify_stats.table import write

__all__ = ["counted", "main"]

ROOT = Path(__file__).parents[2]
SEED = 20260105
Record = dict[str, object]


def main() -> int:
    """Parse, simulate what is missing, write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verify_stats", description=__doc__)
    parser.add_argument("studies", nargs="*", help=", ".join(study.name for study in STUDIES) + "; all by default")
    parser.add_argument("--tables", type=int, default=2000, help="simulated tables of each row")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--fresh", action="store_true", help="simulate again what was simulated")
    parser.add_argument("--kept", type=Path, default=ROOT / "benchmarks" / ".runs" / "verify_stats.jsonl")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "statistics.md")
    given = parser.parse_args()
    chosen = [study for study in STUDIES if not given.studies or study.name in given.studies]
    kept = _read(given.kept)
    due = [
        (study.name, at)
        for study in chosen
        for at, cell in enumerate(study.cells())
        if given.fresh or (study.name, cell.labels, study.tables(given.tables)) not in kept
    ]
    given.kept.parent.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(given.processes) as pool, given.kept.open("a", encoding="utf-8") as file:
        jobs = [pool.submit(counted, name, at, given.tables) for name, at in due]
        if file.tell() and not given.kept.read_text("utf-8").endswith("\n"):
            file.write("\n")  # a stop cut the last line short
        for done, job in enumerate(as_completed(jobs), 1):
            record = job.result()
            file.write(json.dumps(record) + "\n")
            file.flush()
            print(f"{done}/{len(due)} {record['study']} {record['labels']}: {record['right']}", flush=True)
    write(given.page, _read(given.kept), given.tables)
    return 0


def counted(name: str, at: int, tables: int) -> Record:
    """Simulate one cell: how many tables were right in what, of those where anything was computed."""
    study = next(study for study in STUDIES if study.name == name)
    cell, tables = list(study.cells())[at], study.tables(tables)
    seed = [SEED, crc32("/".join((name, *cell.labels)).encode())]
    rng = np.random.default_rng(seed)
    right: dict[str, int] = {}
    computed = 0
    for _ in range(tables):
        found = cell.draw(rng)
        if found is None:
            continue
        computed += 1
        for column, yes in found.items():
            right[column] = right.get(column, 0) + bool(yes)
    return {"study": name, "labels": cell.labels, "tables": tables, "computed": computed, "right": right}


def _read(path: Path) -> dict[tuple[str, tuple[str, ...], int], Record]:
    """Return the latest record of each cell; a line cut short by a stop is passed over."""
    found: dict[tuple[str, tuple[str, ...], int], Record] = {}
    if path.exists():
        for line in path.read_text("utf-8").splitlines():
            try:
                record = json.loads(line)
            except json.JSONDecodeError:
                continue
            found[record["study"], tuple(record["labels"]), record["tables"]] = record
    return found


if __name__ == "__main__":
    sys.exit(main())
