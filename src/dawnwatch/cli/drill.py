"""`dawnwatch drill`: an incident with a known truth, put into real data; the answer is hidden until asked for."""

from __future__ import annotations

import json as json_
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from dawnwatch.cli import options
from dawnwatch.cli.exits import guarded, say
from dawnwatch.cli.progress import downloading, showing
from dawnwatch.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from dawnwatch.drills.data.base import DataSet
    from dawnwatch.drills.sealed import Sealed
    from dawnwatch.model.packet import TriagePacket

__all__ = ["DATA", "data_set", "drill"]

_DRILL = "Drill"
DATA = ("movielens", "flights", "lectures")
DEVICES_SEED = 7
"""Seed of MovieLens's devices, the same as the worked example's."""


@guarded
def drill(
    context: typer.Context,
    kind: Annotated[
        str | None, typer.Argument(help="What is to happen; by default the seed chooses.", show_default=False)
    ] = None,
    data: Annotated[
        Literal["movielens", "flights", "lectures"], typer.Option(help="Where it happens.", rich_help_panel=_DRILL)
    ] = "movielens",
    strength: Annotated[
        Literal["weak", "middle", "strong"], typer.Option(help="How hard it hits.", rich_help_panel=_DRILL)
    ] = "middle",
    seed: Annotated[
        int | None,
        typer.Option(help="Plays the same drill again.  [default: another each time]", min=0, rich_help_panel=_DRILL),
    ] = None,
    reveal: Annotated[
        bool,
        typer.Option(
            "--reveal",
            help="Show what really happened beside what the packet said; without KIND, of the last drill.",
            rich_help_panel=_DRILL,
        ),
    ] = False,
    list_: Annotated[bool, typer.Option("--list", help="List the kinds.", rich_help_panel=_DRILL)] = False,
    results: options.Results = None,
    label: options.Label = None,
    no_plot: options.NoPlot = False,
    fail_on: options.FailOn = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    no_interactive: options.NoInteractive = False,
) -> None:
    """Play an incident on real data, judge it as `run` does, and hide what it was."""
    if list_:
        _list()
        return
    from dawnwatch.cli.finish import folder_of, results_folder
    from dawnwatch.config import Config

    if reveal and kind is None:
        _alone(context)
        _reveal(folder_of(Config(), results).folder, as_json=json)
        return
    if reveal and (json or quiet):
        raise UsageError("play the drill first, then `dawnwatch drill --reveal --json` opens its answer")
    from dawnwatch.cli.steer import conclude
    from dawnwatch.drills.play import set_up
    from dawnwatch.drills.registry import find_kind
    from dawnwatch.drills.sealed import Sealed, seal
    from dawnwatch.sources import open_source

    output = options.Output(json, quiet, not no_plot, label, fail_on, no_interactive)
    wanted = None if kind is None else find_kind(kind)
    seed = secrets.randbelow(1_000_000) if seed is None else seed
    folder = results_folder(Config(), results)
    played = set_up(data_set(data, watched=output.progress), wanted, strength, seed)
    with showing(output.progress) as progress:
        monitor = played.split.monitor(progress)
        window = open_source(played.injected.table, what="current window", name=f"drill {seed} on {data}")
        # What is written down now must not give the answer away.
        seen = monitor.observe(window, notes={"drill": {"data": data, "strength": strength, "seed": seed}})
        packet = monitor.judge(seen, label=label or "drill")
        progress("saving", 0, None)
    fingerprint = packet.provenance.current.fingerprint
    sealed = Sealed(packet=packet.id, window=fingerprint, truth=played.injected.truth)
    seal(sealed, folder.folder)
    loaded = f"{played.split.baseline.num_rows:,} rows of {data} the model never learned from"
    split = f"a window of {played.injected.table.num_rows:,} rows of other units; seed {seed}, {strength}"
    code = conclude(packet, seen, folder, monitor.config, output, loaded=loaded, split=split)
    if reveal:
        _show(sealed, _packet(folder.folder, sealed) or packet)
    elif not quiet:
        again = f"dawnwatch drill --data {data} --strength {strength} --seed {seed}"
        again = f"{again} {kind}" if kind else again
        say(f"What happened is sealed: `dawnwatch drill --reveal` opens it. To play it again: `{again}`")
    raise typer.Exit(code)


