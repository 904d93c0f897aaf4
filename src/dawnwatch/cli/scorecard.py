"""`dawnwatch scorecard`: how the monitor did, by what people said of its pages."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dawnwatch.cli import options
from dawnwatch.cli.exits import guarded, say
from dawnwatch.cli.settings import CONFIG_FILE
from dawnwatch.cli.typed import one_of
from dawnwatch.errors import StoreError, UsageError
from dawnwatch.model.enums import Severity

if TYPE_CHECKING:
    from dawnwatch.model.scorecard import Scorecard

__all__ = ["scorecard"]

STANDARD_OUTPUT = "-"
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@guarded
def scorecard(
    results: options.Results = None,
    since: Annotated[
        str | None,
        typer.Option(
            help="Count windows judged since then: 30d, 12h, 4w, or a time such as 2026-11-24.", metavar="WHEN"
        ),
    ] = None,
    page_at: Annotated[
        Severity | None,
        typer.Option(
            help="A window counts as a page from this severity on.  \\[default: high]",
            show_default=False,
            parser=one_of("--page-at", Severity, Severity),
        ),
    ] = None,
    project: Annotated[
        str | None, typer.Option(help="Of this project, where the folder holds several.", show_default=False)
    ] = None,
    markdown: Annotated[str | None, typer.Option(help="Write it as Markdown; - prints it.", metavar="FILE|-")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON, nothing else.")] = False,
) -> None:
    """Score the monitor: precision of its pages, time to decision, advice followed, thresholds behind false pages."""
    from dawnwatch.cli.finish import folder_of
    from dawnwatch.config import Config
    from dawnwatch.monitoring.scorecard import read_scorecard

    if json and markdown == STANDARD_OUTPUT:
        raise UsageError("--json and --markdown - exclude each other: choose what to print")
    config = Config.load(CONFIG_FILE) if results is None and CONFIG_FILE.exists() else Config()
    card, faults = read_scorecard(
        folder_of(config, results).folder,
        project=project,
        page_at=page_at or Severity.HIGH,
        since=None if since is None else _since(since),
    )
    for line in faults:
        say(f"dawnwatch: warning: {line}")
    if markdown not in {None, STANDARD_OUTPUT}:
        say(f"wrote {_write(card, Path(str(markdown)).expanduser())}")
    if markdown == STANDARD_OUTPUT:
        from dawnwatch.report.scorecard.markdown import to_markdown

        sys.stdout.write(to_markdown(card))
    elif json:
        sys.stdout.write(card.model_dump_json(indent=2) + "\n")
    else:
        from rich.console import Console

        from dawnwatch.report.scorecard.terminal import ScorecardView

        Console(highlight=False).print(ScorecardView(card))


def _write(card: Scorecard, path: Path) -> Path:
    from dawnwatch.atomic import write_atomically
    from dawnwatch.report.scorecard.markdown import to_markdown

    if path.suffix not in {".md", ".markdown"}:
        raise UsageError(f"--markdown must end in .md, so that no packet is written over; got {path}")
    if path.is_dir():
        raise StoreError(f"--markdown {path}: is a folder; give a file in it")
    return write_atomically(path, to_markdown(card).encode())


def _since(text: str) -> datetime:
    """Return a time, which may be so long ago. Raises UsageError."""
    from dawnwatch.store.events import parse_moment

    ago = re.fullmatch(r"(\d{1,5})([hdw])", text.strip())
    if ago:
        return datetime.now(UTC) - int(ago[1]) * _UNITS[ago[2]]
    try:
        return parse_moment(text)
    except UsageError:
        raise UsageError(
            f"--since must be a span such as 30d, 12h or 4w, or a time such as 2026-11-24; got {text!r}"
        ) from None
