"""One section of a run for the terminal: what it is, what came out, in a screen that leaves room for a question."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from dawnwatch.model.enums import Pillar
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report.hidden import shown_outcome
from dawnwatch.report.lines import drift_lines, performance_lines, quality_lines
from dawnwatch.report.terminal import SIGN_STYLE
from dawnwatch.report.words import OUTCOME_SIGN, ascii_signs, visible

__all__ = ["SectionView", "StepView"]

LINES = {Pillar.QUALITY: quality_lines, Pillar.DRIFT: drift_lines, Pillar.PERFORMANCE: performance_lines}


class StepView:
    """A step's heading, with its place among the others, and what came of it."""

    def __init__(self, name: str, at: int, of: int, said: str = "") -> None:
        self.name, self.at, self.of, self.said = name, at, of, said

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        ascii_only = options.ascii_only
        heading = Text(f"{self.at}/{self.of} {self.name}", "bold")
        yield Rule(heading, align="left", style="dim", characters="-" if ascii_only else "─")
        if self.said:
            said = visible(self.said)
            yield Text(ascii_signs(said) if ascii_only else said)


class SectionView:
    """A pillar's outcome in a few lines."""

    def __init__(self, packet: TriagePacket, pillar: Pillar, at: int, of: int) -> None:
        self.packet, self.pillar, self.at, self.of = packet, pillar, at, of

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield StepView(self.pillar.value, self.at, self.of)
        outcome = shown_outcome(self.packet, self.pillar)
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=1)
        grid.add_column(overflow="fold")
        for i, line in enumerate(LINES[self.pillar](self.packet)):
            sign = OUTCOME_SIGN[outcome] if i == 0 else " "
            said = visible(line)
            if options.ascii_only:
                sign, said = ascii_signs(sign), ascii_signs(said)
            grid.add_row(Text(sign, SIGN_STYLE[outcome]), Text(said))
        yield grid
