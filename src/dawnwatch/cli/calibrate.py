"""`dawnwatch calibrate`: what each threshold costs in false alarms and what it finds, and what it should be."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dawnwatch.cli import options
from dawnwatch.cli.exits import guarded, say
from dawnwatch.cli.progress import showing, watched
from dawnwatch.cli.settings import CONFIG_FILE, configuration
from dawnwatch.cli.typed import a_psi, a_share
from dawnwatch.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from dawnwatch.config import Config
    from dawnwatch.model.calibration import ThresholdCalibration, ThresholdName

__all__ = ["calibrate"]

NO_REFERENCE = "no reference to draw windows from: give one with --reference, or set [data] reference"
STANDARD_OUTPUT = "-"
_DATA, _WANTED, _RESULT = "Data", "What is wanted", "Results"


@guarded
def calibrate(
    config: Annotated[
        Path | None,
        typer.Option(help="Configuration.  \\[default: dawnwatch.toml]", rich_help_panel=_DATA, show_default=False),
    ] = None,
    reference: Annotated[
        str | None, typer.Option(help="The history to draw windows from.", rich_help_panel=_DATA)
    ] = None,
    holdout: Annotated[
        str | None,
        typer.Option(
            help="Rows the model never learned from: labels and scores are drawn from it.", rich_help_panel=_DATA
        ),
    ] = None,
    window: Annotated[
        str | None,
        typer.Option(
            help="What a run checks: rows, such as 5000, or time, such as 1d.  \\[default: \\[schedule] window, else "
            "the rows of the current window]",
            rich_help_panel=_DATA,
            metavar="ROWS|TIME",
            show_default=False,
        ),
    ] = None,
    every: Annotated[
        str | None,
        typer.Option(
            help="How often it runs.  \\[default: \\[schedule] every, else 1d]",
            rich_help_panel=_DATA,
            metavar="TIME",
            show_default=False,
        ),
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Calibrate the worked example, MetroPulse.", rich_help_panel=_DATA)
    ] = False,
    budget: Annotated[
        float, typer.Option(help="False pages a year that are wanted at most.", rich_help_panel=_WANTED, min=0.01)
    ] = 4.0,
    psi_floor: Annotated[
        float | None,
        typer.Option(
            help="A PSI below this never matters.  \\[default: \\[calibrate] psi_floor, else 0.05]",
            rich_help_panel=_WANTED,
            metavar="NATS",
            parser=a_psi("--psi-floor"),
        ),
    ] = None,
    auc_floor: Annotated[
        float | None,
        typer.Option(
            help="A fall of the AUC below this never matters.  \\[default: \\[calibrate] auc_floor, else 0.01]",
            rich_help_panel=_WANTED,
            metavar="DROP",
            parser=a_share("--auc-floor"),
        ),
    ] = None,
    missing_floor: Annotated[
        float | None,
        typer.Option(
            help="A share of missing values below this never matters.  \\[default: \\[calibrate] missing_floor, else "
            "0.01]",
            rich_help_panel=_WANTED,
            metavar="SHARE",
            parser=a_share("--missing-floor"),
        ),
    ] = None,
    draws: Annotated[int, typer.Option(help="Windows to draw.", rich_help_panel=_WANTED, min=50)] = 700,
    seed: Annotated[
        int | None,
        typer.Option(
            help="Seed of the draws.  \\[default: \\[project] seed]", rich_help_panel=_WANTED, show_default=False, min=0
        ),
    ] = None,
    write: Annotated[
        bool,
        typer.Option(
            "--write",
            help="Set the suggested thresholds in the configuration, each with its `because`; all else stays.",
            rich_help_panel=_RESULT,
        ),
    ] = False,
    chart: Annotated[
        Path | None,
        typer.Option(
            help="Draw false alarms against detection: .png or .svg.", rich_help_panel=_RESULT, metavar="FILE"
        ),
    ] = None,
    markdown: Annotated[
        str | None, typer.Option(help="Write it as Markdown; - prints it.", rich_help_panel=_RESULT, metavar="FILE|-")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--all", help="Show every feature, not only the worst dozen.", rich_help_panel=_RESULT)
    ] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Say how many false alarms a year each threshold raises, and what it finds, from the reference's own past."""
    if sum([json, quiet, markdown == STANDARD_OUTPUT]) > 1:
        raise UsageError("--json, --quiet and --markdown - exclude each other: choose what to print")
    if chart is not None and chart.suffix not in {".png", ".svg"}:
        raise UsageError(f"--chart must end in .png or .svg; got {chart}")
    if demo and (reference or holdout):
        raise UsageError("--demo brings its own windows; give no other")
    if write and config is None:
        config = _written_into(demo)
    if write and config is not None:
        _refuse_read_only(config)
    given = _example(config) if demo else _own(config, reference, holdout)
    floors: dict[ThresholdName, float | None]
    floors = {"psi": psi_floor, "auc_drop": auc_floor, "missing": missing_floor}
    from dawnwatch.monitoring.calibration.answers import calibrate as answer

    settings: Config = given.pop("config")
    rows = given.pop("current_rows")
    with showing(watched() and not (json or quiet)) as progress:
        found = answer(
            settings,
            _schedule(settings, every, window, rows),
            draws=draws,
            budget=budget,
            floors={name: floor for name, floor in floors.items() if floor is not None},
            seed=seed,
            progress=progress,
            **given,
        )
    written = _write(found, chart, markdown, config if write else None)
    _print(found, json=json, quiet=quiet, markdown=markdown == STANDARD_OUTPUT, whole=whole)
    for path in written:
        say(f"wrote {path}")


