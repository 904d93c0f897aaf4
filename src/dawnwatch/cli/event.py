"""`dawnwatch event`: what happened around the model, so that a change can be read beside it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dawnwatch.cli import options
from dawnwatch.cli.exits import guarded, say
from dawnwatch.cli.letters import write_utf8
from dawnwatch.cli.settings import CONFIG_FILE

if TYPE_CHECKING:
    from dawnwatch.store.events import EventLog

__all__ = ["event"]

event = typer.Typer(help="Record and list what happened around the model: releases, campaigns, upstream changes.")


@event.command()
@guarded
def add(
    text: Annotated[str, typer.Argument(help='What happened, such as "app release 5.1".')],
    at: Annotated[
        str | None,
        typer.Option(help="When, such as 2026-11-24T06:00: UTC unless it ends in a zone.  \\[default: now]"),
    ] = None,
    kind: Annotated[str | None, typer.Option(help="A word for its kind, such as deploy.")] = None,
    results: options.Results = None,
) -> None:
    """Record an event; packets name it beside what changed near it."""
    from datetime import UTC, datetime

    from dawnwatch.model.numbers import moment
    from dawnwatch.store.events import parse_moment

    when = datetime.now(UTC) if at is None else parse_moment(at)
    log = _log(results)
    made = log.add(text, when, kind=kind)
    say(f"recorded in {log.path}: {moment(made.at)} {made.text}")


@event.command("list")
@guarded
def list_events(
    results: options.Results = None,
    json: Annotated[bool, typer.Option("--json", help="Print the events as JSON, nothing else.")] = False,
) -> None:
    """List the recorded events, earliest first."""
    from dawnwatch.model.numbers import moment
    from dawnwatch.report.words import visible

    log = _log(results)
    events = log.all()
    if json:
        lines = ",\n".join(f"  {found.model_dump_json()}" for found in events)
        write_utf8(f"[\n{lines}\n]\n" if events else "[]\n")
        return
    for found in events:
        sys.stdout.write(visible(f"{moment(found.at)}  {found.kind or '-':10}  {found.text}") + "\n")
    if not events:
        say(f'no events in {log.path}; `dawnwatch event add "app release 5.1"` records one')


def _log(results: Path | None) -> EventLog:
    from dawnwatch.cli.finish import folder_of
    from dawnwatch.config import Config
    from dawnwatch.store.events import EventLog

    config = Config.load(CONFIG_FILE) if results is None and CONFIG_FILE.exists() else Config()
    return EventLog(folder_of(config, results).folder)
