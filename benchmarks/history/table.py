"""The page: how often a window is RED against training, and how often against earlier windows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median

from dawnwatch.model.certainty import is_shown
from dawnwatch.model.enums import Band
from dawnwatch.model.packet import TriagePacket

__all__ = ["Row", "page", "rows_of"]

BASELINES = ("training", "last_good", "day_before", "week_before")
HEAD = """# Earlier windows as baselines

Made by `make history-bench`: real logs, in order of time, cut into windows that follow upon each other; the oldest
60 % are training rows and reference. Nothing was injected. Each cell: windows RED by size (PSI of 0.20 or more) / RED
and more than chance, of so many that had such a baseline to be compared with. `any` counts a window in which any
watched feature is. Windows that follow upon each other are not independent, so the shares have no interval.

| data | windows of | rows, median | feature | training | last good window | same hours a day before | a week before |
|---|---|--:|---|---|---|---|---|
"""


@dataclass
class Row:
    """One feature in one cut of one data set; any feature where it is None."""

    data: str
    cut: str
    feature: str | None
    packets: list[TriagePacket]

    def cell(self, kind: str) -> str:
        """Return how many windows are RED against a baseline."""
        if kind == "training":
            found = [packet.drift.features for packet in self.packets]
        else:
            found = [o.features for p in self.packets for o in p.diagnosis.baselines if o.kind == kind and not o.reason]
        if not found:
            return "none"
        red = [[f for f in fs if f.band is Band.RED and self.feature in {None, f.name}] for fs in found]
        sized, shown = sum(map(bool, red)), sum(any(is_shown(f.significance) for f in fs) for fs in red)
        return f"{100 * sized / len(found):.0f} % / {100 * shown / len(found):.0f} % of {len(found)}"

    def __str__(self) -> str:
        rows = median(packet.provenance.current.rows for packet in self.packets) if self.packets else 0
        cells = [self.data, self.cut, f"{rows:,.0f}", self.feature or "any", *map(self.cell, BASELINES)]
        return f"| {' | '.join(cells)} |"


def rows_of(data: str, cut: str, hours: str | None, packets: list[TriagePacket]) -> list[Row]:
    """Return a row for the part of the day, one for the feature that is RED most often, and one for any."""
    red = Counter(f.name for p in packets for f in p.drift.features if f.band is Band.RED)
    names = dict.fromkeys([*([hours] if hours else []), *(name for name, _ in red.most_common(1)), None])
    return [Row(data, cut, name, packets) for name in names]


def page(rows: list[Row]) -> str:
    """Return the page."""
    return HEAD + "\n".join(map(str, rows)) + "\n"
