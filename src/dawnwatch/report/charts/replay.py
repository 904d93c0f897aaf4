"""What each action would have gained over waiting: points with their intervals, overall and in each slice."""

from __future__ import annotations

from typing import Any

import altair as alt

from dawnwatch.model.gains import Gain, Metric
from dawnwatch.model.numbers import confidence, plural
from dawnwatch.model.replay import Candidate, Replay
from dawnwatch.report import theme
from dawnwatch.report.charts.parts import (
    WIDE_ONLY,
    Row,
    in_order,
    message,
    row_labels,
    rows,
    side_text,
    title,
    tooltips,
    zoom,
)
from dawnwatch.report.charts.recalibration import replay_reliability
from dawnwatch.report.replay.table import METRICS, block_name, gain_text
from dawnwatch.report.words import distinct

__all__ = ["has_reliability", "replay_blocks", "replay_chart", "replay_gains", "replay_slices"]

STEP, SLICE_STEP = 32, 16
MOST = 5
"""Slices that are drawn, those with most rows, and blocks whose beginnings are told; the tables hold all."""
MOST_BY_BLOCK = 30
"""Rows of the blocks' panel."""
WIDTH = 330
SURE = {"better": "current", "worse": "red", "within noise": "reference"}
SHAPES = {"better": "triangle-up", "worse": "triangle-down", "within noise": "circle"}


def replay_chart(found: Replay) -> Any:
    """Return all panels, one above the other."""
    panels = [replay_gains(found)]
    if any(gain.metric == "log_loss" for gain in found.waiting.gains):
        panels.append(replay_gains(found, "log_loss"))
    if len(found.blocks) > 1:
        panels.append(replay_blocks(found))
    if found.waiting.slices:
        panels.append(replay_slices(found))
    gains = alt.vconcat(*panels, spacing=26).resolve_scale(color="shared", shape="shared")
    if not has_reliability(found):
        return gains
    return alt.vconcat(gains, replay_reliability(found), spacing=26).resolve_scale(
        color="independent", shape="independent"
    )


def has_reliability(found: Replay) -> bool:
    """Whether a recalibration was judged, so that its diagram can be drawn."""
    return any(one.action == "recalibrate" and one.reliability for one in found.candidates)


def replay_gains(found: Replay, metric: Metric = "auc") -> Any:
    """Return a row for each action: how much better than waiting it is in this measure, to the right.

    Recalibrating keeps the order of scores, so that it has no row where the AUC is drawn.
    """
    heading = f"{METRICS[metric][:1].upper()}{METRICS[metric][1:]}: what each action gains over waiting"
    drawn = [one for one in found.candidates[1:] if metric != "auc" or one.action != "recalibrate"]
    data = [_row(one, gain) for one in drawn if (gain := one.gain(metric)) is not None]
    if not data:
        return message(heading, "No action could be judged beside waiting.")
    names = distinct(row["name"] for row in data)
    for row, name in zip(data, names, strict=True):
        row["name"] = name
    waiting = found.waiting.gain(metric)
    has = "" if waiting is None else f"waiting has {gain_text(found.waiting, waiting)}"
    y = alt.Y("name:N", sort=None, title=None, scale=in_order(data, "name"), axis=row_labels(36))
    chart = _forest(data, y, f"better by ({METRICS[metric]})")
    units = "" if found.units is None else f" of {plural(found.units, f'{found.unit} value')}"
    parts = f" in {len(found.blocks)} blocks" if len(found.blocks) > 1 else ""
    said = f"{has} on {found.judged_rows:,} rows{units}{parts}; lines: {confidence(found.confidence)} intervals"
    return chart.properties(width=WIDTH, height=alt.Step(STEP), title=title(heading, said))


