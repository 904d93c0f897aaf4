"""`python -m benchmarks.scorecard`: play a season of drills and write docs/scorecard.md from its scorecard."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.scorecard.season import Drilled, play
from dawnwatch.cli.drill import DATA, data_set
from dawnwatch.model.enums import Severity
from dawnwatch.monitoring.scorecard import read_scorecard
from dawnwatch.report.scorecard.markdown import to_markdown

PAGE = Path(__file__).parents[2] / "docs" / "scorecard.md"
HEAD = """# A scorecard over {drills} drilled windows

Made by `make scorecard-demo` from {drills} [drills](drills.md) on `{data}` (seed {seed}), each with the window of the
day after; nothing here is written by hand. What the parts mean: [the ledger](ledger.md).

The rules of the season: a third of the drills are changes of mix that harm nothing, a fifth are clean windows, the
others are harmful, weak to strong. Each page is decided as its packet advises, one in five by a draw against it; how
many hours later is drawn, not measured. On the next day the incident is over where that was the right action or
nothing was wrong, and goes on where it was not; the drill after that begins on clean rows, so whatever is left alone
ends there. A page is judged real where the incident was harmful, else a false alarm, by the drill's truth. How often
advice was followed is so by construction; what came of it where it was and where it was not is not.

Read as its lead would:

- **Is it worth being called?** Precision, below: false pages are the drills of mix that harm nothing, which drift alone
  cannot tell from harm. {harmful} of the {drills} drilled windows were harmful; {paged} of those paged.
- **Was the advice right?** {right} of the {pages} pages among the drilled windows advised the right action, {none}
  advised none (`cannot_tell`), {wrong} a wrong one. How many recovered *in the next window*, where it was followed and
  where it was not, is what the scorecard can tell without the truth; later windows recover by themselves here, as each
  drill begins on clean rows.
- **What to change?** The last table but one: the threshold behind most false pages, and the value at which they fall
  silent while every real page stays. A value beyond all that was seen is a reason to let drift alone inform
  (`[[policy]]`), not to trust the number.

"""


def main() -> int:
    """Parse, play and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scorecard", description=__doc__)
    parser.add_argument("--data", choices=DATA, default="flights")
    parser.add_argument("--drills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=10)
    parser.add_argument("--out", type=Path, default=PAGE)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        played = play(data_set(given.data), given.drills, given.seed, Path(folder))
        card, faults = read_scorecard(Path(folder))
    print("".join(f"{line}\n" for line in faults), end="")
    head = HEAD.format(data=given.data, drills=given.drills, seed=given.seed, **_counts(played))
    given.out.write_text(head + to_markdown(card, level=2), "utf-8")
    print(f"{given.out}", flush=True)
    return 0


def _counts(played: list[Drilled]) -> dict[str, int]:
    pages = [one for one in played if one.packet.severity.rank >= Severity.HIGH.rank]
    return {
        "harmful": sum(one.truth.harmful for one in played),
        "paged": sum(one.truth.harmful for one in pages),
        "pages": len(pages),
        "right": sum(one.packet.decision.verdict == one.truth.action for one in pages),
        "wrong": sum(one.packet.decision.verdict not in {one.truth.action, "cannot_tell"} for one in pages),
        "none": sum(one.packet.decision.verdict == "cannot_tell" for one in pages),
    }


if __name__ == "__main__":
    sys.exit(main())
