"""One look for all pictures: palette, type and the Vega-Lite configuration.

The palette is dark-on-light safe for the common colour vision deficiencies (after Okabe and Ito 2008) and ordered by
lightness, so that it survives a black-and-white printer; symbols and words carry the meaning in every chart.
"""

from __future__ import annotations

from typing import Any

from dawnwatch.model.enums import Outcome

__all__ = [
    "BAND_COLOUR",
    "DARK",
    "FONT",
    "LABEL_LETTERS",
    "LABEL_LIMIT",
    "LIGHT",
    "OUTCOME_COLOUR",
    "OUTCOME_SHAPE",
    "PANEL_WIDTH",
    "as_css_variables",
    "config",
    "label_expr",
]

FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
LABEL_LETTERS = 26
"""Letters of a label beside a row; what lies in its middle beyond is left out and stands in the tooltip."""
LABEL_LIMIT = 210
"""Pixels of a label, whatever its letters: where they are all wide, Vega cuts it once more, at its end."""
PANEL_WIDTH = 300
"""Width of a chart's plotting area in pixels, without its labels."""

LIGHT = {
    "ink": "#1b2430",
    "muted": "#566270",
    "grid": "#e3e7ec",
    "axis": "#8a95a3",
    "paper": "#ffffff",
    "reference": "#7d8794",
    "current": "#0b5c9e",
    "green": "#2b8c74",
    "yellow": "#d98e04",
    "red": "#b3261e",
    "grew": "#0b5c9f",
    "shrank": "#c4721a",
    "unknown": "#6f5b9a",
}
"""Colours by the part they play, on a light ground. No two are equal: the report tells them apart by value."""

DARK = {
    "ink": "#e8edf3",
    "muted": "#a9b4c1",
    "grid": "#2d3744",
    "axis": "#6d7987",
    "paper": "#161c24",
    "reference": "#98a4b3",
    "current": "#62b0f0",
    "green": "#4fc3a1",
    "yellow": "#f2b84b",
    "red": "#ff8a7a",
    "grew": "#62b0f0",
    "shrank": "#f0a35c",
    "unknown": "#b9a5e6",
}
"""The same parts on a dark ground."""

BAND_COLOUR = {"GREEN": LIGHT["green"], "YELLOW": LIGHT["yellow"], "RED": LIGHT["red"]}
OUTCOME_COLOUR = {
    Outcome.PASSED: LIGHT["green"],
    Outcome.WARNED: LIGHT["yellow"],
    Outcome.FAILED: LIGHT["red"],
    Outcome.NOT_COMPUTED: LIGHT["unknown"],
    Outcome.ERRORED: LIGHT["unknown"],
}
# Drawn paths, not letters: a check mark is missing from many fonts.
OUTCOME_SHAPE = {
    Outcome.PASSED: "M-0.9,0.05L-0.3,0.7L0.9,-0.7",
    Outcome.WARNED: "M0,-0.9L0.95,0.75L-0.95,0.75ZM0,-0.35L0,0.25M0,0.48L0,0.5",
    Outcome.FAILED: "M-0.75,-0.75L0.75,0.75M0.75,-0.75L-0.75,0.75",
    Outcome.NOT_COMPUTED: "M-0.8,0L0.8,0",
    Outcome.ERRORED: "M0,-0.9L0,0.9M-0.8,-0.45L0.8,0.45M-0.8,0.45L0.8,-0.45",
}


def config() -> dict[str, Any]:
    """Return the Vega-Lite configuration that every chart carries."""
    text = {"labelColor": LIGHT["ink"], "titleColor": LIGHT["muted"], "labelFontSize": 12, "titleFontSize": 12}
    return {
        "font": FONT,
        "background": LIGHT["paper"],
        "padding": 14,
        "view": {"stroke": None},
        "title": {
            "anchor": "start",
            "frame": "bounds",
            "color": LIGHT["ink"],
            "fontSize": 15,
            "fontWeight": "bold",
            "subtitleColor": LIGHT["muted"],
            "subtitleFontSize": 12,
            "subtitlePadding": 5,
            "subtitleLineHeight": 15,
            "offset": 12,
            "lineHeight": 19,
        },
        "axis": {
            **text,
            "titleFontWeight": "normal",
            "domain": False,
            "ticks": False,
            "gridColor": LIGHT["grid"],
            "labelPadding": 6,
            "titlePadding": 8,
        },
        "axisY": {"labelLimit": LABEL_LIMIT, "labelExpr": label_expr(LABEL_LETTERS), "grid": False},
        "axisX": {"tickCount": 5},
        "legend": {
            **text,
            "symbolStrokeWidth": 2,
            "orient": "top",
            "direction": "horizontal",
            "title": None,
            "offset": 6,
        },
        "text": {"color": LIGHT["ink"], "fontSize": 12},
        "rule": {"color": LIGHT["axis"]},
        "concat": {"spacing": 34},
    }


def label_expr(letters: int) -> str:
    """Return the Vega expression that cuts a label in its middle to `letters`, half as many where they are wide.

    The labels of one family differ at their ends. Only what is drawn is cut: the scale keeps the whole names apart,
    and `report.js` puts a smaller number in the place of `letters` on a narrow screen.
    """
    return f"truncate(datum.label, {letters} / (test(regexp('[\\u1100-\\uffdc]'), datum.label) ? 2 : 1), 'center')"


_NOT_COLOURS = {"datasets", "data", "values", "domain", "sort", "tooltip", "title", "text", "subtitle"}


def as_css_variables(node: Any, *, key: str = "") -> Any:
    """Replace the palette's colours in a specification by CSS variables, leaving what comes from the data alone.

    The report then follows the reader's light or dark scheme, and prints light, without drawing anything anew.
    """
    if isinstance(node, dict):
        return {
            name: value if name in _NOT_COLOURS and _is_data(name, value) else as_css_variables(value, key=name)
            for name, value in node.items()
        }
    if isinstance(node, list):
        return [as_css_variables(value, key=key) for value in node]
    return _VARIABLE.get(node, node) if isinstance(node, str) else node


def _is_data(name: str, value: Any) -> bool:
    """Whether a key holds words from the data; `title` and `text` are also the names of style blocks."""
    return name not in {"title", "text"} or not isinstance(value, dict)


_VARIABLE = {colour: f"var(--{part})" for part, colour in LIGHT.items()}
