"""`python -m benchmarks run | tables | peers`: what `make bench` calls."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from benchmarks import envs
from benchmarks.harness import ROUNDS, run_work
from benchmarks.records import Records
from benchmarks.work import SCALES, works

HERE = Path(__file__).parent


def main() -> int:
    """Parse and call."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("run", help="measure what is missing, then write the tables")
    tables = verbs.add_parser("tables", help="write the tables from what was measured")
    peers = verbs.add_parser("peers", help="install the peers")
    peers.add_argument("names", nargs="*")
    for verb in (run, tables):
        verb.add_argument("works", nargs="*", help="W1 W2 …; all by default")
        verb.add_argument("--scale", choices=SCALES, default="full")
        verb.add_argument("--out", type=Path, default=HERE, help="folder of results.md, results.json and scaling.png")
        verb.add_argument("--records", type=Path, default=HERE / ".runs" / "measurements.jsonl")
    run.add_argument("--rounds", type=int, default=ROUNDS)
    run.add_argument("--fresh", action="store_true", help="measure again what was measured")
    run.add_argument("--no-peers", action="store_true")
    given = parser.parse_args()
    if given.verb == "peers":
        # A peer that cannot be made to run is a line of the results, not a fault of the benchmark.
        envs.build(*given.names)
        return 0
    scale, chosen = SCALES[given.scale], works(*given.works)
    records = Records(given.records)
    if given.verb == "run":
        if given.fresh:
            named = {work.name for work in chosen}
            records.forget(lambda r: r["scale"] == scale.name and r["work"] in named)
        for work in chosen:
            run_work(work, scale, records, rounds=given.rounds, peers=not given.no_peers)
    from benchmarks.table import write

    write(records, scale, given.out)
    return 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    sys.exit(main())