def _written_into(demo: bool) -> Path:
    """Return the configuration of this folder that `--write` is to change: the user's own, or the ejected example's.

    Raises
    ------
    UsageError
        Where there is none, or the example's thresholds would be set for another model.
    """
    if not CONFIG_FILE.exists():
        first = "write the example's with `dawnwatch demo --eject .`, or " if demo else ""
        raise UsageError(
            f"--write needs a configuration to write into, and here is no {CONFIG_FILE}: {first}name one with --config"
        )
    from dawnwatch.config import Config

    if demo and not Config.load(CONFIG_FILE).scenario:
        raise UsageError(
            f"--write: the {CONFIG_FILE} here is not the worked example's, for it has no [scenario]: name one with "
            "--config, or leave --demo out"
        )
    return CONFIG_FILE


def _refuse_read_only(config: Path) -> None:
    """Say before the work that a file may not be changed: a new one in its place would get round its owner's wish.

    Raises
    ------
    UsageError
    """
    if config.exists() and not (config.stat().st_mode & 0o222 and os.access(config, os.W_OK)):
        raise UsageError(
            f"--write: {config} is read-only: make it writable, name another with --config, or leave --write out to "
            "see what would be set"
        )


def _own(config: Path | None, reference: str | None, holdout: str | None) -> dict[str, Any]:
    from dawnwatch.engines import open_data
    from dawnwatch.sources.base import known_rows

    settings = configuration(config, reference)
    if reference is None and settings.data.reference is None:
        raise ConfigError(NO_REFERENCE if not settings.scenario else f"{NO_REFERENCE}; of the worked example: --demo")
    current = settings.path(settings.data.current)
    rows = None if current is None else known_rows(open_data(current, what="current window"))
    return {"config": settings, "reference": reference, "holdout": holdout, "current_rows": rows}


def _example(config: Path | None) -> dict[str, Any]:
    from dawnwatch.cli.demo import example

    settings, built, windows = example(config)
    return {
        "config": settings,
        "reference": windows["drift_baseline"],
        "holdout": windows["holdout"],
        "training": windows["training"],
        "model": built.model,
        "current_rows": built.current.num_rows,
    }


def _schedule(config: Config, every: str | None, window: str | None, rows: int | None) -> Any:
    from dawnwatch.monitoring.calibration.schedule import schedule

    chosen = window or config.schedule.window or rows
    if chosen is None:
        raise ConfigError(
            "how large is a window? Say it with --window (rows, such as 5000, or time, such as 1d), or set [schedule] "
            "window or [data] current"
        )
    return schedule(every or config.schedule.every or "1d", str(chosen))


def _write(found: ThresholdCalibration, chart: Path | None, markdown: str | None, config: Path | None) -> list[Path]:
    """Write all files, or none of them where one cannot be."""
    from dawnwatch.atomic import write_together

    files: dict[Path, bytes] = {}
    if chart is not None:
        from dawnwatch.report.charts import calibration_chart
        from dawnwatch.report.render import drawn

        files[chart] = drawn(calibration_chart(found))[chart.suffix]
    if markdown is not None and markdown != STANDARD_OUTPUT:
        from dawnwatch.report.calibration.markdown import to_markdown

        files[Path(markdown)] = to_markdown(found).encode("utf-8", "backslashreplace")
    if config is not None:
        text = _edited(found, config)
        if text is None:
            say(f"{config} stays as it is: no other threshold is suggested")
        else:
            files[config] = text
    return write_together(files)


def _edited(found: ThresholdCalibration, path: Path) -> bytes | None:
    """Return the configuration's text with the suggested thresholds; None where nothing changes."""
    from dawnwatch.config import Config
    from dawnwatch.config.edit import edited
    from dawnwatch.monitoring.calibration.suggest import settings

    config = Config.load(path)
    changes: dict[tuple[str, ...], Mapping[str, float | str]] = {}
    for one in found.suggestions:
        if one.value is None or not one.moves:
            continue
        entry = config.thresholds if one.column is None else config.column(one.column)
        before = getattr(entry, one.threshold).model_dump(exclude_unset=True)
        table = ("thresholds", one.threshold) if one.column is None else ("columns", one.column, one.threshold)
        changes[table] = {**settings(one.threshold, before, one.value, one.floor), "because": one.because}
    if not changes:
        return None
    return edited(path.read_bytes().decode("utf-8"), changes, where=str(path)).encode()


def _print(found: ThresholdCalibration, *, json: bool, quiet: bool, markdown: bool, whole: bool) -> None:
    if json:
        sys.stdout.write(found.model_dump_json(indent=2) + "\n")
    elif markdown:
        from dawnwatch.report.calibration.markdown import to_markdown

        sys.stdout.write(to_markdown(found))
    elif not quiet:
        from rich.console import Console

        from dawnwatch.report.calibration.terminal import CalibrationView

        Console(highlight=False).print(CalibrationView(found, whole=whole))
