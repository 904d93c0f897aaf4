"""`dawnwatch drill`: an incident with a known truth, put into real data; the answer is hidden until asked for."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dawnwatch.cli import options
from dawnwatch.cli.exits import guarded, say
from dawnwatch.cli.progress import downloading, showing
from dawnwatch.cli.reveal import packet_of, reveal_last, show
from dawnwatch.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from dawnwatch.drills.data.base import DataSet

__all__ = ["DATA", "data_set", "drill"]

_DRILL = "Drill"
FOLDER = Path("drill_results")
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
        typer.Option(help="Plays the same drill again.  \\[default: another each time]", min=0, rich_help_panel=_DRILL),
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
    results: Annotated[
        Path | None,
        typer.Option(
            help=f"Folder for packets and pictures.  \\[default: {FOLDER}]",
            rich_help_panel="Results",
            show_default=False,
        ),
    ] = None,
    label: options.Label = None,
    no_plot: options.NoPlot = False,
    fail_on: options.FailOn = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    no_interactive: options.NoInteractive = False,
) -> None:
    """Play an incident on real data, judge it as `run` does, and hide what it was."""
    # Not the folder of production: what is newest there, and its history, must stay the model's own.
    results = results or FOLDER
    if list_:
        _list()
        return
    from dawnwatch.cli.finish import folder_of, results_folder
    from dawnwatch.config import Config

    if reveal and kind is None:
        _alone(context)
        reveal_last(folder_of(Config(), results).folder, as_json=json)
        return
    if reveal and (json or quiet):
        raise UsageError("play the drill first, then `dawnwatch drill --reveal --json` opens its answer")
    from dawnwatch.cli.steer import conclude
    from dawnwatch.drills.play import ROWS, set_up
    from dawnwatch.drills.registry import find_kind
    from dawnwatch.drills.sealed import Sealed, seal
    from dawnwatch.explain.shell import Shell
    from dawnwatch.sources import open_source

    wanted = None if kind is None else find_kind(kind)
    has_strength = wanted is None or wanted.measure is not None
    if not has_strength and "COMMANDLINE" in str(context.get_parameter_source("strength")):
        why = "it touches every row" if wanted is not None and wanted.pillar is not None else "nothing is injected"
        raise UsageError(f"{kind} has no strength: {why}; leave out --strength")
    seed = secrets.randbelow(1_000_000) if seed is None else seed
    hard = f" --strength {strength}" if has_strength else ""
    again = f"dawnwatch drill {f'{kind} ' if kind else ''}--data {data}{hard} --seed {seed}"
    shell = Shell(again=again, last_good=None)
    output = options.Output(json, quiet, not no_plot, label, fail_on, no_interactive, shell)
    folder = results_folder(Config(), results)
    played = set_up(data_set(data, watched=output.progress), wanted, strength, seed)
    with showing(output.progress) as progress:
        monitor = played.split.monitor(progress, rows=ROWS)
        window = open_source(played.injected.table, what="current window", name=f"drill {seed} on {data}")
        # What is written down now must not give the answer away.
        notes = {"drill": {"data": data, "strength": strength, "seed": seed}}
        seen = monitor.observe(window, notes=notes, as_of=played.ends)
        packet = monitor.judge(seen, label=label or "drill")
        progress("saving", 0, None)
    fingerprint = packet.provenance.current.fingerprint
    sealed = Sealed(packet=packet.id, window=fingerprint, truth=played.injected.truth)
    seal(sealed, folder.folder)
    loaded = f"{played.split.baseline.num_rows:,} rows of {data} the model never learned from"
    split = f"a window of {played.injected.table.num_rows:,} rows of other units; seed {seed}, {strength}"
    code = conclude(packet, seen, folder, monitor.config, output, loaded=loaded, split=split)
    if reveal:
        show(sealed, packet_of(folder.folder, sealed) or packet)
    elif not quiet:
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
    from dawnwatch.drills.truth import MEASURES

    table = Table("kind", "strength in", "what happens", box=None, header_style="bold", pad_edge=False)
    for kind in all_kinds():
        table.add_row(kind.name, MEASURES[kind.measure] if kind.measure else "", kind.summary)
    Console(highlight=False, markup=False).print(table)


def _alone(context: typer.Context) -> None:
    """Refuse what would play another drill beside the one that is revealed. Raises UsageError."""
    playing = {"data", "strength", "seed", "label", "no_plot", "fail_on"}
    given = [p for p in context.params if p in playing and "COMMANDLINE" in str(context.get_parameter_source(p))]
    if given:
        flag = given[0].replace("_", "-")
        raise UsageError(f"--reveal opens the last drill, so --{flag} does not go with it; name a KIND to play one")
