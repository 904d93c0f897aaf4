"""What-if answers as lines of text: per threshold where the severity flips, the seed cases, and which check turns."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from math import floor, log10

from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from dawnwatch.model.enums import Severity
from dawnwatch.model.numbers import number
from dawnwatch.model.what_if import Flip, Span, Sweep, WhatIf
from dawnwatch.report.terminal import STYLE
from dawnwatch.report.words import SEVERITY_SIGN, ascii_signs, shorten_name, visible

__all__ = ["SweepView", "WhatIfView", "exact", "flip_text", "gap_text", "places", "span_text"]

MOST = 8
"""Checks listed per threshold."""
NAME = 28
DIGITS = 6


def exact(value: float, *, up: bool | None = None, decimals: int | None = None) -> str:
    """Write a threshold's value with enough digits to type it in.

    Parameters
    ----------
    up : where it must be rounded, to which side; by default to the nearest
    decimals : how many are known; by default six significant digits are written

    Examples
    --------
    >>> exact(0.5482414), exact(0.5482414, up=True), exact(0.05, up=True), exact(0.0668, up=False, decimals=3)
    ('0.548241', '0.548242', '0.05', '0.066')
    """
    text = f"{value:.{DIGITS}g}"
    if decimals is None and (up is None or float(text) == value):
        return text
    side = ROUND_HALF_EVEN if up is None else ROUND_CEILING if up else ROUND_FLOOR
    # Twelve digits, so that what a sum left in the last ones is not rounded up to a whole step.
    number = Decimal(value if decimals is None else f"{value:.12g}")
    last = number.adjusted() - DIGITS + 1 if decimals is None else -decimals
    rounded = number.quantize(Decimal(1).scaleb(last), side)
    return f"{rounded:f}" if decimals is not None else f"{float(rounded):.{DIGITS}g}"


def places(bound: float) -> int | None:
    """Return how many decimals a value has that is known within a bound; None where it is exact.

    Examples
    --------
    >>> places(0.0002), places(0.0038), places(0.0)
    (4, 3, None)
    """
    return None if bound <= 0 else max(1, -floor(log10(bound)))


def span_text(span: Span, decimals: int | None = None) -> str:
    """Write which values a span holds. Its ends are rounded inwards: each that is written may be typed in.

    Examples
    --------
    >>> span_text(Span(low=0, high=0.5, low_included=False, high_included=True))
    'up to 0.5'
    >>> span_text(Span(low=0.12345678, high=None, low_included=False, high_included=False))
    'above 0.123457'
    """
    low = f"{'from' if span.low_included else 'above'} {exact(span.low, up=True, decimals=decimals)}"
    if span.high is None or (span.high == 1 and span.high_included and span.low > 0):
        return low
    if span.low == span.high:
        return f"exactly {exact(span.low)}"
    upper = f"{'up to' if span.high_included else 'below'} {exact(span.high, up=False, decimals=decimals)}"
    if span.low == 0:
        return "any value" if span.high == 1 and span.high_included else upper
    return f"{low} {upper}"


def gap_text(span: Span, decimals: int | None) -> str:
    """Write where a flip lies somewhere within, rounded outwards."""
    return f"{exact(span.low, up=False, decimals=decimals)} to {exact(span.high or 1.0, up=True, decimals=decimals)}"


def flip_text(flip: Flip) -> str:
    """Write where a flip is: "at" the first value that can be typed in and has flipped, or "between" two.

    Examples
    --------
    >>> from dawnwatch.model.enums import Severity
    >>> at = {"included": False, "before": Severity.HIGH, "after": Severity.LOW}
    >>> flip_text(Flip(value=0.5482414, low=0.5482414, high=0.5482414, **at))
    'at 0.548242'
    >>> flip_text(Flip(value=0.0598, low=0.0596, high=0.06, **at))
    'between 0.0596 and 0.0600'
    """
    gap = flip.gap
    if gap is None:
        text = exact(flip.value, up=True)
        return f"{'at' if flip.included or float(text) > flip.value else 'above'} {text}"
    return f"between {gap_text(gap, places((flip.high - flip.low) / 2)).replace(' to ', ' and ')}"


class SweepView:
    """One threshold's answers for the terminal."""

    def __init__(self, sweep: Sweep) -> None:
        self.sweep = sweep

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        ascii_only = options.ascii_only

        def text(said: str, style: str = "") -> Text:
            return Text(ascii_signs(visible(said)) if ascii_only else visible(said), style)

        sweep = self.sweep
        heading = f"{sweep.title}: {sweep.means} · now {exact(sweep.now)}"
        yield Rule(text(heading, "bold"), align="left", style="dim", characters="-" if ascii_only else "─")
        table = Table.grid(padding=(0, 2))
        for _ in range(4):
            table.add_column(no_wrap=True)
        for span, step in sweep.bands:
            here = "← now" if span.holds(sweep.now) else ""
            table.add_row(
                text(gap_text(span, self._decimals) if step is None else span_text(span, self._decimals)),
                text("  ? flips here") if step is None else self._badge(step.severity, ascii_only),
                text("not known where" if step is None else step.rule),
                text(here, "bold"),
            )
        yield Padding(table, (0, 0, 0, 2))
        for line in self._seeds():
            yield Padding(text(line), (0, 0, 0, 2))
        for line in self._turning(sweep.verdicts_at(sweep.now)):
            yield Padding(text(line, "dim"), (0, 0, 0, 2))
        for note in sweep.notes:
            yield Padding(text(f"Note: {note}.", "dim"), (0, 0, 0, 2))

    @property
    def _decimals(self) -> int | None:
        return places(max(((flip.high - flip.low) / 2 for flip in self.sweep.flips), default=0.0))

    def _badge(self, severity: Severity, ascii_only: bool) -> Text:
        said = f" {SEVERITY_SIGN[severity]} {severity.value} "
        return Text(ascii_signs(said) if ascii_only else said, STYLE[severity])

    def _seeds(self) -> Iterator[str]:
        for seed in self.sweep.seeds:
            flagged: dict[str, list[str]] = {}
            for name, verdict in seed.flagged.items():
                flagged.setdefault(verdict, []).append(name)
            nothing = "nothing flags" if self.sweep.steps[0].turned else "nothing was judged by it"
            said = "; ".join(f"{verdict} {_some(names)}" for verdict, names in flagged.items()) or nothing
            unsure = f"; not sure of {_some(seed.unsure)}" if seed.unsure else ""
            yield f"{exact(seed.value)} ({seed.why}): {seed.severity.value}; {said}{unsure}"

    def _interval(self, name: str) -> str:
        found = self.sweep.intervals.get(name)
        return "" if found is None else f" (interval {number(found[0])} to {number(found[1])})"

    def _turning(self, now: dict[str, str]) -> Iterator[str]:
        turning = self.sweep.turning
        for name, spans in list(turning.items())[:MOST]:
            bound = self.sweep.bounds.get(name, 0.0)
            sure = ((_within(span, bound), verdict) for span, verdict in spans)
            said = ", ".join(
                f"{verdict} {span_text(span, places(bound))}" for span, verdict in sure if span is not None
            )
            yield f"{shorten_name(name, NAME)}{self._interval(name)}: {said}"
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


def _within(span: Span, bound: float) -> Span | None:
    """Return what of a span is sure where its ends may be off by a bound; None where nothing is."""
    low = span.low + bound if span.low > 0 else 0.0
    high = span.high if span.high is None or span.high == 1 else span.high - bound
    return (
        None if high is not None and (high < low or high == 0) else span.model_copy(update={"low": low, "high": high})
    )


def _some(names: list[str], most: int = 4) -> str:
    said = ", ".join(shorten_name(name, NAME) for name in names[:most])
    return f"{said} and {len(names) - most} more" if len(names) > most else said
