"""The reliability diagram: what scores promise against what came true."""

from __future__ import annotations

from typing import Any

import altair as alt

from dawnwatch.model import numbers
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report import theme
from dawnwatch.report.charts.parts import message, rows, title, tooltips

__all__ = ["reliability"]

HEADING = "Calibration: are the scores the chances they claim to be?"
SIZE = 260


def reliability(packet: TriagePacket) -> Any:
    """Return mean score against share of positives, in bins of about equal rows; on the diagonal they are the same."""
    of = packet.performance.calibration
    if of is None:
        return message(HEADING, "Not computed: scores are not declared probabilities, or there are too few labels.")
    data = [
        {
            "predicted": part.predicted,
            "observed": part.observed,
            "promised": numbers.share(part.predicted),
            "came": numbers.share(part.observed),
            "n": numbers.count(part.rows),
        }
        for part in of.bins
    ]
    most = max(max(part.predicted, part.observed) for part in of.bins)
    axis = {"scale": alt.Scale(domain=[0, min(1.0, 1.05 * most)], nice=False), "axis": alt.Axis(format="%")}
    x = alt.X("predicted:Q", title="mean score", **axis)
    y = alt.Y("observed:Q", title="came true", **axis)
    base = alt.Chart(rows(data))
    hover = tooltips(promised="Mean score", came="Came true", n="Rows")
    diagonal = alt.Chart(rows([{"predicted": at, "observed": at} for at in (0, min(1.0, 1.05 * most))]))
    layers = [
        diagonal.mark_line(strokeDash=[4, 3], color=theme.LIGHT["muted"], strokeWidth=1.5).encode(x=x, y=y),
        base.mark_line(color=theme.LIGHT["current"], strokeWidth=1.5).encode(x=x, y=y),
        base.mark_point(filled=True, size=70, opacity=1, color=theme.LIGHT["current"]).encode(x=x, y=y, tooltip=hover),
    ]
    return alt.layer(*layers).properties(width=SIZE, height=SIZE, title=title(HEADING, of.message))
