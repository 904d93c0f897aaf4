"""What-if answers as lines of text: per threshold where the severity flips, the seed cases, and which check turns."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from dawnwatch.model.enums import Severity
from dawnwatch.model.numbers import number
from dawnwatch.model.what_if import Span, Sweep, WhatIf
from dawnwatch.report.terminal import STYLE
from dawnwatch.report.words import SEVERITY_SIGN, ascii_signs, shorten, visible

__all__ = ["TITLE", "SweepView", "WhatIfView", "exact", "span_text"]

TITLE = {"psi": "PSI", "missing": "Missing values", "auc_drop": "AUC drop"}
MOST = 8
"""Checks listed per threshold."""
NAME = 28
DIGITS = 6


def exact(value: float) -> str:
    """Write a threshold's value with enough digits to type it in."""
    return f"{value:.{DIGITS}g}"


def span_text(span: Span) -> str:
    """Write which values a span holds.

    Examples
    --------
    >>> span_text(Span(low=0, high=0.5, low_included=False, high_included=True))
    'up to 0.5'
    >>> span_text(Span(low=0.5, high=None, low_included=False, high_included=False))
    'above 0.5'
    """
    if span.high is None or (span.high == 1 and span.high_included and span.low > 0):
        return f"{'from' if span.low_included else 'above'} {exact(span.low)}"
    if span.low == span.high:
        return f"exactly {exact(span.low)}"
    upper = f"{'up to' if span.high_included else 'below'} {exact(span.high)}"
    if span.low == 0:
        return "any value" if span.high == 1 and span.high_included else upper
    return f"{'from' if span.low_included else 'above'} {exact(span.low)} {upper}"


class SweepView:
    """One threshold's answers for the terminal."""

    def __init__(self, sweep: Sweep) -> None:
        self.sweep = sweep

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        ascii_only = options.ascii_only

        def text(said: str, style: str = "") -> Text:
            return Text(ascii_signs(visible(said)) if ascii_only else visible(said), style)

        sweep = self.sweep
        heading = f"{TITLE[sweep.threshold]}: {sweep.title} · now {exact(sweep.now)}"
        yield Rule(text(heading, "bold"), align="left", style="dim", characters="-" if ascii_only else "─")
        now = sweep.at(sweep.now)
        table = Table.grid(padding=(0, 2))
        for _ in range(4):
            table.add_column(no_wrap=True)
        for step in sweep.severities:
            here = "← now" if step.span.holds(sweep.now) else ""
            table.add_row(
                text(span_text(step.span)),
                Text.assemble(self._badge(step.severity, ascii_only)),
                text(step.rule),
                text("<- now" if here and ascii_only else here, "bold"),
            )
        yield Padding(table, (0, 0, 0, 2))
        for line in self._seeds():
            yield Padding(text(line), (0, 0, 0, 2))
        for line in self._turning(now.verdicts):
            yield Padding(text(line, "dim"), (0, 0, 0, 2))

    def _badge(self, severity: Severity, ascii_only: bool) -> Text:
        said = f" {SEVERITY_SIGN[severity]} {severity.value} "
        return Text(ascii_signs(said) if ascii_only else said, STYLE[severity])

    def _seeds(self) -> Iterator[str]:
        for seed in self.sweep.seeds:
            flagged: dict[str, list[str]] = {}
            for name, verdict in seed.flagged.items():
                flagged.setdefault(verdict, []).append(name)
            nothing = "nothing flags" if self.sweep.at(seed.value).verdicts else "nothing was judged by it"
            said = "; ".join(f"{verdict} {_some(names)}" for verdict, names in flagged.items()) or nothing
            yield f"{exact(seed.value)} ({seed.why}): {seed.severity.value}; {said}"

    def _interval(self, name: str) -> str:
        found = self.sweep.intervals.get(name)
        return "" if found is None else f" (interval {number(found[0])} to {number(found[1])})"

    def _turning(self, now: dict[str, str]) -> Iterator[str]:
        turning = self.sweep.turning
        for name, spans in list(turning.items())[:MOST]:
            said = ", ".join(f"{verdict} {span_text(span)}" for span, verdict in spans)
            yield f"{shorten(name, NAME)}{self._interval(name)}: {said}"
        if len(turning) > MOST:
            yield f"and {len(turning) - MOST} more that turn; --json has them"
        steady = [name for name in now if name not in turning]
        if steady:
            kinds = sorted({now[name] for name in steady})
            yield f"{_some(steady)}: {', '.join(kinds)} at any value"
        if self.sweep.held:
            yield f"not moved, with a threshold of their own: {_some(self.sweep.held)}"


class WhatIfView:
    """All answers for the terminal."""

    def __init__(self, answers: WhatIf) -> None:
        self.answers = answers

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for sweep in self.answers.sweeps:
            yield SweepView(sweep)
        for note in self.answers.notes:
            yield Text(f"Note: {note}.", "dim")


def _some(names: list[str], most: int = 4) -> str:
    said = ", ".join(shorten(name, NAME) for name in names[:most])
    return f"{said} and {len(names) - most} more" if len(names) > most else said
