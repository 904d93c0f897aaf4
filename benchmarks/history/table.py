"""The page: how often a window is RED against training, and how often against earlier windows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.drills.rates import wilson
from dawnwatch.model.certainty import is_shown
from dawnwatch.model.enums import Band
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.sections import FeatureDrift

__all__ = ["Row", "page"]

BASELINES = ("training", "last_good", "day_before", "week_before")
HEAD = """# Earlier windows as baselines

Made by `make history-bench`: real logs, in order of time, cut into windows that follow upon each other; the oldest
60 % are training rows and reference. Nothing was injected. RED: a PSI of 0.20 or more that is also more than chance
(`all` counts a window where any watched feature is). In brackets: windows that had such a baseline to be compared with,
and Wilson's 95 % interval as if windows were independent, which they are not.

| data | windows of | feature | windows | RED to training | last good window | same hours, day before | week before |
|---|---|---|--:|---|---|---|---|
"""


@dataclass
class Row:
    """One cut of one data set."""

    data: str
    cut: str
    feature: str
    windows: int = 0
    red: dict[str, tuple[int, int]] = field(default_factory=dict)
    """RED windows and all windows, by baseline."""

    @classmethod
    def of(cls, data: str, cut: str, feature: str | None, packets: list[TriagePacket]) -> Row:
        """Count the windows in which this feature is RED; any, where None."""
        row = cls(data, cut, feature or "all", len(packets))
        row.red["training"] = _counted([packet.drift.features for packet in packets], _red(feature))
        for kind in BASELINES[1:]:
            found = [o.features for p in packets for o in p.diagnosis.baselines if o.kind == kind and o.reason is None]
            row.red[kind] = _counted(found, _red(feature))
        return row


def page(rows: list[Row]) -> str:
    """Return the page."""
    lines = [
        f"| {row.data} | {row.cut} | {row.feature} | {row.windows} | "
        + " | ".join(_cell(*row.red[kind]) for kind in BASELINES)
        + " |"
        for row in rows
    ]
    return HEAD + "\n".join(lines) + "\n"


def _red(name: str | None) -> Callable[[list[FeatureDrift]], bool]:
    def red(features: list[FeatureDrift]) -> bool:
        return any(f.band is Band.RED and is_shown(f.significance) for f in features if name in {None, f.name})

    return red


def _counted(found: list[list[FeatureDrift]], red: Callable[[list[FeatureDrift]], bool]) -> tuple[int, int]:
    return sum(map(red, found)), len(found)


def _cell(red: int, of: int) -> str:
    if not of:
        return "none"
    low, high = wilson(red, of)
    return f"{100 * red / of:.0f} % ({of}; {100 * low:.0f}–{100 * high:.0f})"
