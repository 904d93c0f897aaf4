"""`dawnwatch demo`: the worked example, MetroPulse, from its data to its packet."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dawnwatch.cli import options
from dawnwatch.cli.command_line import typed, typed_options
from dawnwatch.cli.exits import guarded, say
from dawnwatch.cli.progress import downloading, showing, watched
from dawnwatch.cli.typed import a_share, a_whole_number, one_of
from dawnwatch.errors import ConfigError, UsageError
from dawnwatch.explain.shell import Shell

if TYPE_CHECKING:
    from dawnwatch.config import Config
    from dawnwatch.sources.base import Source

__all__ = ["demo", "example"]

_SCENARIO = "Scenario"
MODEL_FILE = "metropulse-model.skops"


@guarded
def demo(
    context: typer.Context,
    data: Annotated[
        str | None,
        typer.Option(help="A copy of MovieLens 100K: a zip, a folder, or u.data.", rich_help_panel=_SCENARIO),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(help="Another dawnwatch.toml for the scenario.", rich_help_panel=_SCENARIO),
    ] = None,
    no_inject: Annotated[
        bool, typer.Option("--no-inject", help="Leave out the synthetic drift.", rich_help_panel=_SCENARIO)
    ] = False,
    mobile_share: Annotated[
        float | None,
        typer.Option(
            help="Share of mobile rows after injection.  \\[default: 0.60]",
            rich_help_panel=_SCENARIO,
            metavar="SHARE",
            parser=a_share("--mobile-share"),
        ),
    ] = None,
    night_share: Annotated[
        float | None,
        typer.Option(
            help="Share of night rows after injection.  \\[default: 0.63]",
            rich_help_panel=_SCENARIO,
            metavar="SHARE",
            parser=a_share("--night-share"),
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            help="Seed of the injection.",
            rich_help_panel=_SCENARIO,
            show_default=False,
            metavar="N",
            parser=a_whole_number("--seed"),
        ),
    ] = None,
    holdout: Annotated[
        str | None,
        typer.Option(
            help="Hold out random rows, or whole riders.",
            rich_help_panel=_SCENARIO,
            metavar="[random|by_unit]",
            parser=one_of("--holdout", ["random", "by_unit"], str),
        ),
    ] = None,
    eject: Annotated[
        Path | None,
        typer.Option(
            help="Run nothing: write the scenario into this folder, as files to study and change.",
            rich_help_panel=_SCENARIO,
        ),
    ] = None,
    results: options.Results = None,
    psi_threshold: options.PsiThreshold = None,
    missing_threshold: options.MissingThreshold = None,
    auc_threshold: options.AucThreshold = None,
    label: options.Label = None,
    owner: options.Owner = None,
    no_plot: options.NoPlot = False,
    fail_on: options.FailOn = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    no_interactive: options.NoInteractive = False,
) -> None:
    """Run the worked example: MetroPulse on MovieLens 100K, with injected drift."""
    if eject is not None:
        _eject(eject, context)
        return
    from dawnwatch.cli.finish import results_folder
    from dawnwatch.cli.steer import conclude
    from dawnwatch.config import Config
    from dawnwatch.monitoring import Monitor
    from dawnwatch.sources import open_source

    try:
        from metropulse.recommender import require_libraries, save_model
        from metropulse.scenario import CONFIG, build
    except ImportError as error:
        raise ConfigError(f"the scenario is not installed with dawnwatch ({error}); install the whole wheel") from None

    # Before anything is fetched.
    require_libraries()
    # The demo trains its model itself, so there is no last good one to judge.
    changed = no_inject or any(given is not None for given in (data, mobile_share, night_share, seed, holdout))
    decide = None if changed else f"{typed_options(context, {'config'})} --demo".strip()
    shell = Shell(again=typed(context), last_good=None, config=config, decide=decide)
    output = options.Output(json, quiet, not no_plot, label, fail_on, no_interactive, shell)
    settings = options.moved(
        Config.load(config or CONFIG),
        psi=psi_threshold,
        missing=missing_threshold,
        auc=auc_threshold,
        owner=owner,
    )
    folder = results_folder(Config() if config is None else settings, results)
    with downloading(output.progress) as received:
        built = build(
            settings,
            data=data,
            inject=not no_inject,
            injection_seed=seed,
            mobile_share=mobile_share,
            night_share=night_share,
            holdout=holdout,
            say=say,
            progress=received,
            step=(lambda name: say(f"· {name}")) if output.progress else lambda _: None,
        )
    windows = {what: open_source(getattr(built, what), name=name) for what, name in built.names.items()}
    with showing(output.progress) as progress:
        monitor = Monitor(built.described(settings), model=built.model, progress=progress)
        monitor.fit(
            windows["drift_baseline"], holdout=windows["holdout"], training=windows["training"], by_unit=built.retrain
        )
        seen = monitor.observe(windows["current"], notes=built.facts, history=folder.folder)
        packet = monitor.judge(seen, label=label)
        progress("saving", 0, None)
    save_model(built.model, folder.folder / MODEL_FILE)
    code = conclude(packet, seen, folder, monitor.config, output, loaded=_loaded(built), split=_split(built, no_inject))
    if decide is not None and not (json or quiet):
        _next(config, results)
    raise typer.Exit(code)


def example(config: Path | None, *, inject: bool = False) -> tuple[Config, Any, dict[str, Source]]:
    """Return the example's configuration, all that was built of it, and its windows.

    Parameters
    ----------
    inject : whether the current window has the synthetic drift, as in `dawnwatch demo`

    Raises
    ------
    ConfigError, UsageError, DataError
        Where it is not installed, or its data cannot be had.
    """
    from dawnwatch.config import Config
    from dawnwatch.sources import open_source

    try:
        from metropulse.recommender import require_libraries
        from metropulse.scenario import CONFIG, build
    except ImportError as error:
        raise ConfigError(f"the scenario is not installed with dawnwatch ({error}); install the whole wheel") from None
    require_libraries()
    settings = Config.load(config or CONFIG)
    with downloading(watched()) as received:
        built = build(settings, inject=inject, say=say, progress=received)
    windows = {what: open_source(getattr(built, what), name=name) for what, name in built.names.items()}
    return built.described(settings), built, windows


def _next(config: Path | None, results: Path | None) -> None:
    """Say what settles the decision of the run, which its packet leaves open."""
    given = [
        part for name, path in (("--config", config), ("--results", results)) if path for part in (name, str(path))
    ]
    command = shlex.join(["dawnwatch", "decide", "--demo", "--retrain", *given])
    # One line beside the packet, which takes the rest of a small screen.
    say(f"Next: `{command}` replays each action in time order and decides, in seconds")


def _loaded(built: Any) -> str:
    return f"{built.drift_baseline.num_rows + built.current.num_rows:,} rides of the rider log"


def _split(built: Any, no_inject: bool) -> str:
    injected = "nothing injected" if no_inject else "drift injected into the newer one"
    return (
        f"older window {built.drift_baseline.num_rows:,} rows (held out: {built.holdout.num_rows:,}), newer "
        f"{built.current.num_rows:,}; {injected}"
    )


def _eject(folder: Path, context: typer.Context) -> None:
    try:
        from metropulse.eject import eject
    except ImportError as error:
        raise ConfigError(f"the scenario is not installed with dawnwatch ({error}); install the whole wheel") from None

    given = [p for p in context.params if p != "eject" and str(context.get_parameter_source(p)).endswith("COMMANDLINE")]
    if given:
        flag = given[0].replace("_", "-")
        raise UsageError(f"--eject runs nothing, so --{flag} does not go with it; change the files it writes instead")
    for path in eject(folder):
        say(f"wrote {path}")
    say(f"Next: `python {folder / 'metropulse.py'}`, then change a MODIFY HERE block and run it again")
