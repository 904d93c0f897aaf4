"""Panel 2: the PSI of each watched feature, or the distance in its place, against its own two bounds."""

from __future__ import annotations

from typing import Any

import altair as alt

from dawnwatch.model import numbers
from dawnwatch.model.distances import PSI
from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.sized import amount_of, size_of
from dawnwatch.report import summaries, theme
from dawnwatch.report.charts.parts import Row, in_order, message, rows, side_text, title, tooltips
from dawnwatch.report.words import distinct, shorten, shown

__all__ = ["MOST", "drift_panel"]

MOST = 20
"""Features drawn; the rest, with smaller PSI, are counted in the subtitle."""
STEP = 30
CROWDED = 0.2
"""Share of the axis that a bound's label needs."""
HEADING = "2. Drift: has the data changed?"


def drift_panel(packet: TriagePacket, *, extent: float = 0) -> Any:
    """Return bars of PSI, largest first, each row marked with that feature's yellow and red bound.

    Where a feature is judged by another distance, all bars are multiples of what is RED for each. At most `MOST`
    features are drawn. A feature without a number says so in its row. `extent` is the least width of the labels in
    pixels, so that panels above each other line up.
    """
    features = summaries.by_psi(packet.drift.features)
    if not features:
        return message(HEADING, "Not computed: no feature is watched for drift.", extent=extent)
    chosen = features[:MOST]
    left = len(features) - len(chosen)
    common = {(f.yellow, f.red) for f in chosen}
    # Distances of several kinds share an axis only as parts of what is RED for each.
    plain = all(f.method == PSI for f in chosen)
    largest = max((f.psi for f in chosen if f.psi is not None), default=0.0)
    lines = [summaries.drift(packet.drift)]
    if left:
        lines.append(f"The {MOST} largest are drawn; {left} more are in the packet.")
    shared = plain and len(common) == 1
    if not shared:
        lines.append("Marks are each feature's own bounds: thin = yellow, thick = red.")
    data = _rows(chosen, plain=plain)
    base = alt.Chart(rows(data))
    y = alt.Y("name:N", sort=None, title=None, scale=in_order(data, "name"), axis=alt.Axis(minExtent=extent))
    top = max(max(row["size"] or 0.0, row["red"]) for row in data)
    x = alt.X(
        "size:Q",
        title="PSI (0 = no shift)" if plain else "as a multiple of what is RED",
        scale=alt.Scale(domain=[0, top * 1.04], nice=False),
    )
    colour = alt.Color(
        "band:N",
        scale=alt.Scale(domain=list(theme.BAND_COLOUR), range=list(theme.BAND_COLOUR.values())),
        legend=None,
    )
    measured = base.transform_filter("datum.size !== null")
    hover = tooltips(
        name="Feature",
        said="PSI" if plain else "Judged by",
        bounds="Bounds",
        moved="Moved most",
        current_rows="Current rows",
    )
    layers = [
        measured.mark_bar(height={"band": 0.56}, cornerRadiusEnd=2).encode(x=x, y=y, color=colour, tooltip=hover),
        *_bounds(measured, y),
        side_text(base.encode(y=y), "label", fontWeight="bold"),
        base.transform_filter("datum.size === null")
        .mark_text(align="left", dx=4, fontStyle="italic", limit=theme.PANEL_WIDTH - 8)
        .encode(x=alt.value(0), y=y, text="reason:N", tooltip=tooltips(name="Feature", reason="Not computed")),
    ]
    layers += _bound_labels(*common.pop(), largest) if shared else []
    chart = alt.layer(*layers).properties(width=theme.PANEL_WIDTH, height=alt.Step(STEP))
    return chart.properties(title=title(HEADING, *lines))


def _rows(features: list[FeatureDrift], *, plain: bool) -> list[Row]:
    names = distinct(f.name for f in features)
    return [
        {
            "name": name,
            "size": None if f.size is None else f.size / (1 if plain else f.red),
            "band": f.band.value if f.band else None,
            "said": _said(f, plain=plain),
            "label": _said(f, plain=plain) if f.size is not None else "\N{EN DASH}",
            "yellow": f.yellow / (1 if plain else f.red),
            "red": f.red if plain else 1.0,
            "bounds": f"yellow from {f.yellow:g}, red from {f.red:g}",
            "moved": shown(f.moved_most) if f.moved_most else "-",
            "current_rows": numbers.count(f.current_rows),
            "reason": f"not computed: {shorten(shown(f.reason or 'no reason given'), 200)}",
        }
        for name, f in zip(names, features, strict=True)
    ]


def _said(f: FeatureDrift, *, plain: bool) -> str:
    return f"{amount_of(f) if plain else size_of(f)} {f.band.value if f.band else ''}".strip()


def _bounds(base: Any, y: Any) -> list[Any]:
    def tick(field: str, thickness: float) -> Any:
        return base.mark_tick(
            orient="vertical", size=STEP - 3, thickness=thickness, color=theme.LIGHT["ink"], opacity=0.85
        ).encode(x=f"{field}:Q", y=y, tooltip=tooltips(name="Feature", bounds="Bounds"))

    return [tick("yellow", 1.2), tick("red", 2.8)]


def _bound_labels(yellow: float, red: float, largest: float) -> list[Any]:
    """Label both bounds above the rows, one to each side, or in one label where the axis leaves them no room."""

    def label(value: float, text: str, align: str) -> Any:
        data = rows([{"at": value, "text": text}])
        return (
            alt.Chart(data)
            .mark_text(align=align, baseline="bottom", dx=3 if align == "right" else -3, size=11)
            .encode(x="at:Q", y=alt.value(-8), text="text:N", color=alt.value(theme.LIGHT["muted"]))
        )

    if max(yellow, red - yellow) < CROWDED * max(largest, red):
        return [label(yellow, f"yellow {yellow:g}, red {red:g}", "left")]
    return [label(yellow, f"yellow {yellow:g}", "right"), label(red, f"red {red:g}", "left")]
