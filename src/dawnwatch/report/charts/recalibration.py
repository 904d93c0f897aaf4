"""The reliability diagram before and after recalibrating: what scores promise against what came true."""

from __future__ import annotations

from typing import Any

import altair as alt

from dawnwatch.model import numbers
from dawnwatch.model.replay import Candidate, Replay
from dawnwatch.report import theme
from dawnwatch.report.charts.parts import Row, message, rows, title, tooltips

__all__ = ["replay_reliability"]

HEADING = "Calibration: what scores promise, before and after"
SIZE, TALL = 520, 300
COLOURS, SHAPES = ("reference", "current", "shrank"), ("circle", "triangle-up", "square")


def replay_reliability(found: Replay) -> Any:
    """Return mean score against share of positives for waiting and each recalibration; on the diagonal they agree."""
    drawn = [one for one in found.candidates if one.reliability]
    if len(drawn) < 2:
        return message(HEADING, "No recalibration was judged.")
    data = [row for one in drawn for row in _rows(one)]
    ends = [value for row in data for value in (row["predicted"], row["low"], row["high"])]
    span = [max(0.0, min(ends) - 0.02), min(1.0, max(ends) + 0.02)]
    axis = {"scale": alt.Scale(domain=span, nice=False), "axis": alt.Axis(format="%", grid=True)}
    x = alt.X("predicted:Q", title="mean score", **axis)
    names = [_name(one) for one in drawn]
    colour = alt.Color(
        "name:N",
        title=None,
        scale=alt.Scale(domain=names, range=[theme.LIGHT[part] for part in COLOURS[: len(names)]]),
        legend=alt.Legend(orient="top", symbolType="circle", columns=2),  # three do not fit on a phone
    )
    shape = alt.Shape("name:N", scale=alt.Scale(domain=names, range=list(SHAPES[: len(names)])), legend=None)
    base = alt.Chart(rows(data))
    hover = tooltips(name="Scores", promised="Mean score", came="Came true (interval)", n="Rows")
    y = alt.Y("observed:Q", title="came true", **axis)
    diagonal = alt.Chart(rows([{"predicted": at, "observed": at} for at in span]))
    chart = alt.layer(
        diagonal.mark_line(strokeDash=[4, 3], color=theme.LIGHT["muted"], strokeWidth=1.5).encode(x=x, y=y),
        base.mark_line(strokeWidth=1, opacity=0.5).encode(x=x, y=y, color=colour),
        base.mark_rule(strokeWidth=1.5).encode(
            x=x, y=alt.Y("low:Q", title="came true", **axis), y2="high:Q", color=colour, tooltip=hover
        ),
        base.mark_point(filled=True, size=70, opacity=1).encode(x=x, y=y, color=colour, shape=shape, tooltip=hover),
    )
    return chart.properties(width=SIZE, height=TALL, title=title(HEADING, _errors(drawn), _counts(found, drawn)))


def _name(candidate: Candidate) -> str:
    return "waiting" if candidate.action == "wait" else candidate.name


def _rows(candidate: Candidate) -> list[Row]:
    found = []
    for part in candidate.reliability:
        low, high = part.interval or (part.observed, part.observed)
        span = "" if part.interval is None else f" ({numbers.share(low)} to {numbers.share(high)})"
        found.append(
            {
                "name": _name(candidate),
                "predicted": part.predicted,
                "observed": part.observed,
                "low": low,
                "high": high,
                "promised": numbers.share(part.predicted),
                "came": numbers.share(part.observed) + span,
                "n": numbers.count(part.rows),
            }
        )
    return found


def _errors(drawn: list[Candidate]) -> str:
    told = [f"{_name(one)} {numbers.number(gain.value)}" for one in drawn if (gain := one.gain("ece")) is not None]
    return f"calibration error: {', '.join(told)}; on the dashed line scores come true as they promise"


def _counts(found: Replay, drawn: list[Candidate]) -> str:
    sizes = [part.rows for one in drawn for part in one.reliability]
    counts = numbers.count(min(sizes)) + (f" to {numbers.count(max(sizes))}" if min(sizes) != max(sizes) else "")
    return f"a point is {counts} judged rows; lines: {numbers.confidence(found.confidence)} intervals, each on its own"
