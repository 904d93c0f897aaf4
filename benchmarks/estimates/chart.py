"""estimates.png: estimated against realised AUC, a panel a kind of shift."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.estimates.table import METHODS, SHIFTS, Window, windows_of

__all__ = ["draw", "points"]

COLOURS = {"PAPE": "#0072B2", "CBPE": "#E69F00", "NannyML CBPE": "#999999"}
SIZE = 200


def points(windows: list[Window]) -> list[dict[str, Any]]:
    """Return one point a window and method, but for what could not be told."""
    found = []
    for window in windows:
        for method in METHODS:
            told = window.told(method, "auc")
            if told is not None:
                found.append(
                    {"shift": window.shift, "method": method, "estimated": told[0], "realised": window.truth["auc"]}
                )
    return found


def draw(records: list[dict[str, Any]], path: Path) -> bool:
    """Draw the panels; False where there is nothing to draw."""
    shown = points(windows_of(records))
    if not shown:
        return False
    import altair as alt

    values = [value for point in shown for value in (point["estimated"], point["realised"])]
    scale = alt.Scale(domain=[round(min(values) - 0.02, 2), round(max(values) + 0.02, 2)], nice=False)
    line = alt.Chart(alt.InlineData(values=[{"at": scale.domain[0]}, {"at": scale.domain[1]}]))
    panels = []
    for shift in SHIFTS:
        own = [point for point in shown if point["shift"] == shift]
        dots = alt.Chart(alt.InlineData(values=own)).mark_point(size=22, opacity=0.75, filled=True)
        marks = dots.encode(
            x=alt.X("realised:Q", scale=scale, title="realised AUC"),
            y=alt.Y("estimated:Q", scale=scale, title="estimated AUC"),
            color=alt.Color(
                "method:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), title=None
            ),
            shape=alt.Shape("method:N", scale=alt.Scale(domain=list(COLOURS)), title=None),
        )
        same = line.mark_line(color="#bbbbbb", strokeDash=[4, 3]).encode(x="at:Q", y="at:Q")
        panels.append((same + marks).properties(width=SIZE, height=SIZE, title=shift))
    chart = alt.vconcat(*(alt.hconcat(*panels[at : at + 4]) for at in range(0, len(panels), 4)))
    chart.configure_legend(orient="bottom").configure_view(stroke=None).save(str(path), ppi=144)
    return True
