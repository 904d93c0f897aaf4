"""The HTML report's charts: each one's specification, as wide as what holds it, and its title as a caption."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.replay import Replay
from dawnwatch.report import theme

__all__ = ["Figure", "figures_of"]

Figure = dict[str, Any]
"""`spec`, as Vega-Lite, and `caption`, its `title` and `text`."""


def figures_of(packet: TriagePacket, features: Sequence[FeatureDrift], replay: Replay | None) -> dict[str, Figure]:
    """Return the charts of a report by name.

    Parameters
    ----------
    features : those with charts of their own, `distribution-0`, `contribution-0` and so on
    replay : what each action would have come to, where it is known

    Notes
    -----
    The charts of one kind differ in their rows and titles only, so each kind is built once: building one takes some
    twenty milliseconds, and there may be eighty.
    """
    from dawnwatch.report import charts
    from dawnwatch.report.charts.feature import contribution_of, distribution_of
    from dawnwatch.report.render import specification

    found = {
        "quality": charts.quality_panel(packet),
        "drift": charts.drift_panel(packet),
        "performance": charts.performance_panel(packet),
        "slices": charts.slices(packet),
        "causes": charts.causes(packet),
    }
    if packet.performance.calibration is not None:
        found["calibration"] = charts.reliability(packet)
    if packet.performance.maturity is not None and packet.performance.maturity.cohorts:
        found["cohorts"] = charts.cohorts(packet)
    if replay is not None:
        found["replay"] = charts.replay_gains(replay)
        if len(replay.blocks) > 1:
            found["blocks"] = charts.replay_blocks(replay)
        if charts.has_reliability(replay):
            found["reliability"] = charts.replay_reliability(replay)
    figures = {}
    for name, chart in found.items():
        spec = specification(chart)
        figures[name] = _figure(_fitted(spec), spec["title"])
    for at, feature in enumerate(features):
        for kind, filling in (("distribution", distribution_of(feature)), ("contribution", contribution_of(feature))):
            if filling is not None:
                spec = {**_kind(kind), "data": {"values": filling.rows}}
                figures[f"{kind}-{at}"] = _figure(spec, filling.title.to_dict())
    return figures


def _figure(spec: dict[str, Any], heading: dict[str, Any]) -> Figure:
    lines = [line for line in heading.get("subtitle", []) if line.strip()]
    return {"spec": spec, "caption": {"title": heading["text"], "text": " ".join(lines)}}


def _fitted(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a specification without its title, which the page shows itself, as wide as its container."""
    fitted = {name: value for name, value in spec.items() if name != "title"}
    fitted["width"] = "container"
    # Heights come from the number of rows; only the width follows the page.
    fitted["autosize"] = {"type": "fit-x", "contains": "padding"}
    # A label under the last tick reaches beyond the plot, which Vega leaves out of what it fits.
    padding = {"left": 4, "top": 4, "bottom": 4, "right": 14}
    fitted["config"].update(padding=padding, background="transparent")
    return dict(theme.as_css_variables(fitted))


@cache
def _kind(name: str) -> dict[str, Any]:
    """Return what all charts of a kind have in common."""
    from dawnwatch.report.charts.feature import contribution_chart, distribution_chart
    from dawnwatch.report.render import specification

    make = {"distribution": distribution_chart, "contribution": contribution_chart}[name]
    spec = _fitted(specification(make([])))
    return {part: value for part, value in spec.items() if part not in {"data", "datasets"}}
