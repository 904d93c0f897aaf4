"""Panel 3: the AUC of the performance baseline against the current window, with intervals and the floor."""

from __future__ import annotations

from typing import Any

import altair as alt

from dawnwatch.model import numbers
from dawnwatch.model.auc import Auc
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.performance import Performance
from dawnwatch.report import summaries, theme
from dawnwatch.report.charts.parts import Row, in_order, message, rows, side_text, title, tooltips, window_legend, zoom
from dawnwatch.report.words import shown

__all__ = ["performance_panel"]

STEP = 40
HEADING = "3. Performance: is the model still accurate?"


def performance_panel(packet: TriagePacket, *, extent: float = 0) -> Any:
    """Return both AUCs with their intervals; a dashed line marks the AUC below which the drop fails.

    Where the current AUC is not there, its row says so and the subtitle says why; where neither is, the panel is
    a sentence.
    """
    performance = packet.performance
    both = [("reference", performance.reference), ("current", performance.current)]
    known = [(auc.value, auc.interval) for _, auc in both if auc.value is not None]
    if not known:
        said = summaries.performance(performance)
        return message(HEADING, f"{said[:1].upper()}{said[1:]}.", extent=extent)
    floor = None if performance.reference.value is None else performance.reference.value - performance.threshold
    spread = [bound for value, bounds in known for bound in (bounds or (value, value))]
    spread += [] if floor is None else [floor]
    x = alt.X("auc:Q", title="AUC (0.5 = guessing)", scale=alt.Scale(domain=zoom(spread), nice=False, zero=False))
    data = [_row(name, auc, performance) for name, auc in both]
    axis = alt.Axis(minExtent=extent)
    y = alt.Y("window:N", sort=None, title=None, scale=in_order(data, "window"), axis=axis)
    colour, shape = window_legend(shown=False)
    base = alt.Chart(rows(data))
    hover = tooltips(window="Window", said="AUC", n="Scored rows", positives="Positives", source="Rows from")
    layers = [
        base.mark_rule(strokeWidth=3, opacity=0.55).encode(x="low:Q", x2="high:Q", y=y, color=colour, tooltip=hover),
        base.transform_filter("datum.auc !== null")
        .mark_point(filled=True, size=130, opacity=1)
        .encode(x=x, y=y, color=colour, shape=shape, tooltip=hover),
        side_text(base.encode(y=y), "label", fontWeight="bold", dy=-7),
        side_text(base.encode(y=y), "range", size=11, dy=8),
    ]
    if floor is not None:
        layers += _floor(floor)
    chart = alt.layer(*layers).properties(width=theme.PANEL_WIDTH, height=alt.Step(STEP))
    return chart.properties(title=title(HEADING, summaries.performance(performance)))


def _row(window: str, auc: Auc, performance: Performance) -> Row:
    low, high = auc.interval or (None, None)
    return {
        "window": window,
        "auc": auc.value,
        "low": low,
        "high": high,
        "label": numbers.number(auc.value),
        "range": numbers.interval(auc.interval) if auc.interval else "",
        "said": numbers.estimate(auc.value, auc.interval, performance.confidence),
        "n": numbers.count(auc.n),
        "positives": numbers.count(auc.positives),
        "source": shown(performance.baseline) if window == "reference" else "the current window",
    }


def _floor(value: float) -> list[Any]:
    base = alt.Chart(rows([{"at": value, "text": f"fails below {numbers.number(value)}"}]))
    muted = theme.LIGHT["muted"]
    return [
        base.mark_rule(strokeDash=[4, 3], color=theme.LIGHT["red"], strokeWidth=1.5).encode(x="at:Q"),
        base.mark_text(baseline="bottom", size=11).encode(
            x="at:Q", y=alt.value(-6), text="text:N", color=alt.value(muted)
        ),
    ]
