"""scaling.png: rows per second and the ratio to decoding, by the number of rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["draw", "points"]


def points(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Return one point a contestant and size of the streaming work."""
    found = []
    for work in told["works"]:
        for group in work["groups"] if work["work"] == "W2" else ():
            for c in group["contestants"]:
                if c["rows_per_second"] is None:
                    continue
                ratio = c["ratio"]["median"] if c["ratio"] else None
                found.append(
                    {
                        "rows": group["rows"],
                        "contestant": c["name"],
                        "millions of rows a second": c["rows_per_second"] / 1e6,
                        "times decoding": ratio,
                    }
                )
    return found


def draw(told: dict[str, Any], path: Path) -> bool:
    """Draw both panels; False where there is nothing to draw."""
    shown = points(told)
    if not shown:
        return False
    import altair as alt

    names = list(dict.fromkeys(point["contestant"] for point in shown))
    base = alt.Chart(alt.InlineData(values=shown)).encode(
        x=alt.X("rows:Q", scale=alt.Scale(type="log"), axis=alt.Axis(format="~s", tickCount=5), title="rows"),
        color=alt.Color("contestant:N", sort=names, title=None),
    )
    panels = []
    for field in ("millions of rows a second", "times decoding"):
        y = alt.Y(f"{field}:Q", scale=alt.Scale(type="log"), title=f"{field} (log)")
        lines = base.mark_line(point=True).encode(y=y)
        panels.append(lines.properties(width=380, height=300))
    chart = alt.hconcat(*panels).configure_legend(orient="bottom", columns=4, labelLimit=300)
    chart.configure_view(stroke=None).save(str(path), ppi=144)
    return True
