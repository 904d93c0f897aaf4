"""The AUC of every slice in both windows, with intervals and row counts."""

from __future__ import annotations

from typing import Any

import altair as alt

from dawnwatch.model import numbers
from dawnwatch.model.auc import Auc, Drop, SlicePerformance
from dawnwatch.model.enums import Outcome
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.performance import Performance
from dawnwatch.report import summaries
from dawnwatch.report.charts.parts import (
    WIDE_ONLY,
    Row,
    in_order,
    message,
    rows,
    side_text,
    title,
    tooltips,
    window_legend,
    zoom,
)
from dawnwatch.report.theme import LIGHT
from dawnwatch.report.words import OUTCOME_WORD, distinct, shorten, shown

__all__ = ["MOST", "slices"]

MOST = 30
"""Slices drawn, worst first; the rest are counted in the subtitle."""
STEP = 42
WIDTH = 380
HEADING = "AUC by slice"
ALL_ROWS = "all rows"


def slices(packet: TriagePacket) -> Any:
    """Return, per slice, both AUCs with intervals, the rows they rest on, and the drop with its outcome.

    The whole window stands first for comparison. A slice that was not scored says why in its row.
    """
    performance = packet.performance
    if not performance.slices:
        said = summaries.slices(performance)
        return message(HEADING, f"{said[:1].upper()}{said[1:]}.")
    chosen = sorted(performance.slices, key=_worst_first)[:MOST]
    left = len(performance.slices) - len(chosen)
    data = _rows(performance, chosen)
    spread = [r[k] for r in data for k in ("auc", "low", "high") if r[k] is not None] or [0.5, 1.0]
    x = alt.X("auc:Q", title="AUC (0.5 = guessing)", scale=alt.Scale(domain=zoom(spread), nice=False, zero=False))
    y = alt.Y(
        "name:N",
        sort=None,
        title=None,
        scale=in_order(data, "name", paddingInner=0.3, paddingOuter=0.15),
    )
    offset = alt.YOffset("window:N", sort=["reference", "current"])
    colour, shape = window_legend()
    base = alt.Chart(rows(data))
    scored = base.transform_filter("datum.auc !== null")
    hover = tooltips(name="Slice", window="Window", said="AUC", n="Scored rows", positives="Positives")
    first = base.transform_filter("datum.window === 'current'")
    layers = [
        scored.mark_rule(strokeWidth=2.5, opacity=0.55).encode(
            x="low:Q", x2="high:Q", y=y, yOffset=offset, color=colour, tooltip=hover
        ),
        scored.mark_point(filled=True, size=90, opacity=1).encode(
            x=x, y=y, yOffset=offset, color=colour, shape=shape, tooltip=hover
        ),
        base.transform_filter("datum.auc === null && datum.reason !== ''")
        .mark_text(align="left", dx=4, fontStyle="italic", size=11.5, limit=WIDTH - 8)
        .encode(x=alt.value(0), y=y, yOffset=offset, text="reason:N", tooltip=tooltips(reason="Not scored")),
        side_text(scored.encode(y=y, yOffset=offset), "label", size=11, color=LIGHT["muted"]).properties(
            name=f"{WIDE_ONLY}-rows"
        ),
        side_text(first.encode(y=y), "drop", dx=118, fontWeight="bold").properties(name=f"{WIDE_ONLY}-drop"),
    ]
    lines = [
        summaries.slices(performance),
        f"Intervals of the AUCs: {numbers.confidence(performance.confidence)}. A fall above "
        f"{performance.threshold:g} fails where it is more than chance.",
    ]
    if left:
        lines.append(f"The {MOST} with the largest falls are drawn; {left} more are in the packet.")
    chart = alt.layer(*layers).properties(width=WIDTH, height=alt.Step(STEP, **{"for": "position"}))
    return chart.properties(title=title(HEADING, *lines, width=96))


def _worst_first(s: SlicePerformance) -> tuple[bool, str, float]:
    return (s.drop.value is None, s.column, -(s.drop.value or 0.0))


def _rows(performance: Performance, chosen: list[SlicePerformance]) -> list[Row]:
    level = performance.confidence
    names = distinct([ALL_ROWS, *(f"{shown(s.column)} = {shown(s.value)}" for s in chosen)])
    found: list[tuple[str, Auc, Auc, Drop, Outcome, str]] = [
        (names[0], performance.reference, performance.current, performance.drop, performance.drop.outcome, "")
    ]
    found += [
        (name, s.reference, s.current, s.drop, s.outcome, s.reason or "")
        for name, s in zip(names[1:], chosen, strict=True)
    ]
    out = []
    for name, old, new, drop, outcome, reason in found:
        why = f"not scored: {shorten(shown(reason), 160)}" if reason else "not scored"
        for window, auc in (("reference", old), ("current", new)):
            low, high = auc.interval or (None, None)
            out.append(
                {
                    "name": name,
                    "window": window,
                    "auc": auc.value,
                    "low": low,
                    "high": high,
                    "label": f"{numbers.number(auc.value)} · n {numbers.count(auc.n)}",
                    "said": numbers.estimate(auc.value, auc.interval, level),
                    "n": numbers.count(auc.n),
                    "positives": numbers.count(auc.positives),
                    "drop": _drop(drop, outcome, performance.threshold),
                    "reason": why if window == "current" or new.value is not None else "",
                }
            )
    return out


def _drop(drop: Drop, outcome: Outcome, limit: float) -> str:
    if drop.value is None:
        return ""
    change = numbers.signed(-drop.value, apart_from=[-limit])
    return f"{change} {OUTCOME_WORD[outcome]}"
