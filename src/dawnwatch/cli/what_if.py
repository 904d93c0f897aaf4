"""`dawnwatch what-if`: what a run would have said under other thresholds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dawnwatch.cli import options
from dawnwatch.cli.exits import guarded, say
from dawnwatch.cli.letters import write_utf8
from dawnwatch.cli.packets import TARGETS, named_packet

if TYPE_CHECKING:
    from dawnwatch.config import Config
    from dawnwatch.model.what_if import WhatIf
    from dawnwatch.monitoring.observation import Observation

__all__ = ["what_if"]


@guarded
def what_if(
    target: Annotated[
        str,
        typer.Argument(
            metavar="PACKET|CONFIG",
            help=f"The run: {TARGETS}. Or a dawnwatch.toml, by whose thresholds the latest run is judged.",
        ),
    ] = "latest",
    threshold: Annotated[
        list[str] | None,
        typer.Option(
            help="Move this one only: psi, missing, range, duplicates or auc_drop. May be repeated.", metavar="NAME"
        ),
    ] = None,
    results: options.Results = None,
    chart: Annotated[
        Path | None, typer.Option(help="Draw the severity over each threshold's range: .png or .svg.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the answers as JSON, nothing else.")] = False,
) -> None:
    """Move each threshold and see where the severity flips, from the counts of a run; no row is read."""
    from dawnwatch.monitoring.what_if import what_if as answer

    if chart is not None:
        _require_picture(chart)
    seen, config, packet = _run(target, results)
    answers = answer(seen, config, packet=packet, names=threshold)
    if chart is not None:
        from dawnwatch.report.charts import what_if_chart
        from dawnwatch.report.render import save_picture

        save_picture(what_if_chart(answers), chart)
        say(f"wrote {chart}")
    if json:
        write_utf8(answers.model_dump_json(indent=2) + "\n")
    else:
        _show(answers)


def _require_picture(path: Path) -> None:
    from dawnwatch.errors import UsageError

    if path.suffix not in {".png", ".svg"}:
        raise UsageError(f"--chart must end in .png or .svg; got {path}")


def _run(target: str, results: Path | None) -> tuple[Observation, Config, str]:
    """Return the run to judge again, the configuration to judge it by, and its packet's identity."""
    from dawnwatch.config import Config
    from dawnwatch.monitoring.saved_baselines import require_same_counts
    from dawnwatch.monitoring.saved_run import load_run, run_of

    named = Config.load(target) if target.endswith(".toml") else None
    found = named_packet("latest" if named else target, results, named)
    path = run_of(found.packet, found.path.parent)
    seen, config = load_run(path, packet=found.packet.id)
    if named is not None:
        require_same_counts(path, config.profiled, named)
    return seen, named or config, found.packet.id


def _show(answers: WhatIf) -> None:
    from rich.console import Console

    from dawnwatch.report.what_if import WhatIfView

    Console(highlight=False).print(WhatIfView(answers))
