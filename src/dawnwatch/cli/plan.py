"""`dawnwatch plan`: the monitoring plan, from the configuration and the latest run."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dawnwatch.cli.exits import guarded, say
from dawnwatch.cli.kept_file import read_earlier, write_kept
from dawnwatch.cli.packets import TARGETS, named_packet
from dawnwatch.cli.settings import CONFIG_FILE
from dawnwatch.errors import StoreError, UsageError

if TYPE_CHECKING:
    from dawnwatch.config import Config
    from dawnwatch.model.packet import TriagePacket

__all__ = ["plan"]

PLAN, TEMPLATE = Path("monitoring_plan.md"), Path("monitoring_plan_template.md")
INCOMPLETE = 1


@guarded
def plan(
    config: Annotated[
        Path | None, typer.Option(help="Configuration; by default dawnwatch.toml.", show_default=False)
    ] = None,
    packet: Annotated[
        str | None, typer.Option(help=f"The run to quote: {TARGETS}; by default the latest.", show_default=False)
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option(help="Folder to find that run in; by default that of the configuration."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The file to write; by default monitoring_plan.md.", show_default=False),
    ] = None,
    template: Annotated[
        bool, typer.Option("--template", help="Write the unfilled scaffold, monitoring_plan_template.md.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing: list what is missing, and exit 1 if anything is.")
    ] = False,
) -> None:
    """Write the monitoring plan, keeping what people wrote between its marks."""
    from dawnwatch.config import Config
    from dawnwatch.report.plan.document import plan_text, template_text
    from dawnwatch.triage.gaps import gaps

    if template and (check or config or results or packet):
        raise UsageError("--template asks nothing of a configuration or a run; give it --output alone")
    if check and output:
        raise UsageError("--check writes nothing, so --output does not go with it")
    if template:
        path = output or TEMPLATE
        earlier = read_earlier(path, "plan")
        write_kept(path, template_text(kept=earlier.blocks if earlier else None), earlier)
        return
    settings = Config.load(config or CONFIG_FILE)
    run = _latest(settings, results) if packet is None else _named(packet, settings, results)
    missing = gaps(settings, run, _today())
    if check:
        sys.stdout.write("".join(f"{line}\n" for line in missing))
        say(f"dawnwatch: {_things(missing)} missing")
        raise typer.Exit(INCOMPLETE if missing else 0)
    path = output or PLAN
    earlier = read_earlier(path, "plan")
    write_kept(path, plan_text(settings, run, gaps=missing, kept=earlier.blocks if earlier else None), earlier)
    if missing:
        say(f"{_things(missing)} missing: they are listed at its end, and by `dawnwatch plan --check`")


def _things(missing: list[str]) -> str:
    return {0: "nothing is", 1: "1 thing is"}.get(len(missing), f"{len(missing)} things are")


def _today() -> date:
    return datetime.now(UTC).date()


def _latest(config: Config, given: Path | None) -> TriagePacket | None:
    """Read the latest packet; None, and said so, where there is none of this project."""
    from dawnwatch.store.files import LATEST, ResultsFolder

    store = ResultsFolder(given or config.path(config.data.results) or config.data.results)
    if given is not None and not store.folder.is_dir():
        raise StoreError(f"{given}: no such folder of results; give that of `dawnwatch run` with --results")
    if not (store.folder / LATEST).exists():
        say(f"dawnwatch: no run in {store.folder} yet, so this rests on the configuration alone")
        return None
    packet = store.load()
    if packet.project != config.project.name:
        say(
            f"dawnwatch: the latest run in {store.folder} is of {packet.project!r} and not of {config.project.name!r}, "
            "so it is left out; name another folder with --results"
        )
        return None
    return packet


def _named(name: str, config: Config, results: Path | None) -> TriagePacket:
    """Return the packet that was asked for. Raises StoreError, also where it is of another project."""
    found = named_packet(name, results, config).packet
    if found.project != config.project.name:
        raise StoreError(
            f"{name}: is a run of {found.project!r} and not of {config.project.name!r}; name a run of this project"
        )
    return found
