"""A calibration on one screen."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from dawnwatch.model.calibration import ThresholdCalibration
from dawnwatch.report.calibration.table import (
    HEADINGS,
    check_rows,
    how,
    noticed,
    pages_line,
    suggestion_lines,
    worst,
)
from dawnwatch.report.words import ascii_signs, visible

__all__ = ["CalibrationView"]

MOST = 12
"""Subjects shown on one screen."""


class CalibrationView:
    """A calibration for the terminal: the worst dozen subjects, or all of them."""

    def __init__(self, found: ThresholdCalibration, *, whole: bool = False) -> None:
        self.found, self.whole = found, whole

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        def text(said: str, style: str = "") -> Text:
            return Text(ascii_signs(visible(said)) if options.ascii_only else visible(said), style)

        found = self.found
        yield text(f"{found.project}: what its thresholds cost and find", "bold")
        yield text(how(found), "dim")
        shown = ""
        kept, left = (found, 0) if self.whole else worst(found, MOST)
        for title, subject, rows in check_rows(kept):
            if title != shown:
                line = "-" if options.ascii_only else "─"
                yield Rule(text(title, "bold"), align="left", style="dim", characters=line)
                shown = title
            yield Padding(text(subject, "bold"), (0, 0, 0, 2))
            table = Table(*HEADINGS, box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
            for row in rows:
                table.add_row(*(text(cell) for cell in row))
            yield Padding(table, (0, 0, 0, 4))
        if left:
            yield text(f"... and {left} more with no more false alarms: --all shows them, --markdown - as one table")
        yield Rule(style="dim", characters="-" if options.ascii_only else "─")
        yield text(pages_line(found), "bold")
        for line in suggestion_lines(found):
            yield text(line)
        for line in [*noticed(kept.checks), *found.cautions]:
            yield text(f"Note: {line}.", "dim")
