"""`dawnwatch profile` and `dawnwatch merge`: counts as files, so that no row is read twice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dawnwatch.cli import options
from dawnwatch.cli.exits import guarded, say
from dawnwatch.cli.progress import showing, watched
from dawnwatch.cli.settings import configuration, configured_by

if TYPE_CHECKING:
    from dawnwatch.config import Config
    from dawnwatch.engines import SparkEngine
    from dawnwatch.monitoring.by_unit import Trainer

__all__ = ["merge", "profile"]

_OUTPUT = "The file to write."


@guarded
def profile(
    data: Annotated[str, typer.Argument(help="The reference; or, with --against, a window to check later.")],
    output: Annotated[Path, typer.Option("--output", "-o", help=_OUTPUT)],
    against: Annotated[
        Path | None, typer.Option(help="The reference profile whose bins count this window.", show_default=False)
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="Configuration.  \\[default: dawnwatch.toml]", show_default=False)
    ] = None,
    holdout: Annotated[
        str | None, typer.Option(help="Rows the model never learned from: the performance baseline.")
    ] = None,
    by_unit: Annotated[
        bool,
        typer.Option(
            "--by-unit",
            help="Measure the model on units it never learned from: retrain without each fold of them "
            "(\\[model] trainer), or take the rows of \\[data] by_unit.",
        ),
    ] = False,
    keys: Annotated[
        bool, typer.Option("--keys", help="Keep the keys' hashes, to count repeats across merged windows.")
    ] = False,
    memory: options.Memory = options.DEFAULT_MEMORY,
    engine: options.Engine = "local",
    master: options.Master = None,
    quiet: options.Quiet = False,
) -> None:
    """Profile a reference, or a window against one: a small file that `run` and `merge` read instead of the data."""
    from dawnwatch.errors import UsageError
    from dawnwatch.monitoring import Monitor
    from dawnwatch.monitoring.profile_files import require_free

    if against is not None and holdout is not None:
        raise UsageError("--holdout belongs to a reference; a window profiled --against one has none")
    if against is not None and by_unit:
        raise UsageError("--by-unit belongs to a reference; a window profiled --against one has none")
    if against is None and keys:
        raise UsageError("--keys goes with --against: repeats are counted in the windows that are checked")
    require_free(output, data, holdout, against)
    budget, where = options.memory_bytes(memory), options.engine_for(engine, master)
    settings = configuration(config, data, local=where is None) if against is None else configured_by(against, config)
    with showing(watched() and not quiet) as progress:
        monitor = Monitor(settings, progress=progress, memory=budget, engine=where)
        if against is None:
            monitor.fit(data, holdout=holdout, by_unit=_trainer(settings, where) if by_unit else None).save(output)
        else:
            monitor.fit(reference_profile=against).profile(data, output, keys=keys)
    if not quiet:
        run = (
            f"--reference-profile {output} --current PATH"
            if against is None
            else f"--reference-profile {against} --current {output}"
        )
        say(f"wrote {output} ({_size(output)}); next: `dawnwatch run {run}`")


def _trainer(settings: Config, engine: SparkEngine | None) -> Trainer | None:
    """Return what trains the model anew; None where rows of new units are configured instead."""
    from dawnwatch.errors import ConfigError, UsageError
    from dawnwatch.monitoring.by_unit import load_trainer

    if settings.roles.unit is None:
        raise ConfigError("--by-unit: no [roles] unit is configured, so nobody knows which rows belong together")
    if settings.model.trainer is None:
        if settings.data.by_unit is None:
            raise ConfigError(
                "--by-unit: set [model] trainer to a function that trains the model anew, as module:function, or "
                "[data] by_unit to rows of whole units that the model never learned from"
            )
        return None
    if engine is not None:
        raise UsageError("--by-unit trains on this machine, from rows read here; leave out --engine")
    return load_trainer(settings.model.trainer, settings.path(".") or ".")


@guarded
def merge(
    profiles: Annotated[list[Path], typer.Argument(help="Window profiles, in the order of their rows.")],
    output: Annotated[Path, typer.Option("--output", "-o", help=_OUTPUT)],
    quiet: options.Quiet = False,
) -> None:
    """Add window profiles: hours become a day, days a week, without reading a row."""
    from dawnwatch.monitoring.profile_files import matching, require_free
    from dawnwatch.monitoring.saved_window import SavedWindow, merge_windows

    # A quoted pattern, and that of a shell that expands none.
    profiles = [path for given in profiles for path in matching(given) or [given]]
    require_free(output, *profiles)
    merged = merge_windows([SavedWindow.load(path) for path in profiles])
    merged.save(output)
    if not quiet:
        say(f"wrote {output} ({_size(output)}): {merged.window.profile.rows:,} rows of {len(profiles)} profiles")


def _size(path: Path) -> str:
    size = path.stat().st_size
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{max(size // 1000, 1)} kB"
