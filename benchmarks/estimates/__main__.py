"""`python -m benchmarks.estimates`: what `make estimate-bench` calls. It goes on where it was stopped."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.drills.cases import seeds_of
from benchmarks.estimates.cases import SEEDS, cases
from benchmarks.estimates.chart import draw
from benchmarks.estimates.measure import OURS, measure
from benchmarks.estimates.peer import measure_nannyml
from benchmarks.estimates.table import page
from benchmarks.records import Records
from dawnwatch.cli.drill import DATA, data_set

__all__ = ["main"]

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Measure what is missing, and write table and chart."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.estimates", description=__doc__)
    parser.add_argument("--data", nargs="*", choices=DATA, default=DATA)
    parser.add_argument("--seeds", type=seeds_of, default=SEEDS)
    parser.add_argument("--only", choices=("ours", "nannyml", "tables"), help="this part alone")
    parser.add_argument("--fresh", action="store_true", help="measure ours again")
    parser.add_argument("--records", type=Path, default=ROOT / "benchmarks" / ".runs" / "estimates.jsonl")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "estimates" / "results.md")
    parser.add_argument("--chart", type=Path, default=ROOT / "docs" / "images" / "estimates.png")
    given = parser.parse_args()
    records = Records(given.records)
    if given.fresh:
        records.forget(lambda record: record["contestant"] == OURS)
    for name in given.data if given.only != "tables" else ():
        data = data_set(name)
        wanted = list(cases(data, given.seeds))
        if given.only != "nannyml":
            measure(data, wanted, records)
        if given.only != "ours":
            measure_nannyml(data, wanted, records)
    given.out.write_text(page(records.all()), "utf-8")
    draw(records.all(), given.chart)
    print(f"{given.out}\n{given.chart}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
