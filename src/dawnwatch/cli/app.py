"""The verbs."""

from __future__ import annotations

from typing import Annotated

import typer

from dawnwatch import __version__
from dawnwatch.cli.calibrate import calibrate
from dawnwatch.cli.compare import compare
from dawnwatch.cli.decide import decide
from dawnwatch.cli.decision import decision
from dawnwatch.cli.demo import demo
from dawnwatch.cli.drill import drill
from dawnwatch.cli.event import event
from dawnwatch.cli.explain import explain
from dawnwatch.cli.glossary import glossary
from dawnwatch.cli.init import init
from dawnwatch.cli.inspect import checks, schema
from dawnwatch.cli.onset import onset
from dawnwatch.cli.plan import plan
from dawnwatch.cli.profile import merge, profile
from dawnwatch.cli.report import report
from dawnwatch.cli.run import run
from dawnwatch.cli.scorecard import scorecard
from dawnwatch.cli.what_if import what_if

__all__ = ["app"]

app = typer.Typer(
    name="dawnwatch",
    help="Catch problems before your users do: watch a model's prediction log, get one triage packet.",
    epilog="Exit codes: 0 judged, 1 at or above --fail-on, 2 usage or configuration, 3 could not judge.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command()(demo)
app.command()(drill)
app.command()(init)
app.command()(run)
app.command()(profile)
app.command()(merge)
app.command("what-if")(what_if)
app.command()(calibrate)
app.command()(plan)
app.command()(explain)
app.command()(compare)
app.command()(onset)
app.command()(decide)
app.add_typer(event, name="event")
app.add_typer(decision, name="decision")
app.command()(scorecard)
app.command()(report)
app.command()(checks)
app.command()(schema)
app.command()(glossary)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"dawnwatch {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass
