"""`dawnwatch onset`: one long log, cut by time, and since when its last window is as it is."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dawnwatch.cli import options
from dawnwatch.cli.exits import guarded, say
from dawnwatch.cli.progress import showing, watched
from dawnwatch.cli.settings import configuration, configured_by
from dawnwatch.errors import UsageError

if TYPE_CHECKING:
    from dawnwatch.model.long_log import LogOnset

__all__ = ["onset"]


@guarded
def onset(
    log: Annotated[str, typer.Argument(help="A prediction log with a time column.")],
    every: Annotated[str, typer.Option(help="Length of a window, such as 6h, 1d or 1w.", metavar="LENGTH")] = "1d",
    config: Annotated[
        Path | None, typer.Option(help="Configuration.  \\[default: dawnwatch.toml]", show_default=False)
    ] = None,
    reference: Annotated[str | None, typer.Option(help="What normal looks like: the drift baseline.")] = None,
    reference_profile: Annotated[
        Path | None, typer.Option(help="What `dawnwatch profile` made of the reference, instead of it.")
    ] = None,
    holdout: Annotated[
        str | None, typer.Option(help="Rows the model never learned from: the performance baseline.")
    ] = None,
    results: options.Results = None,
    memory: options.Memory = options.DEFAULT_MEMORY,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON, nothing else.")] = False,
) -> None:
    """Cut a long log by its time, and say since when its last window fails, drifts or does worse."""
    from dawnwatch.cli.finish import folder_of
    from dawnwatch.monitoring import Monitor
    from dawnwatch.store.events import EventLog

    length = _length(every)
    if reference_profile is not None and (reference is not None or holdout is not None):
        raise UsageError("--reference-profile stands for the reference and its holdout; give no other")
    settings = (
        configuration(config, reference) if reference_profile is None else configured_by(reference_profile, config)
    )
    events = EventLog(folder_of(settings, results).folder).all()
    with showing(watched() and not json) as progress:
        monitor = Monitor(settings, progress=progress, memory=options.memory_bytes(memory))
        monitor.fit(reference, holdout=holdout, reference_profile=reference_profile)
        found = monitor.onset(log, every=length, events=events)
    if json:
        sys.stdout.write(found.model_dump_json(indent=2) + "\n")
        return
    _show(found)


def _length(text: str) -> timedelta:
    from dawnwatch.config.policy import parse_hours

    try:
        hours = parse_hours(text)
    except ValueError:
        raise UsageError(
            f"--every must be a number with h, d or w, of at most 10 years, such as 6h, 1d or 1w; got {text!r}"
        ) from None
    if not hours:
        raise UsageError(f"--every must be a length above 0, such as 6h, 1d or 1w; got {text!r}")
    return timedelta(hours=hours)


def _show(found: LogOnset) -> None:
    from dawnwatch.model.numbers import moment, number, plural
    from dawnwatch.model.onset_words import since_when
    from dawnwatch.report.words import visible

    for window in found.windows:
        said = [f"AUC {number(window.auc)}{' degraded' if window.degraded else ''}"] if window.auc is not None else []
        said += [f"RED {', '.join(window.red)}"] * bool(window.red)
        said += [f"YELLOW {', '.join(window.yellow)}"] * bool(window.yellow)
        said += [f"failed {', '.join(window.failed)}"] * bool(window.failed)
        sys.stdout.write(visible(f"{moment(window.first_at)}  {window.rows:>9,} rows  {'; '.join(said)}") + "\n")
    for told in since_when(found.onsets):
        sys.stdout.write(visible(f"{told.text}.") + "\n")
    if not found.onsets:
        last = found.windows[-1]
        auc = "its AUC could not be judged" if last.drop is None else "no fall of the AUC fails"
        sys.stdout.write(f"The last window has nothing to date: no check failed, no drift is shown, and {auc}.\n")
    if found.without_time:
        say(f"dawnwatch: {plural(found.without_time, 'row')} without a time left out")
