"""`python -m benchmarks.drills run | tables | smoke`: what `make drill-bench` and `make drill-smoke` call."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from benchmarks.drills.cases import CLEAN_SPLITS, REPORTED, clean, incidents, of_kinds, seeds_of
from benchmarks.drills.costs import DEFAULT, costs_of
from benchmarks.drills.measure import measure
from benchmarks.drills.peers import measure_peers
from benchmarks.drills.smoke import smoke
from benchmarks.drills.table import page
from benchmarks.records import Records
from dawnwatch.cli.drill import DATA, data_set
from dawnwatch.drills.play import ROWS
from dawnwatch.drills.registry import all_kinds

HERE = Path(__file__).parent
PEER_SEEDS = 5
"""Seeds, and splits of clean windows, that the peers see of each data set."""


def main() -> int:
    """Parse and call."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drills", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("run", help="measure what is missing, then write the tables")
    tables = verbs.add_parser("tables", help="write the tables from what was measured")
    verbs.add_parser("smoke", help="play strong incidents, and assert what must hold")
    for verb in (run, tables):
        verb.add_argument("--seeds", type=seeds_of, default=REPORTED, help="of the incidents; 0-9 are for tuning")
        verb.add_argument("--splits", type=seeds_of, default=CLEAN_SPLITS, help="of the clean windows")
        verb.add_argument("--records", type=Path, default=HERE.parent / ".runs" / "drills.jsonl")
        verb.add_argument(
            "--costs", type=costs_of, default=str(DEFAULT), help="what a wrong action costs, as costs.toml"
        )
        verb.add_argument("--out", type=Path, default=HERE / "results.md")
    run.add_argument("--data", nargs="*", choices=DATA, default=DATA)
    kinds = [kind.name for kind in all_kinds() if kind.name != "clean"]
    run.add_argument("--kinds", nargs="*", choices=kinds, default=kinds, metavar="KIND", help="these kinds alone")
    run.add_argument("--only", choices=("incidents", "clean", "peers"), help="this part alone")
    run.add_argument("--fresh", action="store_true", help="measure ours again")
    given = parser.parse_args()
    if given.verb == "smoke":
        return smoke()
    records = Records(given.records)
    if given.verb == "run":
        if given.fresh:
            records.forget(lambda record: record["contestant"] == "dawnwatch")
        for name in given.data:
            _run(name, given, records)
    given.out.write_text(page(records.all(), given.seeds, given.splits, given.costs), "utf-8")
    print(f"{given.out}", flush=True)
    return 0


def _run(name: str, given: argparse.Namespace, records: Records) -> None:
    data = data_set(name)
    if given.only in {None, "incidents"}:
        measure(data, of_kinds(incidents(data, given.seeds), given.kinds), records)
    if given.only in {None, "clean"}:
        for work in ("units", "time") if data.time else ("units",):
            measure(data, clean(data, work, given.splits), records)
    if given.only in {None, "peers"}:
        seeds, splits = given.seeds[:PEER_SEEDS], given.splits[:PEER_SEEDS]
        measure_peers(data, of_kinds(incidents(data, seeds, ("middle",)), given.kinds), records)
        measure_peers(data, clean(data, "units", splits, sizes=(ROWS,)), records)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    sys.exit(main())
