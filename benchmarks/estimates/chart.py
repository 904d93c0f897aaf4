"""estimates.png: how far each estimate was off, a row a kind of shift and a dot a window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.estimates.table import METHODS, SHIFTS, Window, windows_of

__all__ = ["draw", "points"]

COLOURS = {"PAPE": "#0072B2", "CBPE": "#E69F00", "NannyML CBPE": "#888888"}
PANELS = {"auc": "AUC: estimate less realised", "accuracy": "accuracy: estimate less realised"}
WIDTH, BAND = 330, 14


def points(windows: list[Window], metric: str) -> list[dict[str, Any]]:
    """Return one point a window and method, but for what could not be told."""
    return [
        {"shift": window.shift, "method": method, "error": told[0] - window.truth[metric]}
        for window in windows
        for method in METHODS
        if (told := window.told(method, metric)) is not None
    ]


def draw(records: list[dict[str, Any]], path: Path) -> bool:
    """Draw both panels; False where there is nothing to draw."""
    windows = windows_of(records)
    if not windows:
        return False
    import altair as alt

    methods = [method for method in METHODS if any(window.told(method, "auc") for window in windows)]
    colours = alt.Scale(domain=methods, range=[COLOURS[method] for method in methods])
    panels = []
    for at, (metric, title) in enumerate(PANELS.items()):
        axis = alt.Axis(labelLimit=260, ticks=False, domain=False) if at == 0 else None
        dots = (
            alt.Chart(alt.InlineData(values=points(windows, metric)))
            .mark_circle(size=26, opacity=0.6)
            .encode(
                x=alt.X("error:Q", title=title, scale=alt.Scale(zero=False)),
                y=alt.Y("shift:N", sort=list(SHIFTS), title=None, axis=axis, scale=alt.Scale(paddingInner=0.35)),
                yOffset=alt.YOffset("method:N", sort=methods),
                color=alt.Color("method:N", scale=colours, title=None),
            )
        )
        zero = alt.Chart(alt.InlineData(values=[{"at": 0}])).mark_rule(color="#444444").encode(x="at:Q")
        height = alt.Step(BAND, **{"for": "offset"})
        panels.append((zero + dots).properties(width=WIDTH, height=height))
    chart = alt.hconcat(*panels).configure_legend(orient="bottom").configure_view(stroke=None)
    chart.configure_axis(labelFontSize=12, titleFontSize=12).save(str(path), ppi=144)
    return True
