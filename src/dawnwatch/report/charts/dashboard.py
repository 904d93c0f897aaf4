"""The picture of a whole packet: severity and headline above the three panels, in the order of the funnel."""

from __future__ import annotations

from typing import Any

import altair as alt

from dawnwatch.model import numbers
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report import theme
from dawnwatch.report.charts.drift import drift_panel
from dawnwatch.report.charts.parts import label_extent, wrap
from dawnwatch.report.charts.performance import performance_panel
from dawnwatch.report.charts.quality import quality_panel
from dawnwatch.report.words import shorten, shown

__all__ = ["dashboard"]

LONG = 6
"""With more watched features than this, drift takes a column of its own."""
LINE = 112
"""Characters of the headline's line: the width of the panels below it."""


def dashboard(packet: TriagePacket) -> Any:
    """Return the three panels in two columns of about equal height, under the packet's headline."""
    wide = label_extent(["(whole table)", *(shown(c.column or "") for c in packet.quality.checks)])
    features = label_extent(["reference", *(shown(f.name) for f in packet.drift.features)])
    if len(packet.drift.features) > LONG:
        columns = [
            [quality_panel(packet, extent=wide), performance_panel(packet, extent=wide)],
            [drift_panel(packet, extent=features)],
        ]
    else:
        columns = [
            [quality_panel(packet, extent=wide)],
            [drift_panel(packet, extent=features), performance_panel(packet, extent=features)],
        ]
    _level([column[0] for column in columns])
    # Both columns are stacks, even of one, so that their titles stand on one line.
    stacks = [_own_scales(alt.vconcat(*panels, spacing=38)) for panels in columns]
    return _own_scales(alt.hconcat(*stacks, spacing=44)).properties(title=_heading(packet))


def _level(panels: list[Any]) -> None:
    """Give titles on one line equally many lines below them, so that the plots start level too."""
    most = max(len(panel.title.subtitle) for panel in panels)
    for panel in panels:
        panel.title.subtitle = [*panel.title.subtitle, *[" "] * (most - len(panel.title.subtitle))]


def _own_scales(chart: Any) -> Any:
    return chart.resolve_scale(color="independent", shape="independent")


def _heading(packet: TriagePacket) -> Any:
    label = f" · {shown(packet.label)}" if packet.label else ""
    about = f"{shown(packet.project)}{label} · {numbers.moment(packet.created_at)}"
    return alt.TitleParams(
        text=f"{packet.severity.value.upper()} · {shown(packet.rule)}",
        subtitle=[*wrap(shorten(shown(packet.headline), 400), LINE), shorten(about, LINE)],
        fontSize=20,
        subtitleFontSize=13,
        subtitleLineHeight=18,
        subtitleColor=theme.LIGHT["ink"],
        offset=22,
    )
