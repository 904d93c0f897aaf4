"""The options `run` and `demo` share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dawnwatch.cli.exits import say
from dawnwatch.cli.keyboard import at_terminal
from dawnwatch.cli.progress import watched
from dawnwatch.cli.typed import a_psi, a_share, one_of
from dawnwatch.errors import ConfigError, UsageError
from dawnwatch.explain.shell import Shell
from dawnwatch.model.enums import Severity

if TYPE_CHECKING:
    from dawnwatch.config import Config
    from dawnwatch.engines import SparkEngine

__all__ = [
    "DEFAULT_MEMORY",
    "AucThreshold",
    "Engine",
    "FailOn",
    "Json",
    "Label",
    "Master",
    "Memory",
    "MissingThreshold",
    "NoInteractive",
    "NoPlot",
    "Output",
    "Owner",
    "PsiThreshold",
    "Quiet",
    "Results",
    "engine_for",
    "memory_bytes",
    "moved",
]

LEAST_MEMORY = 256 << 20
_THRESHOLDS, _RESULT = "Thresholds for this run", "Results"

PsiThreshold = Annotated[
    float | None,
    typer.Option(
        help="PSI at or above this is RED; yellow becomes min(0.10, half of it) unless set below it.",
        rich_help_panel=_THRESHOLDS,
        metavar="NATS",
        parser=a_psi("--psi-threshold"),
    ),
]
MissingThreshold = Annotated[
    float | None,
    typer.Option(
        help="Largest share of missing values that passes.",
        rich_help_panel=_THRESHOLDS,
        metavar="SHARE",
        parser=a_share("--missing-threshold"),
    ),
]
AucThreshold = Annotated[
    float | None,
    typer.Option(
        help="Largest fall of the AUC that passes.",
        rich_help_panel=_THRESHOLDS,
        metavar="DROP",
        parser=a_share("--auc-threshold"),
    ),
]
DEFAULT_MEMORY = "2GiB"
Memory = Annotated[
    str,
    typer.Option(
        help="Memory to keep to on this machine, whatever the size of the data.", rich_help_panel="Data", metavar="SIZE"
    ),
]
Engine = Annotated[
    str,
    typer.Option(
        help="Where the rows are counted.",
        rich_help_panel="Data",
        metavar="[local|spark]",
        parser=one_of("--engine", ["local", "spark"], str),
    ),
]
Master = Annotated[
    str | None,
    typer.Option(help="Spark master, such as local[4] or yarn.", rich_help_panel="Data", show_default=False),
]
Results = Annotated[
    Path | None,
    typer.Option(
        help="Folder for packets and pictures.  \\[default: monitoring_results]",
        rich_help_panel=_RESULT,
        show_default=False,
    ),
]
Label = Annotated[str | None, typer.Option(help="A tag kept in the packet and its file name.", rich_help_panel=_RESULT)]
Owner = Annotated[str | None, typer.Option(help="Who owns this model.", rich_help_panel=_RESULT)]
NoPlot = Annotated[
    bool, typer.Option("--no-plot", help="Write the packet only, no pictures or report.", rich_help_panel=_RESULT)
]
FailOn = Annotated[
    Severity | None,
    typer.Option(
        help="Exit 1 at this severity or worse.  \\[default: never]",
        rich_help_panel=_RESULT,
        show_default=False,
        parser=one_of("--fail-on", Severity, Severity),
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the packet as JSON, nothing else.", rich_help_panel=_RESULT)]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.", rich_help_panel=_RESULT)]
NoInteractive = Annotated[
    bool,
    typer.Option(
        "--no-interactive",
        help="Never ask. Implied by --json, --quiet, CI and any non-terminal.",
        rich_help_panel=_RESULT,
    ),
]


@dataclass(frozen=True)
class Output:
    """How a run shows itself."""

    json: bool
    quiet: bool
    plot: bool
    label: str | None
    fail_on: Severity | None
    no_interactive: bool
    shell: Shell
    """How the run is reached from a shell."""

    def __post_init__(self) -> None:
        if self.json and self.quiet:
            raise UsageError("--json and --quiet exclude each other: choose what to print")

    @property
    def progress(self) -> bool:
        """Whether a person is watching."""
        return not (self.json or self.quiet or self.no_interactive) and watched()

    @property
    def interactive(self) -> bool:
        """Whether a person sits at a terminal who may be asked."""
        return not (self.json or self.quiet or self.no_interactive) and at_terminal()


def engine_for(engine: str, master: str | None) -> SparkEngine | None:
    """Return the Spark engine where it is asked for. Raises UsageError."""
    if engine != "spark":
        if master is not None:
            raise UsageError("--master goes with --engine spark")
        return None
    from dawnwatch.engines import SparkEngine

    return SparkEngine(master)


def memory_bytes(text: str) -> int:
    """Return a size such as 2GiB, 512M or 1.5g in bytes. Raises UsageError."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?\s*", text, re.IGNORECASE)
    size = float(found[1]) * 1024 ** " kmgt".index((found[2] or " ").lower()) if found else 0
    if size < LEAST_MEMORY:
        raise UsageError(f"--memory must be a size of at least 256MiB, such as 2GiB; got {text!r}")
    return int(size)


def moved(config: Config, *, psi: float | None, missing: float | None, auc: float | None, owner: str | None) -> Config:
    """Apply what the command line moves. Raises UsageError."""
    own = [name for name, column in config.columns.items() if psi is not None and column.psi is not None]
    own_missing = [
        name for name, column in config.columns.items() if missing is not None and column.missing is not None
    ]
    for flag, names in (("--psi-threshold", own), ("--missing-threshold", own_missing)):
        if names:
            say(f"dawnwatch: warning: {flag} leaves the columns with a threshold of their own: {', '.join(names)}")
    try:
        return config.override(psi=psi, missing=missing, auc=auc, owner=owner)
    except ConfigError as error:
        raise UsageError(str(error)) from None
