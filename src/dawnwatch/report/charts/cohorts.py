"""How far the labels have come, by the day or hour of the prediction."""

from __future__ import annotations

from typing import Any

import altair as alt

from dawnwatch.model import numbers
from dawnwatch.model.maturity import Cohort, Maturity
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report import theme
from dawnwatch.report.charts.parts import message, rows, title, tooltips

__all__ = ["cohorts"]

HEADING = "Labels: how far they have come"
HEIGHT = 150
JUDGED, PARTLY, YOUNG = "judged", "judged in part", "too young"
FOOT = 3
"""Pixels of the foot that a bar of 0% stands on, so that the period is seen to be there."""
DATED = {
    "day": "utcFormat(datum.value, '%b %-d')",
    "hour": "[utcFormat(datum.value, '%H:00'), utcFormat(datum.value, '%b %-d')]",
}
"""What stands under a bar; the title holds the year."""
COLOURS = {JUDGED: theme.LIGHT["current"], PARTLY: theme.LIGHT["unknown"], YOUNG: theme.LIGHT["reference"]}


def cohorts(packet: TriagePacket) -> Any:
    """Return a bar for each cohort, as high as the share of its rows that have a label, with its interval."""
    found = packet.performance.maturity
    if found is None or not found.cohorts:
        return message(HEADING, "Not computed: no row has a time, or every row has its label.")
    data = [
        {
            "start": one.start.isoformat(),
            "when": f"{one.start:%Y-%m-%d}" if found.period == "day" else numbers.moment(one.start),
            "share": one.share,
            "low": one.interval[0],
            "high": one.interval[1],
            "said": f"{numbers.share(one.share)} ({numbers.interval(one.interval, 2)})",
            "n": numbers.count(one.rows),
            "age": numbers.lasting(max(one.age_hours, 0.0)),
            "what": JUDGED if one.mature is not False else PARTLY if _cut_through(one, found) else YOUNG,
        }
        for one in found.cohorts
    ]
    unit = "utcyearmonthdate" if found.period == "day" else "utcyearmonthdatehours"
    axis = alt.Axis(
        labelOverlap=True, labelSeparation=6, labelBound=12, labelAngle=0, labelExpr=DATED[found.period or "day"]
    )
    x = alt.X(f"{unit}(start):O", title=f"{found.period} of the prediction (UTC)", axis=axis)
    y = alt.Y("share:Q", title="have a label", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"))
    kinds = [kind for kind in (JUDGED, PARTLY, YOUNG) if any(row["what"] == kind for row in data)]
    colour = alt.Color(
        "what:N",
        scale=alt.Scale(domain=kinds, range=[COLOURS[kind] for kind in kinds]),
        legend=alt.Legend(title=None, orient="top", symbolType="square", symbolOpacity=1) if len(kinds) > 1 else None,
    )
    hover = tooltips(
        when=f"{found.period} of the prediction".capitalize(),
        said="Have a label",
        n="Sampled rows",
        age="Age",
        what="Labels",
    )
    base = alt.Chart(rows(data))
    # Whether a share is a matter of age or of slow labels, bars of one moment cannot say.
    told = "By age of the rows alone; a curve of arrival only where labels take as long as they always did"
    return alt.layer(
        base.mark_bar().encode(x=x, y=y, color=colour, tooltip=hover),
        base.transform_filter("datum.share === 0")
        .mark_tick(thickness=FOOT, yOffset=-FOOT / 2)
        .encode(x=x, y=y, color=colour, tooltip=hover),
        base.mark_rule(color=theme.LIGHT["muted"]).encode(x=x, y=alt.Y("low:Q"), y2="high:Q", tooltip=hover),
    ).properties(height=HEIGHT, title=title(HEADING, _span(found), "" if found.curve else told))


def _span(of: Maturity) -> str:
    first, last = of.cohorts[0].start, of.cohorts[-1].start
    until = f" to {last:%Y-%m-%d}" if last.date() != first.date() else ""
    return f"rows predicted {first:%Y-%m-%d}{until}"


def _cut_through(one: Cohort, of: Maturity) -> bool:
    return of.judged_until is not None and one.start < of.judged_until < one.end
