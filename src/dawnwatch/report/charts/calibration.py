"""False alarms against detection: over each threshold's range what it costs a year, and what it finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from dawnwatch.model.calibration import CheckCalibration, Setting, ThresholdCalibration, ThresholdName
from dawnwatch.model.numbers import number
from dawnwatch.report import theme
from dawnwatch.report.calibration.table import TITLES, rate_text
from dawnwatch.report.charts.parts import Row, message, rows, title, tooltips

__all__ = ["calibration_chart"]

MOST = 5
"""Subjects drawn of each check; those with the most false alarms now."""
WIDTH, HEIGHT = 360, 150
COLOURS = ["current", "shrank", "green", "unknown", "reference"]
DASHES = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4]]
AXIS = {
    "psi": "PSI from which on RED",
    "auc_drop": "largest fall of the AUC that passes",
    "missing": "largest share that passes",
}
SMALL = 1e-3
"""Where the axis of sizes begins."""
LEAST = 0.05
"""False alarms a year where the axis begins, which is logarithmic: rarer ones are drawn there."""


def calibration_chart(found: ThresholdCalibration) -> Any:
    """Return two panels a check, one above the other: false alarms a year, and the sizes found four times in five.

    A band goes from what is found every second time to what is found 19 times in 20.
    """
    columns = []
    for threshold in ("psi", "auc_drop", "missing"):
        checks = _drawn(found.checks, threshold)
        if checks:
            columns.append(_column(checks, found))
    if not columns:
        return message("Calibration", "no threshold could be calibrated")
    drawn = alt.hconcat(*columns, spacing=44).resolve_scale(color="independent", strokeDash="independent")
    said = [
        "above: false alarms in a year of runs in which nothing happened, with their 95% interval; dashed: the pages "
        "wanted at most",
        "below: the size that is found four times in five; the band goes from every second time to 19 times in 20",
    ]
    return drawn.properties(title=title("What each threshold costs, and what it finds", *said, width=150))


def _drawn(checks: Sequence[CheckCalibration], threshold: ThresholdName) -> list[CheckCalibration]:
    """Return the checks of one threshold that are drawn; of those whose curves are alike, one stands for all."""
    there = [check for check in checks if check.threshold == threshold and check.now is not None and check.curve]
    unlike: dict[str, CheckCalibration] = {}
    for check in there:
        unlike.setdefault(repr(check.curve), check)
    ranked = sorted(unlike.values(), key=lambda check: -_alarms(check))
    return ranked[:MOST]


def _alarms(check: CheckCalibration) -> float:
    return sum(setting.false_alarms.a_year for setting in check.curve)


def _column(checks: Sequence[CheckCalibration], found: ThresholdCalibration) -> Any:
    threshold = checks[0].threshold
    names = [_name(check, found) for check in checks]
    data = [row for check in checks for setting in check.curve if (row := _row(check, setting, found))]
    marks = _marks(checks[0])
    colour = alt.Color(
        "subject:N",
        scale=alt.Scale(domain=names, range=[theme.LIGHT[c] for c in COLOURS[: len(names)]]),
        legend=alt.Legend(
            title=None, orient="bottom", columns=2, direction="horizontal", symbolType="stroke", symbolOpacity=1
        ),
    )
    dash = alt.StrokeDash("subject:N", scale=alt.Scale(domain=names, range=DASHES[: len(names)]), legend=None)
    x = alt.X(
        "threshold:Q",
        scale=alt.Scale(type="log", nice=False),
        title=AXIS[threshold],
        axis=alt.Axis(tickCount=5, format="~g"),
    )
    base = alt.Chart(rows(data)).encode(x=x, color=colour)
    cost = {
        "scale": alt.Scale(type="log", domain=[LEAST, max(found.runs_a_year, 1.0)], clamp=True, nice=False),
        "title": "false alarms a year",
        "axis": alt.Axis(format="~g", tickCount=4, grid=True),
    }
    # Layers of one panel share scale and title only where each names both.
    band = base.mark_area(opacity=0.15).encode(y=alt.Y("low:Q", **cost), y2="high:Q")
    line = base.mark_line(strokeWidth=2).encode(
        y=alt.Y("alarms:Q", **cost),
        strokeDash=dash,
        tooltip=tooltips(subject="Check", at="Threshold", alarms_said="False alarms a year", found="Found 4 in 5"),
    )
    budget = alt.Chart(rows([{"budget": found.budget}])).mark_rule(strokeDash=[3, 3]).encode(y="budget:Q")
    upper = alt.layer(band, line, budget, *_rules(marks, labelled=True)).properties(width=WIDTH, height=HEIGHT)
    sizes = base.transform_filter("isValid(datum.size)")
    top = {
        "scale": alt.Scale(type="log", nice=False),
        "title": "size found",
        "axis": alt.Axis(format="~g", tickCount=4, grid=True),
    }
    spread = sizes.mark_area(opacity=0.15).encode(y=alt.Y("half:Q", **top), y2="nearly:Q")
    detected = sizes.mark_line(strokeWidth=2).encode(y=alt.Y("size:Q", **top), strokeDash=dash)
    lower = alt.layer(spread, detected, *_rules(marks, labelled=False)).properties(width=WIDTH, height=HEIGHT)
    panel = alt.vconcat(upper, lower, spacing=14).resolve_scale(x="shared")
    return panel.properties(title=title(TITLES[threshold]))


def _name(check: CheckCalibration, found: ThresholdCalibration) -> str:
    alike = [c for c in found.checks if c.threshold == check.threshold and c.curve == check.curve]
    return check.subject if len(alike) == 1 else f"{check.subject} and {len(alike) - 1} more"


def _row(check: CheckCalibration, setting: Setting, found: ThresholdCalibration) -> Row:
    low, high = setting.false_alarms.interval
    half, four, nearly = ([f.size for f in setting.found] + [None] * 3)[:3]
    return {
        "subject": _name(check, found),
        "threshold": setting.threshold,
        "at": f"{setting.threshold:.3g}",
        "alarms": max(setting.false_alarms.a_year, LEAST),
        "alarms_said": rate_text(setting.false_alarms),
        "low": max(low, LEAST),
        "high": max(high, LEAST),
        "half": None if half is None else max(half, SMALL),
        "size": None if four is None else max(four, SMALL),
        "nearly": nearly if four is None or nearly is not None else max(four, SMALL),
        "found": "not of any size tried" if four is None else number(four),
    }


def _marks(check: CheckCalibration) -> list[Row]:
    """Return the thresholds now and suggested; words stand on the side where the other has none."""
    now, suggested = check.now, check.suggested
    if now is None:
        return []
    if suggested is None or suggested.threshold == now.threshold:
        return [{"threshold": now.threshold, "text": f"now {now.threshold:g}", "side": "left"}]
    lower = suggested.threshold < now.threshold
    return [
        {"threshold": now.threshold, "text": f"now {now.threshold:g}", "side": "left" if lower else "right"},
        {
            "threshold": suggested.threshold,
            "text": f"suggested {suggested.threshold:g}",
            "side": "right" if lower else "left",
        },
    ]


def _rules(marks: list[Row], *, labelled: bool) -> list[Any]:
    base = alt.Chart(rows(marks)).encode(x="threshold:Q")
    drawn = [base.mark_rule(color=theme.LIGHT["ink"], strokeWidth=2)]
    for side, dx in (("left", 4), ("right", -4)):
        if labelled:
            words = base.transform_filter(f"datum.side === '{side}'")
            words = words.mark_text(align=side, dx=dx, baseline="top", fontWeight="bold")
            drawn.append(words.encode(y=alt.value(2), text="text:N"))
    return drawn
