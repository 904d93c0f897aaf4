"""`dawnwatch run`: check the current window and write its triage packet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dawnwatch.cli import options
from dawnwatch.cli.command_line import typed, typed_options
from dawnwatch.cli.exits import guarded
from dawnwatch.cli.progress import showing
from dawnwatch.cli.settings import CONFIG_FILE, configuration, configured_by
from dawnwatch.errors import UsageError
from dawnwatch.explain.shell import Shell

__all__ = ["run"]

_DATA = "Data"


@guarded
def run(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(help="Configuration.  \\[default: dawnwatch.toml]", rich_help_panel=_DATA, show_default=False),
    ] = None,
    reference: Annotated[
        str | None, typer.Option(help="What normal looks like: the drift baseline.", rich_help_panel=_DATA)
    ] = None,
    reference_profile: Annotated[
        Path | None,
        typer.Option(help="What `dawnwatch profile` made of the reference, instead of it.", rich_help_panel=_DATA),
    ] = None,
    current: Annotated[
        str | None, typer.Option(help="The window to check: data, or its profile.", rich_help_panel=_DATA)
    ] = None,
    holdout: Annotated[
        str | None,
        typer.Option(help="Rows the model never learned from: the performance baseline.", rich_help_panel=_DATA),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            help="When the labels were looked at; rows too young by then are not judged by them.  \\[default: now]",
            rich_help_panel=_DATA,
            metavar="TIME",
            show_default=False,
        ),
    ] = None,
    memory: options.Memory = options.DEFAULT_MEMORY,
    engine: options.Engine = "local",
    master: options.Master = None,
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
    """Check the current window against the reference and write its triage packet."""
    from dawnwatch.cli.finish import results_folder
    from dawnwatch.cli.steer import conclude
    from dawnwatch.monitoring import Monitor
    from dawnwatch.store.events import parse_moment

    shell = Shell(
        again=typed(context),
        # A reference profile holds the scores of the model it was made with.
        last_good=None if reference_profile else typed(context, instead={"config": Path("last-good.toml")}),
        config=config or (CONFIG_FILE if CONFIG_FILE.exists() else None),
        # What is replayed is read on this machine, by a configuration that says which column is the time.
        decide=typed_options(context, {"config", "current", "reference"})
        if engine == "local" and (config or CONFIG_FILE.exists())
        else None,
    )
    output = options.Output(json, quiet, not no_plot, label, fail_on, no_interactive, shell)
    looked_at = None if as_of is None else parse_moment(as_of)
    budget, where = options.memory_bytes(memory), options.engine_for(engine, master)
    if reference_profile is not None and (reference is not None or holdout is not None):
        raise UsageError("--reference-profile stands for the reference and its holdout; give no other")
    if reference_profile is None:
        settings = configuration(config, reference, local=where is None)
    else:
        settings = configured_by(reference_profile, config)
    settings = options.moved(settings, psi=psi_threshold, missing=missing_threshold, auc=auc_threshold, owner=owner)
    folder = results_folder(settings, results)
    with showing(output.progress) as progress:
        monitor = Monitor(settings, progress=progress, memory=budget, engine=where)
        monitor.fit(reference, holdout=holdout, reference_profile=reference_profile)
        seen = monitor.observe(current, history=folder.folder, as_of=looked_at)
        packet = monitor.judge(seen, label=label)
        progress("saving", 0, None)
    held = seen.baselines.drift.profile.rows
    loaded = f"{held:,} reference rows, {seen.current.profile.rows:,} to check"
    split = f"as configured; the model is judged against {seen.baselines.performance_text}"
    raise typer.Exit(conclude(packet, seen, folder, settings, output, loaded=loaded, split=split))
