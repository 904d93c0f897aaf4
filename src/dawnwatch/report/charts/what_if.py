"""Severity over each threshold's range: bands of equal severity, where they end, and where the threshold stands."""

from __future__ import annotations

from typing import Any

import altair as alt

from dawnwatch.model.enums import Severity
from dawnwatch.model.what_if import Flip, Span, Step, Sweep, WhatIf
from dawnwatch.report import theme
from dawnwatch.report.charts.parts import Row, message, rows, title, tooltips
from dawnwatch.report.what_if import exact, flip_text, gap_text, places, span_text
from dawnwatch.report.words import shorten

__all__ = ["what_if_chart"]

WIDTH, HEIGHT = 640, 64
WIDE = 100
"""Characters of a subtitle's line above a strip."""
NAME = 50
"""Characters of the project's name."""
FLIPS = 6
"""Flips named above a strip."""
UNKNOWN = "not known"
COLOUR = {
    Severity.CRITICAL: theme.LIGHT["red"],
    Severity.HIGH: "#e0793f",
    Severity.MEDIUM: theme.LIGHT["yellow"],
    Severity.LOW: theme.LIGHT["green"],
}
LETTER = 7.5
"""Pixels of a letter, about."""
SIGN = 16
"""Pixels of a severity's sign with the space after it."""
SHAPE = {
    Severity.CRITICAL: "square",
    Severity.HIGH: "triangle-up",
    Severity.MEDIUM: "diamond",
    Severity.LOW: "circle",
}
# Drawn shapes, not letters: a diamond is missing from many fonts.
INK = {
    Severity.CRITICAL: "white",
    Severity.HIGH: theme.LIGHT["ink"],
    Severity.MEDIUM: theme.LIGHT["ink"],
    Severity.LOW: "white",
}


def what_if_chart(answers: WhatIf) -> Any:
    """Return one strip for each threshold that judged anything."""
    judged = [sweep for sweep in answers.sweeps if sweep.steps[0].turned]
    idle = [sweep.title for sweep in answers.sweeps if sweep not in judged]
    strips = [_strip(sweep) for sweep in judged] or [
        message("Nothing to draw", "no check was judged by these thresholds")
    ]
    drawn = ["line: the threshold now; crosses: the cases named above them"]
    drawn += ["grey: the severity flips somewhere in here"] * any(flip.gap for sweep in judged for flip in sweep.flips)
    drawn += [f"nothing was judged by {' and '.join(idle)}"] * bool(idle and judged)
    heading = title(
        f"{shorten(answers.project, NAME)}: the severity as one threshold moves", "; ".join(drawn), width=WIDE
    )
    return alt.vconcat(*strips, spacing=30).resolve_scale(x="independent").properties(title=heading)


def _strip(sweep: Sweep) -> Any:
    low, high = _range(sweep)
    x = alt.Scale(domain=[low, high], nice=False)
    bands = [row for span, step in sweep.bands if (row := _band(sweep, span, step, low, high))]
    base = alt.Chart(rows(bands))
    bars = base.mark_rect(stroke=theme.LIGHT["paper"], strokeWidth=1).encode(
        x=alt.X("start:Q", scale=x, title=None, axis=alt.Axis(grid=False)),
        x2="end:Q",
        color=alt.Color(
            "severity:N",
            scale=alt.Scale(
                domain=[*(s.value for s in COLOUR), UNKNOWN], range=[*COLOUR.values(), theme.LIGHT["axis"]]
            ),
            legend=None,
        ),
        tooltip=tooltips(severity="Severity", where="Threshold", rule="Rule"),
    )
    named = base.transform_filter("datum.said !== ''")
    ink = alt.Color("ink:N", scale=None)
    words = named.mark_text(fontWeight="bold", baseline="middle", align="left").encode(
        x=alt.X("word:Q", scale=x), text="said:N", color=ink
    )
    signs = named.mark_point(filled=True, size=60, opacity=1).encode(
        x=alt.X("sign:Q", scale=x), shape=alt.Shape("shape:N", scale=None), color=ink
    )
    marks = [_mark(sweep.now, f"now {exact(sweep.now)}", low, high)]
    now = alt.Chart(rows(marks))
    line = now.mark_rule(color=theme.LIGHT["ink"], strokeWidth=3).encode(
        x=alt.X("value:Q", scale=x), y=alt.value(-16), y2=alt.value(HEIGHT)
    )
    label = [
        now.transform_filter(f"datum.side === '{side}'")
        .mark_text(align=side, baseline="bottom", dy=-18, fontWeight="bold")
        .encode(x=alt.X("value:Q", scale=x), y=alt.value(0), text="text:N")
        for side in ("left", "right")
    ]
    flips = alt.Chart(rows(_apart([f for f in _moving(sweep) if low < f.value < high], low, high)))
    ends = flips.mark_text(align="center", baseline="bottom", dy=-2, color=theme.LIGHT["muted"]).encode(
        x=alt.X("value:Q", scale=x), y=alt.value(0), text="text:N"
    )
    seeds = alt.Chart(rows([_mark(s.value, exact(s.value), low, high) for s in sweep.seeds]))
    points = seeds.mark_point(shape="cross", filled=True, color=theme.LIGHT["ink"], size=80, opacity=1).encode(
        x=alt.X("value:Q", scale=x), y=alt.value(HEIGHT - 12), tooltip=tooltips(text="Seed case")
    )
    drawn = alt.layer(bars, words, signs, line, *label, ends, points).properties(width=WIDTH, height=HEIGHT)
    return drawn.properties(title=_heading(sweep))


