"""Severity over each threshold's range: bands of equal severity, where they end, and where the threshold stands."""

from __future__ import annotations

from typing import Any

import altair as alt

from dawnwatch.model.enums import Severity
from dawnwatch.model.what_if import Sweep, WhatIf
from dawnwatch.report import theme
from dawnwatch.report.charts.parts import Row, rows, title, tooltips
from dawnwatch.report.what_if import TITLE, exact, span_text
from dawnwatch.report.words import SEVERITY_SIGN

__all__ = ["what_if_chart"]

WIDTH, HEIGHT = 640, 64
COLOUR = {
    Severity.CRITICAL: theme.LIGHT["red"],
    Severity.HIGH: "#e0793f",
    Severity.MEDIUM: theme.LIGHT["yellow"],
    Severity.LOW: theme.LIGHT["green"],
}
LETTER = 7.5
"""Pixels of a letter, about."""


def what_if_chart(answers: WhatIf) -> Any:
    """Return one strip a threshold."""
    strips = [_strip(sweep) for sweep in answers.sweeps]
    return alt.vconcat(*strips, spacing=30).resolve_scale(x="independent")


def _strip(sweep: Sweep) -> Any:
    low, high = _range(sweep)
    x = alt.Scale(domain=[low, high], nice=False)
    bands: list[Row] = []
    for step in sweep.severities:
        start, end = max(step.span.low, low), high if step.span.high is None else min(step.span.high, high)
        if end <= start:
            continue
        said = f"{SEVERITY_SIGN[step.severity]} {step.severity.value}"
        fits = (end - start) / (high - low) * WIDTH > LETTER * len(said)
        bands.append(
            {
                "start": start,
                "end": end,
                "middle": (start + end) / 2,
                "severity": step.severity.value,
                "said": said if fits else "",
                "where": span_text(step.span),
                "rule": step.rule,
            }
        )
    base = alt.Chart(rows(bands))
    bars = base.mark_rect(stroke=theme.LIGHT["paper"], strokeWidth=2).encode(
        x=alt.X("start:Q", scale=x, title=TITLE[sweep.threshold], axis=alt.Axis(grid=False)),
        x2="end:Q",
        color=alt.Color(
            "severity:N",
            scale=alt.Scale(domain=[s.value for s in COLOUR], range=list(COLOUR.values())),
            legend=None,
        ),
        tooltip=tooltips(severity="Severity", where="Threshold", rule="Rule"),
    )
    words = base.mark_text(color="white", fontWeight="bold", baseline="middle").encode(
        x=alt.X("middle:Q", scale=x), text="said:N"
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
    flips = alt.Chart(rows([_mark(flip, exact(flip), low, high) for flip in sweep.flips if low < flip < high]))
    ends = flips.mark_text(align="center", baseline="bottom", dy=-2, color=theme.LIGHT["muted"]).encode(
        x=alt.X("value:Q", scale=x), y=alt.value(0), text="text:N"
    )
    seeds = alt.Chart(rows([_mark(s.value, exact(s.value), low, high) for s in sweep.seeds]))
    points = seeds.mark_point(shape="diamond", filled=True, color=theme.LIGHT["ink"], size=70, opacity=1).encode(
        x=alt.X("value:Q", scale=x), y=alt.value(HEIGHT - 12), tooltip=tooltips(text="Seed case")
    )
    drawn = alt.layer(bars, words, line, *label, ends, points).properties(width=WIDTH, height=HEIGHT)
    return drawn.properties(title=title(TITLE[sweep.threshold], *_said(sweep)))


def _said(sweep: Sweep) -> list[str]:
    flips = [exact(flip) for flip in sweep.flips]
    where = f"the severity flips at {', '.join(flips)}" if flips else "the severity is the same at any value"
    return [f"{sweep.title[:1].upper()}{sweep.title[1:]}; {where}", "line: the threshold now; diamonds: seed cases"]


def _range(sweep: Sweep) -> tuple[float, float]:
    """Return from where to where the strip goes: a little past everything that happens."""
    turns = [span.low for spans in sweep.turning.values() for span, _ in spans]
    top = max([sweep.now, *(s.value for s in sweep.seeds), *turns, *sweep.flips])
    end = sweep.steps[-1].span.high
    most = 1.2 * top or 0.1
    return 0.0, most if end is None else min(most, end)


def _mark(value: float, text: str, low: float, high: float) -> Row:
    """Return a mark whose text stands on the side that has room."""
    return {"value": value, "text": text, "side": "left" if value < (low + high) / 2 else "right"}
