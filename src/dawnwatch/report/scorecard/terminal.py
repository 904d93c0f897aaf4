"""The scorecard on a terminal."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from dawnwatch.model.scorecard import Scorecard
from dawnwatch.report.scorecard.tables import blocks, title
from dawnwatch.report.words import ascii_signs, visible

__all__ = ["ScorecardView"]

PAGES = 12
"""Pages listed, the newest."""


class ScorecardView:
    """A scorecard for the terminal."""

    def __init__(self, card: Scorecard) -> None:
        self.card = card

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        plain = options.ascii_only

        def text(said: str, style: str = "") -> Text:
            return Text(ascii_signs(visible(said)) if plain else visible(said), style)

        yield text(title(self.card), "bold")
        for block in blocks(self.card, pages=PAGES):
            yield Rule(text(block.title, "bold"), align="left", style="dim", characters="-" if plain else "─")
            for line in block.lines:
                yield Padding(text(line), (0, 0, 0, 2))
            if block.wide:
                for when, how_bad, what, *rest in block.rows:
                    yield Padding(text(f"{when} {how_bad}: {what}"), (0, 0, 0, 2))
                    cells = zip(block.header[3:], rest, strict=True)
                    told = " · ".join(f"{name}: {cell}" for name, cell in cells if cell)
                    yield Padding(text(told, "dim"), (0, 0, 0, 4))
            elif block.rows:
                table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
                for name in block.header:
                    table.add_column(text(name), overflow="fold")
                for row in block.rows:
                    table.add_row(*map(text, row))
                yield Padding(table, (0, 0, 0, 2))
