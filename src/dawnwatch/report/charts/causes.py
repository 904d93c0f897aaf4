"""Why the AUC fell: the parts of the fall as bars, each with its interval."""

from __future__ import annotations

from typing import Any

import altair as alt

from dawnwatch.model import numbers
from dawnwatch.model.causes import Cause
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report import theme
from dawnwatch.report.charts.parts import (
    WIDE_ONLY,
    Row,
    in_order,
    message,
    row_labels,
    rows,
    side_text,
    title,
    tooltips,
    zoom,
)
from dawnwatch.report.words import cause_title, distinct

__all__ = ["causes"]

STEP = 34
LETTERS = 36
"""Of a label: a few words of the cause stand before the column's name."""
HEADING = "Why the AUC fell"


def causes(packet: TriagePacket) -> Any:
    """Return a bar for each part of the fall, the largest first, with its interval and both as text.

    Where nothing fell, the panel is a sentence.
    """
    found, fall = packet.diagnosis.causes, packet.performance.drop.value
    if not found or fall is None:
        return message(HEADING, "No fall of the AUC was shown, so there is none to explain.")
    data = _rows(found)
    spread = [0.0, *(bound for cause in found for bound in (cause.interval or (cause.amount, cause.amount)))]
    x = alt.X("amount:Q", title="part of the fall (AUC)", scale=alt.Scale(domain=zoom(spread), nice=False))
    scale = in_order(data, "name", paddingInner=0.35)
    y = alt.Y("name:N", sort=None, title=None, scale=scale, axis=row_labels(LETTERS))
    base = alt.Chart(rows(data))
    hover = tooltips(name="Cause", said="Part of the fall", text="In words")
    colour = alt.Color(
        "sure:N",
        scale=alt.Scale(
            domain=["explains", "offsets", "noise"],
            range=[theme.LIGHT["current"], theme.LIGHT["green"], theme.LIGHT["reference"]],
        ),
        legend=None,
    )
    layers = [
        alt.Chart(rows([{"at": 0}])).mark_rule(color=theme.LIGHT["muted"]).encode(x="at:Q"),
        base.mark_bar().encode(x=x, y=y, color=colour, tooltip=hover),
        base.mark_rule(strokeWidth=2, color=theme.LIGHT["ink"]).encode(x="low:Q", x2="high:Q", y=y, tooltip=hover),
        side_text(base.encode(y=y), "said", size=11).properties(name=f"{WIDE_ONLY}-said"),
    ]
    chart = alt.layer(*layers).properties(width=theme.PANEL_WIDTH, height=alt.Step(STEP))
    sure = f"Lines: {numbers.confidence(packet.performance.confidence)} intervals; pale bars are within noise"
    if any(cause.offsets for cause in found):
        sure += ", green ones offset the fall"
    return chart.properties(title=title(HEADING, f"The parts add up to the fall of {numbers.number(fall)}", sure))


def _rows(found: list[Cause]) -> list[Row]:
    names = distinct(cause_title(cause) for cause in found)
    out = []
    for name, cause in zip(names, found, strict=True):
        low, high = cause.interval or (cause.amount, cause.amount)
        out.append(
            {
                "name": name,
                "amount": cause.amount,
                "low": low,
                "high": high,
                "sure": "explains" if cause.shown else "offsets" if cause.offsets else "noise",
                "said": _said(cause),
                "text": cause.text,
            }
        )
    return out


def _said(cause: Cause) -> str:
    """Write a part with its interval; of what offsets the fall, by how much."""
    if cause.offsets and cause.interval is not None:
        low, high = -cause.interval[1], -cause.interval[0]
        return f"offsets {numbers.number(-cause.amount)} ({numbers.interval((low, high))})"
    return numbers.number(cause.amount) + (f" ({numbers.interval(cause.interval)})" if cause.interval else "")
