"""One feature: its distribution in both windows, and what each bin adds to its PSI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt

from dawnwatch.errors import UsageError, did_you_mean
from dawnwatch.model import numbers
from dawnwatch.model.distances import PSI
from dawnwatch.model.feature_drift import BinShare, FeatureDrift
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.sized import size_of
from dawnwatch.report.charts.parts import WINDOWS, Row, message, rows, side_text, title, tooltips
from dawnwatch.report.theme import LIGHT, PANEL_WIDTH
from dawnwatch.report.words import distinct, shorten_name, shown

__all__ = [
    "MOST",
    "Filling",
    "contribution_chart",
    "contribution_of",
    "contributions",
    "distribution_chart",
    "distribution_of",
    "distributions",
]

MOST = 30
"""Bins drawn, in the packet's order; where there are more, those with the largest part of the PSI."""
STEP = 36


@dataclass(frozen=True)
class Filling:
    """What one feature's chart differs in from another's: its rows, and its title."""

    rows: list[Row]
    title: Any


def distributions(packet: TriagePacket, feature: str) -> Any:
    """Return the share of rows in each bin, reference above current.

    Raises
    ------
    UsageError
        Where the packet holds no watched feature of that name.
    """
    found = _find(packet, feature)
    filling = distribution_of(found)
    if filling is None:
        return message(_shares_heading(found), f"Not computed: {shown(found.reason or 'no bins')}.")
    return distribution_chart(filling.rows).properties(title=filling.title)


def contributions(packet: TriagePacket, feature: str) -> Any:
    """Return what each bin adds to the PSI, saying whether its share grew or shrank. Raises UsageError."""
    found = _find(packet, feature)
    filling = contribution_of(found)
    if filling is None:
        return message(_parts_heading(found), f"Not computed: {shown(found.reason or 'no bins')}.")
    return contribution_chart(filling.rows).properties(title=filling.title)


def distribution_of(found: FeatureDrift) -> Filling | None:
    """Return what `distribution_chart` draws of a feature; None where it has no bins."""
    if not found.bins:
        return None
    chosen, note = _most(found)
    data = [
        {"bin": name, "window": window, "share": value, "said": numbers.share(value)}
        for name, b in zip(distinct(b.bin for b in chosen), chosen, strict=True)
        for window, value in (("reference", b.reference), ("current", b.current))
    ]
    return Filling(data, title(_shares_heading(found), "outlined: reference, filled: current", note))


def contribution_of(found: FeatureDrift) -> Filling | None:
    """Return what `contribution_chart` draws of a feature; None where it has no bins or no PSI."""
    if not found.bins or found.psi is None:
        return None
    chosen, note = _most(found)
    band = f" {found.band.value}" if found.band else ""
    total = f"{size_of(found)}{band}: the sum over all bins"
    if found.method != PSI:
        total = f"PSI {numbers.number(found.psi)}: the sum over all bins; judged by {size_of(found)}{band}"
    return Filling(_parts(chosen), title(_parts_heading(found), total, note))


def distribution_chart(data: list[Row]) -> Any:
    """Return the shares of rows as bars, without a title."""
    colours = [LIGHT["reference"], LIGHT["current"]]
    scale = alt.Scale(domain=WINDOWS, range=colours)
    offset = alt.YOffset("window:N", sort=WINDOWS)
    base = alt.Chart(rows(data)).encode(y=_bins(), yOffset=offset)
    bars = base.mark_bar(height={"band": 0.86}, cornerRadiusEnd=2, strokeWidth=1.2).encode(
        x=alt.X("share:Q", title="share of rows", axis=alt.Axis(format=".0%"), scale=alt.Scale(zero=True)),
        color=alt.Color("window:N", scale=scale, legend=alt.Legend(title=None, symbolType="square")),
        # The reference is outlined only: told apart without colour, and on paper.
        fillOpacity=alt.condition("datum.window === 'current'", alt.value(1), alt.value(0.18)),
        stroke=alt.Stroke("window:N", scale=scale, legend=alt.Legend(title=None, symbolType="square")),
        tooltip=tooltips(bin="Bin", window="Window", said="Share of rows"),
    )
    chart = alt.layer(bars, side_text(base, "said", size=11))
    return chart.properties(width=PANEL_WIDTH, height=alt.Step(STEP, **{"for": "position"}))


def contribution_chart(data: list[Row]) -> Any:
    """Return the parts of a PSI as bars, without a title."""
    words = ["grew", "shrank", "unchanged"]
    scale = alt.Scale(domain=words, range=[LIGHT["grew"], LIGHT["shrank"], LIGHT["muted"]])
    base = alt.Chart(rows(data)).encode(y=_bins())
    bars = base.mark_bar(height={"band": 0.5}, cornerRadiusEnd=2).encode(
        x=alt.X("part:Q", title="part of the PSI", scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=4)),
        color=alt.Color("way:N", scale=scale, legend=None),
        tooltip=tooltips(bin="Bin", said="Part of the PSI", shares="Share of rows", way="Its share"),
    )
    chart = alt.layer(bars, side_text(base, "label", size=11))
    return chart.properties(width=PANEL_WIDTH, height=alt.Step(STEP))


def _shares_heading(found: FeatureDrift) -> str:
    return f"Share of rows: {shorten_name(shown(found.name), 60)}"


def _parts_heading(found: FeatureDrift) -> str:
    return f"Parts of the PSI: {shorten_name(shown(found.name), 60)}"


def _bins() -> Any:
    return alt.Y("bin:N", sort=None, title=None, scale=alt.Scale(type="band"))


def _parts(bins: list[BinShare]) -> list[Row]:
    out: list[Row] = []
    for name, b in zip(distinct(b.bin for b in bins), bins, strict=True):
        way = "unchanged" if b.current == b.reference else "grew" if b.current > b.reference else "shrank"
        out.append(
            {
                "bin": name,
                "part": b.contribution,
                "said": numbers.number(b.contribution),
                "label": f"{numbers.number(b.contribution)} {way}",
                "shares": f"{numbers.share(b.reference)} to {numbers.share(b.current)}",
                "way": way,
            }
        )
    return out


def _most(feature: FeatureDrift) -> tuple[list[BinShare], str]:
    if len(feature.bins) <= MOST:
        return feature.bins, ""
    largest = sorted(feature.bins, key=lambda b: -b.contribution)[:MOST]
    kept = {id(b) for b in largest}
    left = len(feature.bins) - MOST
    return [b for b in feature.bins if id(b) in kept], f"{left} bins with smaller parts are left out."


def _find(packet: TriagePacket, name: str) -> FeatureDrift:
    for feature in packet.drift.features:
        if feature.name == name:
            return feature
    known = [f.name for f in packet.drift.features]
    raise UsageError(
        f"feature {name!r}: not watched in this packet.{did_you_mean(name, known)} "
        f"Watched: {', '.join(known[:10]) or 'none'}"
    )
