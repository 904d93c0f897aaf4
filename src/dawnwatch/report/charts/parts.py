"""What several charts share: data, titles, the column of values beside a plot, intervals, and the empty panel."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

import altair as alt

from dawnwatch.report import theme
from dawnwatch.report.theme import LABEL_LETTERS

__all__ = [
    "WIDE_ONLY",
    "Row",
    "in_order",
    "label_extent",
    "message",
    "row_labels",
    "rows",
    "side_text",
    "title",
    "tooltips",
    "window_legend",
    "wrap",
    "zoom",
]

Row = dict[str, Any]

WIDE_ONLY = "wide-only"
"""Name prefix of layers that the HTML report leaves out on a narrow screen, where a table says the same."""

WINDOWS = ["reference", "current"]
WRAP = 74
"""Characters of a subtitle's line: what fits above a panel."""


def rows(data: list[Row]) -> Any:
    """Return inline data; types are given with each encoding, so no dataframe library is asked."""
    return alt.InlineData(values=data)


def in_order(data: list[Row], field: str, **options: Any) -> Any:
    """Return a band scale whose rows stand as in the data, also where a layer leaves some of them out."""
    return alt.Scale(type="band", domain=list(dict.fromkeys(row[field] for row in data)), **options)


def wrap(text: str, width: int = WRAP) -> list[str]:
    """Break text into lines of at most `width` characters, cutting words that are longer still."""
    return textwrap.wrap(text, width) or [""]


def title(text: str, *lines: str, width: int = WRAP) -> Any:
    """Return a panel's title with what it shows said in words below it."""
    said = [line[:1].upper() + line[1:] + "." * (not line.endswith(".")) for line in lines if line]
    return alt.TitleParams(text=text, subtitle=[part for line in said for part in wrap(line, width)])


def label_extent(names: Iterable[str]) -> float:
    """Return the pixels that the longest label needs, rather more than less: letters of one width are assumed."""
    return 6.8 * min(LABEL_LETTERS, max(map(len, names), default=0))


def row_labels(letters: int, **more: Any) -> Any:
    """Return an axis whose labels keep `letters` of a name, both its ends."""
    return alt.Axis(labelLimit=8 * letters, labelExpr=theme.label_expr(letters), **more)


def message(heading: str, text: str, *, extent: float = 0) -> Any:
    """Return a panel that says why there is nothing to draw, starting where a panel with labels would."""
    lines = wrap(text, 52)
    base = alt.Chart(rows([{"text": lines}]))
    drawn = base.mark_text(align="left", baseline="top", fontStyle="italic", lineHeight=16, size=13).encode(
        x=alt.value(-extent), y=alt.value(0), text="text:N"
    )
    return drawn.properties(width=theme.PANEL_WIDTH, height=16 * len(lines) + 8, title=title(heading))


def tooltips(**titles: str) -> list[Any]:
    """Return tooltips over fields that already hold text: `tooltips(name="Feature")`."""
    return [alt.Tooltip(f"{field}:N", title=heading) for field, heading in titles.items()]


def side_text(chart: Any, field: str, *, dx: int = 10, **mark: Any) -> Any:
    """Return a column of text right of the plotting area, in line with each row."""
    return chart.mark_text(align="left", dx=dx, **mark).encode(x=alt.value("width"), text=f"{field}:N")


def window_legend(*, shown: bool = True) -> tuple[Any, Any]:
    """Return the (colour, shape) encodings of the two windows: a circle and a diamond."""
    legend = alt.Legend(title=None) if shown else None
    colours = [theme.LIGHT["reference"], theme.LIGHT["current"]]
    return (
        alt.Color("window:N", scale=alt.Scale(domain=WINDOWS, range=colours), legend=legend),
        alt.Shape("window:N", scale=alt.Scale(domain=WINDOWS, range=["circle", "diamond"]), legend=legend),
    )


def zoom(values: list[float], *, room: float = 0.12, least: float = 0.02) -> list[float]:
    """Return an axis' (low, high) around values: a margin on both sides, a span of at least `least`."""
    low, high = min(values), max(values)
    margin = max((high - low) * room, least / 2)
    return [low - margin, high + margin]
