"""`python -m benchmarks.decide`: what `make decide-bench` calls. It writes results.md, and the chart of the docs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.decide import example, luck
from benchmarks.decide.page import Measured, page
from dawnwatch import Config
from dawnwatch.report.charts import replay_chart
from dawnwatch.report.render import drawn
from metropulse.scenario import CONFIG, build

__all__ = ["main"]

ROOT = Path(__file__).parents[2]
BETTER = 0.3
"""How far the better actions are off for a unit, where the deployed model is off by twice as much."""


def main() -> int:
    """Measure all, and write the page and the chart."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.decide", description=__doc__)
    parser.add_argument("--draws", type=int, default=300, help="bootstrap draws of whole riders")
    parser.add_argument("--logs", type=int, default=400, help="simulated logs of each kind")
    parser.add_argument("--splits", type=int, default=10, help="random splits")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "decide" / "results.md")
    parser.add_argument("--chart", type=Path, default=ROOT / "docs" / "images" / "decide.png")
    given = parser.parse_args()
    config = Config.load(CONFIG)
    scenario = build(config)
    example.replayed(scenario, config, cuts=1)  # what is imported and cached on first use is no part of the times
    found, seconds = example.replayed(scenario, config, cuts=3)
    once, seconds_once = example.replayed(scenario, config, cuts=1)
    print("replayed", flush=True)
    rows = example.by_hand(found, scenario, config)
    measured = Measured(
        found=found,
        once=once,
        seconds=(seconds_once, seconds),
        rows=rows,
        drawn=example.bootstrapped(rows, draws=given.draws),
        promised=example.promised(scenario, seeds=given.splits),
        lucky={cuts: luck.judged(given.logs, cuts=cuts) for cuts in (1, 3)},
        better=luck.judged(given.logs, cuts=3, own=BETTER),
    )
    given.out.write_text(page(measured), "utf-8")
    given.chart.write_bytes(drawn(replay_chart(found))[given.chart.suffix])
    sys.stdout.write(page(measured))
    return 0


if __name__ == "__main__":
    sys.exit(main())
