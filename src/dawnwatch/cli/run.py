"""`dawnwatch run`: check the current window and write its triage packet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dawnwatch.cli import options
from dawnwatch.cli.exits import guarded, say
from dawnwatch.cli.progress import showing
from dawnwatch.errors import ConfigError

if TYPE_CHECKING:
    from dawnwatch.config import Config

__all__ = ["run"]

CONFIG_FILE = Path("dawnwatch.toml")
_DATA = "Data"


@guarded
def run(
    config: Annotated[
        Path | None,
        typer.Option(help="Configuration.  [default: dawnwatch.toml]", rich_help_panel=_DATA, show_default=False),
    ] = None,
    reference: Annotated[
        str | None, typer.Option(help="What normal looks like: the drift baseline.", rich_help_panel=_DATA)
    ] = None,
    current: Annotated[str | None, typer.Option(help="The window to check.", rich_help_panel=_DATA)] = None,
    holdout: Annotated[
        str | None,
        typer.Option(help="Rows the model never learned from: the performance baseline.", rich_help_panel=_DATA),
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
    """Check the current window against the reference and write its triage packet."""
    from dawnwatch.cli.finish import finish, results_folder
    from dawnwatch.monitoring import Monitor

    output = options.Output(json, quiet, not no_plot, label, fail_on, no_interactive)
    settings = _configuration(config, reference)
    settings = options.moved(settings, psi=psi_threshold, missing=missing_threshold, auc=auc_threshold, owner=owner)
    folder = results_folder(settings, results)
    with showing(output.progress) as progress:
        monitor = Monitor(settings, progress=progress).fit(reference, holdout=holdout)
        packet = monitor.check(current, label=label)
        progress("saving", 0)
    raise typer.Exit(finish(packet, folder, settings, output))


def _configuration(path: Path | None, reference: str | None) -> Config:
    """Load the configuration, or infer one from the reference where there is no file."""
    from dawnwatch.config import Config

    if path is not None or CONFIG_FILE.exists() or reference is None:
        if path is None and not CONFIG_FILE.exists():
            raise ConfigError(
                f"no {CONFIG_FILE} here: write one with `dawnwatch init REFERENCE`, name one with --config, or give "
                "--reference and --current"
            )
        return Config.load(path or CONFIG_FILE)
    from dawnwatch.monitoring.baselines import as_baseline_error
    from dawnwatch.profiling.infer import infer_config
    from dawnwatch.sources import open_source

    say(
        f"dawnwatch: warning: no {CONFIG_FILE} here, so the settings are inferred from the reference; write them with "
        "`dawnwatch init` to see and justify them"
    )
    with as_baseline_error():
        return infer_config(open_source(reference, what="reference"))
