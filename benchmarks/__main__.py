"""`python -m benchmarks run | tables | peers | smoke`: what `make bench` calls."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
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
        verb.add_argument("--out", type=Path, help="folder of results.md, results.json and scaling.png")
        verb.add_argument("--records", type=Path, default=HERE / ".runs" / "measurements.jsonl")
    run.add_argument("--rounds", type=int, default=ROUNDS)
    run.add_argument("--fresh", action="store_true", help="measure again what was measured")
    run.add_argument("--no-peers", action="store_true")
    verbs.add_parser("smoke", help="run every work of ours once, with few rows, in a folder that is thrown away")
    given = parser.parse_args()
    if given.verb == "smoke":
        return smoke()
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

    # Only a full run is kept with the sources.
    write(records, scale, given.out or (HERE if scale.name == "full" else HERE / ".runs" / scale.name))
    return 0


def smoke() -> int:
    """See that every contestant of ours runs and that their answers agree; the times mean nothing."""
    from benchmarks.figures import Figures
    from benchmarks.summary import disagreements

    scale, faults = SCALES["smoke"], []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BENCH_DATA"] = str(Path(folder, "data"))
        records = Records(Path(folder, "measurements.jsonl"))
        for work in works():
            run_work(work, scale, records, rounds=1, peers=False)
            figures = Figures(records.of(scale.name, work.name))
            for group in work.groups(scale):
                found = {c.name: figures.series(group.name, c.name) for c in group.contestants}
                faults += [f"{work.name} {name}: {series.error}" for name, series in found.items() if series.error]
                answers = {name: series.last.get("answer", {}) for name, series in found.items()}
                faults += [f"{work.name} {group.name}: {line}" for line in disagreements(answers, group.agree)]
        from benchmarks.table import write

        write(records, scale, Path(folder))
    print("\n".join(faults) if faults else f"{len(records)} measurements, no fault")
    return 1 if faults else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    sys.exit(main())
