"""Since when is it so? Each failure, drop and drift dated on the windows so far, and within the current one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from dawnwatch.checks.needs import RunContext
from dawnwatch.config import Config
from dawnwatch.model.certainty import is_shown
from dawnwatch.model.drift import Drift
from dawnwatch.model.enums import Band, Outcome, Pillar
from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.history import NEW_VALUES, RESCORE, VERSION, Event, Onset
from dawnwatch.model.packet import WindowFacts
from dawnwatch.model.performance import Performance
from dawnwatch.model.quality import Quality, QualityCheck
from dawnwatch.model.window import Window
from dawnwatch.monitoring.rows_in_time import Dated, RowsInTime
from dawnwatch.monitoring.series import (
    Point,
    auc_series,
    bins_series,
    checks_series,
    dated_between,
    novelty_series,
    serving_series,
    version_series,
)
from dawnwatch.stats.changepoint import ChangePoint
from dawnwatch.triage.causes import mostly
from dawnwatch.triage.classes import to_come
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.onset import onset_text

__all__ = ["Now", "onsets"]

TO_COME = "labels that are still to come lack in every window, the newer a row the more often, so nothing began"
WRONG = "the logged scores it rests on are not the model's, and since when they are not is told"
OTHER = "it lies in rows of {}, and since when that scores rows is told"
WHOLE = "the fault of {} is in every row of this window, so none of them is the first"
Series = tuple[list[Point], ChangePoint | None]


@dataclass(frozen=True)
class Now:
    """The current window: its sections and its counts."""

    facts: WindowFacts
    judged_at: datetime
    quality: Quality
    drift: Drift
    performance: Performance
    window: Window
    baseline: Window
    """The performance baseline."""
    to_come: bool = False
    """Whether all that fails of the data is labels that are still to come."""
    whole: str | None = None
    """The column whose fault most of the fall is, where no row of the window is without it."""

    @classmethod
    def of(cls, facts: WindowFacts, judged_at: datetime, evidence: Evidence, run: RunContext) -> Now:
        """Return the current window as it was judged."""
        found = evidence.quality, evidence.drift, evidence.performance
        return cls(
            facts, judged_at, *found, run.current, run.performance_baseline, to_come(evidence), _whole(evidence, run)
        )

    @property
    def point(self) -> Point:
        """The current window as the last of a series."""
        return Point(self.facts, self.judged_at, self.quality, self.drift, self.performance)


def onsets(now: Now, past: list[Point] | None, events: list[Event], config: Config) -> list[Onset]:
    """Date what was found.

    Parameters
    ----------
    past : the earlier windows, earliest first; None where no history was looked for

    Notes
    -----
    First between windows, on counts that their packets hold. Where the change may lie in the current window, or there
    is no other, within it: on the rows of its sample, which are whole units and all rows of a small window. Where
    neither shows a change the packet says so; that is not to say that there was none.
    """
    rows = RowsInTime.of(now.window, config.roles.timestamp)
    now_point = now.point
    points = [*(past or []), now_point]
    asked = None if past is None else len(past)

    def dated(
        what: Onset, series: Callable[[list[Point]], Series], within: Callable[[RowsInTime], Dated | None]
    ) -> Onset:
        if now.to_come and what.pillar is Pillar.QUALITY:
            return what.model_copy(update={"reason": TO_COME, "text": onset_text(what, reason=TO_COME)})
        level = config.significance.level
        found, change = series(points)
        earlier = sum(point is not now_point for point in found)
        known = what.model_copy(update={"windows": asked if asked is None else earlier})
        # A series that lacks the current window says nothing of it.
        between = change is not None and change.p_value <= level and earlier < len(found)
        # Where the change is surely in an earlier window, this one has nothing to say.
        if not (between and change is not None and change.high < len(found) - 1):
            of_rows = not (now.whole and what.pillar is Pillar.PERFORMANCE)
            inside = within(rows) if rows is not None and of_rows else None
            if inside is not None and inside.change.p_value <= level:
                return _told(known, "rows", inside, events)
        if between and change is not None:
            return _told(known, "windows", dated_between(found, change), events)
        reason = _undated(known.windows, found, rows)
        if now.whole and what.pillar is Pillar.PERFORMANCE:
            reason = WHOLE.format(now.whole)
        return known.model_copy(update={"reason": reason, "text": onset_text(known, reason=reason)})

    return _of_right_scores([dated(*what) for what in _found(now)])


def _whole(evidence: Evidence, run: RunContext) -> str | None:
    """Return the column whose fault most of a fall is, where it is in every row of the window."""
    most = mostly(evidence)
    if most is None or most.cause != "quality" or most.column is None:
        return None
    column = run.current.profile.columns.get(most.column)
    lost = column is not None and (column.type is None or bool(column["wrong_type"]))
    failed = [one for one in evidence.failed_quality if one.column == most.column]
    return most.column if lost or any(one.failed_rows == one.rows for one in failed) else None


def _of_right_scores(found: list[Onset]) -> list[Onset]:
    """Take the date from falls of the AUC where it is known since when the scores they rest on are others.

    Those that are not the model's, or those of a version that ranks worse.
    """
    why = next((one for one in found if one.check in {RESCORE, VERSION} and one.at is not None), None)
    if why is None:
        return found
    reason = WRONG if why.check == RESCORE else OTHER.format(f"version {why.value}")
    fell = [one.pillar is Pillar.PERFORMANCE and one.check is None for one in found]
    return [_not_told(one, reason) if is_fall else one for one, is_fall in zip(found, fell, strict=True)]


def _not_told(one: Onset, reason: str) -> Onset:
    known = Onset(pillar=one.pillar, column=one.column, value=one.value, windows=one.windows, text="")
    return known.model_copy(update={"reason": reason, "text": onset_text(known, reason=reason)})


def _found(
    now: Now,
) -> Iterator[tuple[Onset, Callable[[list[Point]], Series], Callable[[RowsInTime], Dated | None]]]:
    """Yield what is to be dated, and how, between windows and within the current one."""
    performance = now.performance
    serving = performance.serving
    # Rows of another version have another model's scores, and when they came is for the versions to say.
    if (
        serving is not None
        and serving.outcome is Outcome.FAILED
        and sum(one.rows > 0 for one in performance.versions) < 2
    ):
        tolerance = serving.tolerance
        yield (
            Onset(pillar=Pillar.PERFORMANCE, check=RESCORE, column=None, text=""),
            serving_series,
            lambda rows: rows.serving(tolerance),
        )
    for check in now.quality.checks:
        if check.outcome is Outcome.FAILED:
            yield _of_quality(check)
    # A version that the baseline lacks, and without which the AUC would not have fallen, is the fall: its rows date it.
    new = [one for one in performance.versions if one.explains and one.reference_share == 0]
    if len(new) == 1 and performance.drop.outcome is Outcome.FAILED and new[0].outcome is Outcome.FAILED:
        yield _of_version(now.window.plan.version, new[0].version)
    if performance.drop.outcome is Outcome.FAILED:
        yield (
            Onset(pillar=Pillar.PERFORMANCE, column=None, text=""),
            lambda points: auc_series(points, None),
            lambda rows: rows.performance(now.baseline, None),
        )
    for part in performance.slices:
        if part.outcome is Outcome.FAILED:
            yield _of_slice((part.column, part.value), now.baseline)
    novelty = now.drift.novelty
    if novelty is not None and novelty.shown:
        yield (
            Onset(pillar=Pillar.DRIFT, column=novelty.unit, value=NEW_VALUES, text=""),
            novelty_series,
            lambda rows: rows.new_units(),
        )
    for feature in now.drift.features:
        if feature.band in {Band.RED, Band.YELLOW} and is_shown(feature.significance):
            yield _of_drift(feature)


def _of_quality(
    check: QualityCheck,
) -> tuple[Onset, Callable[[list[Point]], Series], Callable[[RowsInTime], Dated | None]]:
    return (
        Onset(pillar=Pillar.QUALITY, check=check.name, column=check.column, text=""),
        lambda points: checks_series(points, check),
        lambda rows: rows.quality(check.name, check.column),
    )


def _of_version(
    column: str | None, version: str
) -> tuple[Onset, Callable[[list[Point]], Series], Callable[[RowsInTime], Dated | None]]:
    return (
        Onset(pillar=Pillar.PERFORMANCE, check=VERSION, column=column, value=version, text=""),
        lambda points: version_series(points, version),
        lambda rows: rows.version(version),
    )


def _of_slice(
    part: tuple[str, str], baseline: Window
) -> tuple[Onset, Callable[[list[Point]], Series], Callable[[RowsInTime], Dated | None]]:
    return (
        Onset(pillar=Pillar.PERFORMANCE, column=part[0], value=part[1], text=""),
        lambda points: auc_series(points, part),
        lambda rows: rows.performance(baseline, part),
    )


def _of_drift(
    feature: FeatureDrift,
) -> tuple[Onset, Callable[[list[Point]], Series], Callable[[RowsInTime], Dated | None]]:
    return (
        Onset(pillar=Pillar.DRIFT, column=feature.name, text=""),
        lambda points: bins_series(points, feature),
        lambda rows: rows.drift(feature),
    )


def _told(known: Onset, method: str, dated: Dated, events: list[Event]) -> Onset:
    near = [event for event in events if dated.earliest <= event.at <= dated.latest]
    told = known.model_copy(
        update={
            "at": dated.at,
            "earliest": dated.earliest,
            "latest": dated.latest,
            "method": method,
            "before": dated.change.before,
            "after": dated.change.after,
            "shape": dated.change.shape,
            "events": near,
        }
    )
    return told.model_copy(update={"text": onset_text(told)})


def _undated(windows: int | None, found: list[Point], rows: RowsInTime | None) -> str:
    inside = "no change is shown within it" if rows is not None else "its rows have no time, or were not sampled"
    if windows is None:
        return f"no history was looked for, and of this window {inside}"
    if windows == 0:
        return f"there is no earlier window to compare with, and of this one {inside}"
    since = found[0].begins
    return f"no change is shown over {len(found)} windows since {since:%Y-%m-%d %H:%M} UTC, nor within this one"