def replay_blocks(found: Replay) -> Any:
    """Return the AUC's gain of each action that can change the order of scores, in each block of time.

    Where that are too many rows it is of the action that gains most.
    """
    heading = "AUC by block of time: what each action gains over waiting"
    shown = [one for one in found.candidates[1:] if one.action != "recalibrate" and one.gain("auc") is not None]
    if len(shown) * len(found.blocks) > MOST_BY_BLOCK:
        shown = [max(shown, key=lambda one: gain.gain if (gain := one.gain("auc")) else 0.0)]
    data = []
    for candidate in shown:
        for at, block in enumerate(candidate.blocks):
            gain = block.gain("auc")
            if gain is not None:
                row = _row(candidate, gain)
                data.append(row | {"name": f"{row['name']}: {at + 1}", "block": block_name(found, at)})
    if not data:
        return message(heading, "No block holds units enough of both classes.")
    axis = row_labels(54, labelFontSize=11)
    y = alt.Y("name:N", sort=None, title=None, scale=in_order(data, "name"), axis=axis)
    chart = _forest(data, y, "better by (AUC)", size=40)
    begins = ", ".join(block_name(found, at) for at in range(min(len(found.blocks), MOST)))
    more = ", and so on" if len(found.blocks) > MOST else ""
    said = f"blocks {begins}{more}; {confidence(found.confidence)} intervals, each on its own"
    return chart.properties(width=WIDTH, height=alt.Step(SLICE_STEP + 3), title=title(heading, said))


def replay_slices(found: Replay) -> Any:
    """Return the AUC's gain of each action that can change the order of scores, in each slice."""
    heading = "AUC by slice: what each action gains over waiting"
    biggest = sorted(found.waiting.slices, key=lambda part: -part.rows)[:MOST]
    keys = [(part.column, part.value) for part in biggest]
    data = []
    for part in keys:
        for candidate in found.candidates[1:]:
            own = next((s for s in candidate.slices if (s.column, s.value) == part), None)
            if candidate.action != "recalibrate" and own is not None and own.auc is not None:
                row = _row(candidate, own.auc)
                data.append(row | {"name": f"{own.name}: {row['name']}", "slice": own.name})
    if not data:
        return message(heading, "No slice holds rows enough of both classes.")
    axis = row_labels(54, labelFontSize=11)
    y = alt.Y("name:N", sort=None, title=None, scale=in_order(data, "name"), axis=axis)
    chart = _forest(data, y, "better by (AUC)", size=40)
    said = f"{confidence(found.confidence)} intervals, each on its own; slices inform and do not decide"
    return chart.properties(width=WIDTH, height=alt.Step(SLICE_STEP + 3), title=title(heading, said))


def _forest(data: list[Row], y: Any, axis: str, *, size: int = 80) -> Any:
    spread = [0.0, *(row[end] for row in data for end in ("low", "high"))]
    x = alt.X("gain:Q", title=axis, scale=alt.Scale(domain=zoom(spread), nice=False))
    base = alt.Chart(rows(data))
    names = list(SURE)
    colour = alt.Color(
        "sure:N", scale=alt.Scale(domain=names, range=[theme.LIGHT[SURE[name]] for name in names]), legend=None
    )
    shape = alt.Shape("sure:N", scale=alt.Scale(domain=names, range=[SHAPES[name] for name in names]), legend=None)
    hover = tooltips(name="Action", said="Measure (difference, interval)", sure="Against waiting", how="What is done")
    return alt.layer(
        alt.Chart(rows([{"at": 0}])).mark_rule(color=theme.LIGHT["muted"]).encode(x="at:Q"),
        base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q"), x2="high:Q", y=y, color=colour, tooltip=hover),
        base.mark_point(filled=True, size=size, opacity=1).encode(x=x, y=y, color=colour, shape=shape, tooltip=hover),
        side_text(base.encode(y=y), "said", size=11).properties(name=f"{WIDE_ONLY}-said"),
    )


def _row(candidate: Candidate, gain: Gain) -> Row:
    low, high = gain.interval or (gain.gain, gain.gain)
    known = gain.interval is not None
    return {
        "name": candidate.title,
        "gain": gain.gain,
        "low": low,
        "high": high,
        "sure": "better" if known and low > 0 else "worse" if known and high < 0 else "within noise",
        "said": gain_text(candidate, gain),
        "how": candidate.how,
    }
