"""Runs side by side in the terminal, and under them why the severity moved."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from dawnwatch.model.comparison import Comparison, Step
from dawnwatch.report.comparison.table import Cell, Section, side_by_side
from dawnwatch.report.comparison.words import moved_lines, same_line
from dawnwatch.report.terminal import SIGN_STYLE, STYLE
from dawnwatch.report.words import ascii_signs, shorten_name, visible

__all__ = ["ComparisonView"]

NAME = 26
"""Columns of a row's name at most, and more on a wide terminal."""
CELL = 14
"""Columns a run needs at least; more runs than fit side by side come below each other."""
CHANGES = 4
DIFFERS = "≠"


class ComparisonView:
    """A comparison for the terminal. Colour only repeats what signs and words say."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        self._ascii = options.ascii_only
        sections = side_by_side(self.comparison, brief=True)
        widest = max(cell_len(section.prefix + row.name) for section in sections for row in section.rows)
        name = min(widest, max(NAME, options.max_width // 4))
        runs = len(self.comparison.runs)
        fit = max(1, (options.max_width - name - 4) // (CELL + 2))
        blocks = [range(start, min(start + fit, runs)) for start in range(0, runs, fit)]
        for places in blocks:
            yield self._table(sections, places, name, (options.max_width - name - 4) // len(places) - 2)
        yield Group(*self._steps())

    def _table(self, sections: list[Section], places: range, name: int, width: int) -> RenderableType:
        table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
        table.add_column("", width=1 if not self._ascii else 2)
        table.add_column("", width=name, no_wrap=True, overflow="ellipsis" if not self._ascii else "crop")
        for place in places:
            table.add_column(Text(self._safe(self.comparison.runs[place].name), "bold"), overflow="fold")
        for section in sections:
            for row in section.rows:
                cells = [self._cell(row.cells[place], width) for place in places]
                mark = Text(self._safe(DIFFERS), "bold") if row.differs else Text()
                table.add_row(mark, Text(self._safe(shorten_name(section.prefix + row.name, name))), *cells)
            if section.left:
                table.add_row(Text(), Text(self._safe(f"  {section.left}"), "dim"))
        return table

    def _cell(self, cell: Cell, width: int) -> Text:
        style = STYLE[cell.severity] if cell.severity else SIGN_STYLE[cell.outcome] if cell.outcome else ""
        text = f" {cell.text.upper()} " if cell.severity else cell.text
        return Text(_in_lines(self._safe(text), width), style)

    def _steps(self) -> Iterator[RenderableType]:
        steps = self.comparison.steps
        same = {same_line(step) for step in steps}
        for step in steps:
            yield Text(self._safe(f"{step.before} → {step.after}: {step.text}"), "bold")
            yield from map(self._more, self._lines(step, apart=len(same) > 1))
        for line in same if len(same) == 1 else []:
            yield self._more(f"The same {'throughout' if len(steps) > 1 else 'in both'}: {line}", "")

    def _lines(self, step: Step, *, apart: bool) -> Iterator[str]:
        """Yield what moved, what flipped and what is the same or not known; the last at its step where steps differ."""
        if step.changes:
            yield "; ".join(moved_lines(step, CHANGES))
        for flip in step.flips:
            yield flip.text
        if apart and step.same:
            yield f"the same in both: {same_line(step)}"
        if step.attribution == "unknown":
            yield from (f"not known: {text}" for text in step.unproved)

    def _more(self, text: str, indent: str = " ") -> RenderableType:
        """Return a line under its heading, its further lines indented as the first one."""
        row = Table.grid(padding=(0, 1, 0, 0))
        row.add_column(width=len(indent))
        row.add_column(overflow="fold")
        row.add_row("", Text(self._safe(text)))
        return row if indent else Text(self._safe(text))

    def _safe(self, text: str) -> str:
        """Return text without control characters, and in ASCII where the stream carries nothing else."""
        text = visible(text)
        return ascii_signs(text) if self._ascii else text


def _in_lines(name: str, width: int) -> str:
    r"""Break a name that is too wide after its underscores; words are left to be wrapped at their spaces.

    Examples
    --------
    >>> _in_lines("degraded_and_red_drift", 16)
    'degraded_and_\nred_drift'
    """
    if cell_len(name) <= width or " " in name:
        return name
    lines = [""]
    for part in re.findall(r"[^_]*_|[^_]+$", name):
        if lines[-1] and cell_len(lines[-1] + part) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)
