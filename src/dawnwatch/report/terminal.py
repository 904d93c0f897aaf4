"""The packet on one screen: what happened, how bad, what to do. The rest is in the report."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from dawnwatch.model import numbers
from dawnwatch.model.enums import Outcome, Pillar, Severity
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report.hidden import shown_outcome
from dawnwatch.report.lines import (
    MOST,
    action_lines,
    caution_lines,
    deciding_lines,
    drift_lines,
    performance_lines,
    quality_lines,
)
from dawnwatch.report.words import OUTCOME_SIGN, SEVERITY_SIGN, VERDICT, ascii_signs, visible

__all__ = ["PacketView"]

WIDE = 112
"""Columns from which evidence and advice stand side by side."""
STYLE = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold black on bright_red",
    Severity.MEDIUM: "bold black on yellow",
    Severity.LOW: "bold black on green",
}
SIGN_STYLE = {
    Outcome.PASSED: "green",
    Outcome.WARNED: "yellow",
    Outcome.FAILED: "bold red",
    Outcome.NOT_COMPUTED: "magenta",
    Outcome.ERRORED: "magenta",
}


class PacketView:
    """A packet for the terminal. Colour only repeats what signs and words say."""

    def __init__(self, packet: TriagePacket) -> None:
        self.packet = packet

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        self._ascii = options.ascii_only
        if options.max_width < WIDE:
            yield Group(*self._head(), *self._evidence(), *self._advice())
            return
        grid = Table.grid(expand=True, padding=(0, 2))
        grid.add_column(ratio=1)
        grid.add_column(ratio=1)
        grid.add_row(Group(*self._evidence()), Group(*self._advice()))
        yield Group(*self._head(), grid)

    def _head(self) -> Iterator[RenderableType]:
        p = self.packet
        badge = Text(self._safe(f" {SEVERITY_SIGN[p.severity]} {p.severity.value.upper()} "), STYLE[p.severity])
        due = f"due {numbers.moment(p.sla.due_at)}" if p.sla.due_at else "nothing due"
        tag = f" · {p.label}" if p.label else ""
        yield Text.assemble(badge, self._safe(f" {p.rule} · {due}{tag}"))
        yield Text(self._safe(p.headline), "bold")
        for text in p.could_not_judge[:2]:
            yield self._line(Outcome.ERRORED, text)

    def _evidence(self) -> Iterator[RenderableType]:
        yield self._heading("Evidence")
        p = self.packet
        for outcome, (first, *rest) in (
            (p.quality.outcome, quality_lines(p)),
            (shown_outcome(p, Pillar.DRIFT), drift_lines(p)),
            (shown_outcome(p, Pillar.PERFORMANCE), performance_lines(p)),
        ):
            yield self._line(outcome, first)
            for text in rest:
                yield self._more(text)

    def _advice(self) -> Iterator[RenderableType]:
        p = self.packet
        left = len(p.actions) - MOST
        more = f" · {numbers.count(left)} more in the report" if left > 0 else ""
        yield self._heading(f"Do this · decision: {VERDICT[p.decision.verdict]}{more}")
        for text in deciding_lines(p):
            yield self._more(f"why: {text}")
        for i, text in enumerate(action_lines(p) or ["nothing beyond routine monitoring"], start=1):
            yield self._more(text, f"{i}." if p.actions else " ")
        decided = p.human_decision
        if decided.decision is not None:
            said = [VERDICT[decided.decision], *filter(None, (decided.by, decided.note))]
            yield self._line(Outcome.PASSED, f"decided: {' · '.join(said)}")
        for text in caution_lines(p):
            yield self._line(Outcome.WARNED, text)

    def _heading(self, text: str) -> RenderableType:
        return Rule(Text(self._safe(text), "bold"), align="left", style="dim", characters="-" if self._ascii else "─")

    def _line(self, outcome: Outcome, text: str) -> RenderableType:
        return self._hanging(Text(self._safe(OUTCOME_SIGN[outcome]), SIGN_STYLE[outcome]), text)

    def _more(self, text: str, mark: str = " ") -> RenderableType:
        return self._hanging(Text(mark), text)

    def _hanging(self, mark: Text, text: str) -> RenderableType:
        """Return text beside a mark, its further lines indented as the first one."""
        row = Table.grid(padding=(0, 1))
        row.add_column(width=max(1, cell_len(mark.plain)))
        row.add_column(overflow="fold")
        row.add_row(mark, Text(self._safe(text)))
        return row

    def _safe(self, text: str) -> str:
        """Return text without control characters, and in ASCII where the stream carries nothing else."""
        text = visible(text)
        return ascii_signs(text) if self._ascii else text
