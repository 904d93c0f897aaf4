"""One number over the windows so far, off their packets: a share of rows, or an AUC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dawnwatch.model.drift import Drift
from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.packet import WindowFacts
from dawnwatch.model.performance import Performance
from dawnwatch.model.quality import Quality, QualityCheck
from dawnwatch.monitoring.gains import main_gains
from dawnwatch.monitoring.history import History
from dawnwatch.monitoring.rows_in_time import Dated
from dawnwatch.stats.changepoint import ChangePoint, mean_change, share_change

__all__ = [
    "Point",
    "auc_series",
    "bins_series",
    "checks_series",
    "dated_between",
    "novelty_series",
    "points_of",
    "serving_series",
    "version_series",
]


@dataclass(frozen=True)
class Point:
    """A window as its packet has it."""

    facts: WindowFacts
    judged_at: datetime
    quality: Quality
    drift: Drift
    performance: Performance

    @property
    def begins(self) -> datetime:
        """When its rows begin; where that is not known, when it was judged."""
        return self.facts.first_at or self.judged_at

    @property
    def middle(self) -> datetime:
        """Half-way between its first and last row."""
        ends = self.facts.last_at or self.begins
        return self.begins + (ends - self.begins) / 2


def points_of(history: History) -> list[Point]:
    """Return the earlier windows, earliest first."""
    packets = [run.packet for run in history.runs]
    return [Point(p.provenance.current, p.created_at, p.quality, p.drift, p.performance) for p in packets]


def bins_series(points: list[Point], feature: FeatureDrift) -> tuple[list[Point], ChangePoint | None]:
    """Return the windows that have a feature, and where the share of the bins that it has gained most by rose."""
    gained = main_gains(feature)
    kept, grown, rows = [], [], []
    for point in points:
        found = next((f for f in point.drift.features if f.name == feature.name and f.bins), None)
        if found is not None:
            kept.append(point)
            rows.append(found.current_rows)
            grown.append(sum(share.current for share in found.bins if share.bin in gained) * found.current_rows)
    effect = (feature.significance.design_effect if feature.significance else None) or 1.0
    return kept, share_change(grown, rows, rising=True, design_effect=effect)


def novelty_series(points: list[Point]) -> tuple[list[Point], ChangePoint | None]:
    """Return the windows in which rows of new units were counted, and where their share rose."""
    kept = [point for point in points if point.drift.novelty is not None and point.facts.rows]
    found = [point.drift.novelty for point in kept if point.drift.novelty is not None]
    # Rows without a unit are neither known nor new, so the share says of how many it is.
    rows = [
        round(one.current_rows / one.current_share) if one.current_share else point.facts.rows
        for one, point in zip(found, kept, strict=True)
    ]
    return kept, share_change([one.current_rows for one in found], rows, rising=True)


def checks_series(points: list[Point], check: QualityCheck) -> tuple[list[Point], ChangePoint | None]:
    """Return the windows in which a rule was counted, and where the share of failing rows rose."""
    kept, failed, rows = [], [], []
    for point in points:
        same = (c for c in point.quality.checks if (c.name, c.column) == (check.name, check.column))
        found = next((c for c in same if c.failed_rows is not None and c.rows), None)
        if found is not None:
            kept.append(point)
            failed.append(found.failed_rows or 0)
            rows.append(found.rows)
    return kept, share_change(failed, rows, rising=True)


def serving_series(points: list[Point]) -> tuple[list[Point], ChangePoint | None]:
    """Return the windows whose model was asked again, and where the share of scores that are not its own rose."""
    kept = [point for point in points if point.performance.serving is not None and point.performance.serving.rows]
    found = [point.performance.serving for point in kept if point.performance.serving is not None]
    return kept, share_change([one.differ for one in found], [one.rows for one in found], rising=True)


def version_series(points: list[Point], version: str) -> tuple[list[Point], ChangePoint | None]:
    """Return the windows whose rows say their version, and where the share of this one rose."""
    kept = [point for point in points if point.performance.versions]
    found = [{one.version: one.rows for one in point.performance.versions} for point in kept]
    return kept, share_change(
        [rows.get(version, 0) for rows in found], [max(sum(rows.values()), 1) for rows in found], rising=True
    )


def auc_series(points: list[Point], part: tuple[str, str] | None) -> tuple[list[Point], ChangePoint | None]:
    """Return the windows that have an AUC, and where it fell.

    Parameters
    ----------
    part : slice column and value; None for all rows

    Notes
    -----
    Where scores are all one, or divide the labels entirely, the AUC has no variance of its own. It is given that of the
    least sure of the other windows, so that it counts for less than it could.
    """
    kept, values, variances = [], [], []
    for point in points:
        found = point.performance.current
        if part is not None:
            slices = (s.current for s in point.performance.slices if (s.column, s.value) == part)
            found = next(slices, found.model_copy(update={"value": None}))
        if found.value is not None and found.variance is not None:
            kept.append(point)
            values.append(found.value)
            variances.append(found.variance)
    least = max(variances, default=0.0)
    if not least > 0:
        return kept, None
    return kept, mean_change(values, [variance or least for variance in variances], rising=False)


def dated_between(points: list[Point], change: ChangePoint) -> Dated:
    """Return when a change between windows was.

    A window before it can be after it by less than half, and one after it may begin before it: the bounds are the
    middle of the one and the end of the other.
    """
    last = points[change.high]
    return Dated(change, points[change.at].begins, points[change.low - 1].middle, last.facts.last_at or last.begins)