def data_set(name: str, *, watched: bool = False) -> DataSet:
    """Load one of `DATA`. Only here is the scenario's rider log handed to the drills.

    Raises
    ------
    ConfigError, DataError
        Where it is not installed, or cannot be had.
    """
    if name == "flights":
        from dawnwatch.drills.data.flights import flights

        return flights()
    if name == "lectures":
        from dawnwatch.drills.data.lectures import lectures

        return lectures()
    import numpy as np

    from dawnwatch.drills.data.movielens import movielens

    try:
        from metropulse.features import rider_log
        from metropulse.movielens import find_ratings
    except ImportError as error:
        raise ConfigError(f"the scenario is not installed with dawnwatch ({error}); install the whole wheel") from None
    with downloading(watched) as received:
        ratings = find_ratings(say=say, progress=received)
    return movielens(rider_log(ratings.table, np.random.default_rng([DEVICES_SEED, 0])))


def _list() -> None:
    from rich.console import Console
    from rich.table import Table

    from dawnwatch.drills.registry import all_kinds

    table = Table("kind", "strength in", "what happens", box=None, header_style="bold", pad_edge=False)
    words = {"psi": "PSI", "auc_drop": "fall of the AUC", "rows": "rows touched", None: ""}
    for kind in all_kinds():
        table.add_row(kind.name, words[kind.measure], kind.summary)
    Console(highlight=False, markup=False).print(table)


def _alone(context: typer.Context) -> None:
    """Refuse what would play another drill beside the one that is revealed. Raises UsageError."""
    playing = {"data", "strength", "seed", "label", "no_plot", "fail_on"}
    given = [p for p in context.params if p in playing and "COMMANDLINE" in str(context.get_parameter_source(p))]
    if given:
        flag = given[0].replace("_", "-")
        raise UsageError(f"--reveal opens the last drill, so --{flag} does not go with it; name a KIND to play one")


def _reveal(folder: Path, *, as_json: bool) -> None:
    from dawnwatch.drills.sealed import last_sealed, unseal

    path = last_sealed(folder)
    sealed = unseal(path)
    packet = _packet(folder, sealed)
    if as_json:
        told: dict[str, Any] = {"packet": sealed.packet, "truth": sealed.truth.model_dump(mode="json")}
        if packet is not None:
            told["answers"] = [answer._asdict() for answer in _answers(sealed, packet)]
        sys.stdout.write(json_.dumps(told, indent=2) + "\n")
        return
    if packet is None:
        say(f"dawnwatch: warning: {folder} no longer holds the packet {sealed.packet}; here is the answer alone")
    _show(sealed, packet)


def _packet(folder: Path, sealed: Sealed) -> TriagePacket | None:
    """Return the newest packet of the drill's window, as a person may have left it."""
    from dawnwatch.store.files import ResultsFolder
    from dawnwatch.store.find import packets

    found, _ = packets(ResultsFolder(folder))
    return next((n.packet for n in found if n.packet.provenance.current.fingerprint == sealed.window), None)


def _answers(sealed: Sealed, packet: TriagePacket) -> Any:
    from dawnwatch.drills.reveal import answers
    from dawnwatch.drills.scoring import score

    return answers(sealed.truth, packet, score(packet, sealed.truth))


def _show(sealed: Sealed, packet: TriagePacket | None) -> None:
    from rich.console import Console
    from rich.table import Table

    truth = sealed.truth
    console = Console(highlight=False, markup=False)
    console.print(f"{truth.kind}, {truth.strength}, on {truth.data} (seed {truth.seed}): {truth.told}.", style="bold")
    if truth.measure is not None and truth.reached is not None:
        words = {"psi": "PSI", "auc_drop": "fall of the AUC", "rows": "share of the rows"}[truth.measure]
        console.print(f"{words}: {truth.reached:.3f}. {'Harmful' if truth.harmful else 'Benign'}.")
    if packet is None:
        return
    table = Table("", "truth", "packet", "", box=None, header_style="bold", pad_edge=False)
    marks = {True: "✓ found", False: "✗ missed", None: ""}
    for answer in _answers(sealed, packet):
        mark = marks[answer.found]
        if truth.pillar is None and answer.question == "pillar":
            mark = "✓ no alarm" if answer.found else "✗ false alarm"
        table.add_row(answer.question, answer.truth, answer.packet, mark)
    console.print(table)
    console.print(f"severity {packet.severity.value}: {packet.headline}", style="dim")