def _band(sweep: Sweep, span: Span, step: Step | None, low: float, high: float) -> Row | None:
    """Return one band as far as the strip shows it: its colour, and its word where there is room beside the line."""
    start, end = max(span.low, low), high if span.high is None else min(span.high, high)
    if end <= start:
        return None
    pixel = (high - low) / WIDTH
    said = UNKNOWN if step is None else step.severity.value
    wide = (SIGN + LETTER * len(said)) * pixel
    parts = [(start, sweep.now), (sweep.now, end)] if start < sweep.now < end else [(start, end)]
    # In the middle, unless the line of the threshold stands there.
    middle = (start + end) / 2
    if len(parts) > 1 and abs(sweep.now - middle) < wide / 2 + 8 * pixel:
        left, right = max(parts, key=lambda part: part[1] - part[0])
        middle = (left + right) / 2
    fits = step is not None and max(right - left for left, right in parts) > wide
    gap = None if step is not None else gap_text(span, places((end - start) / 2))
    return {
        "start": start,
        "end": end,
        "sign": middle - wide / 2 + SIGN / 4 * pixel,
        "word": middle - wide / 2 + SIGN * pixel,
        "severity": said,
        "said": said if fits else "",
        "shape": "circle" if step is None else SHAPE[step.severity],
        "ink": "white" if step is None else INK[step.severity],
        "where": span_text(span) if gap is None else gap,
        "rule": "the severity flips somewhere in here" if step is None else step.rule,
    }


def _moving(sweep: Sweep) -> list[Flip]:
    """Return the flips at which the severity changes, and not the rule alone."""
    return [flip for flip in sweep.flips if flip.before is not flip.after]


def _label(flip: Flip) -> str:
    return flip_text(flip).removeprefix("at ").removeprefix("between ").replace(" and ", " to ")


def _apart(moving: list[Flip], low: float, high: float) -> list[Row]:
    """Return the flips' labels, without those that would lie over the one before; the heading has them all."""
    found: list[Row] = []
    pixel, free = (high - low) / WIDTH, low - LETTER * (high - low) / WIDTH
    for flip in moving:
        half = LETTER * len(_label(flip)) / 2 * pixel
        if flip.value - half >= free and flip.value + half <= high + 2 * LETTER * pixel:
            found.append(_mark(flip.value, _label(flip), low, high))
            free = flip.value + half + LETTER * pixel
    return found


def _heading(sweep: Sweep) -> Any:
    found = [flip_text(flip) for flip in _moving(sweep)]
    more = f" and {len(found) - FLIPS} times more" if len(found) > FLIPS else ""
    where = f"the severity flips {', '.join(found[:FLIPS])}{more}" if found else "the severity is the same at any value"
    seeds = "; ".join(f"{exact(seed.value)} ({seed.why}): {seed.severity.value}" for seed in sweep.seeds)
    said = title(sweep.title, f"{sweep.means}; {where}", seeds, *sweep.notes, width=WIDE)
    # In line with the other strips, whatever hangs over this one's left end.
    said.frame = "group"
    return said


def _range(sweep: Sweep) -> tuple[float, float]:
    """Return from where to where the strip goes: a little past everything that happens."""
    turns = [span.low for spans in sweep.turning.values() for span, _ in spans]
    top = max([sweep.now, *(s.value for s in sweep.seeds), *turns, *(flip.high for flip in sweep.flips)])
    end = sweep.steps[-1].span.high
    most = 1.2 * top or 0.1
    return 0.0, most if end is None else min(most, end)


def _mark(value: float, text: str, low: float, high: float) -> Row:
    """Return a mark whose text stands on the side that has room."""
    return {"value": value, "text": text, "side": "left" if value < (low + high) / 2 else "right"}
