"""Cutting one long log into windows, judging each, and dating what the last one shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from dawnwatch.checks.needs import RunContext
from dawnwatch.config import Config
from dawnwatch.errors import ConfigError, UsageError
from dawnwatch.model.certainty import is_shown
from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.history import Event
from dawnwatch.model.long_log import LoggedWindow, LogOnset
from dawnwatch.model.times import per_second
from dawnwatch.model.window import Window
from dawnwatch.monitoring.baselines import Baselines, Progress, counted
from dawnwatch.monitoring.facts import moment_at, window_facts
from dawnwatch.monitoring.observation import Observation
from dawnwatch.monitoring.onset import Now, onsets
from dawnwatch.monitoring.series import Point
from dawnwatch.monitoring.weighing import weigh
from dawnwatch.profiling.by_time import profile_by_time
from dawnwatch.profiling.run import Mapped
from dawnwatch.sources.base import Source

__all__ = ["log_onset"]


def log_onset(
    source: Source,
    baselines: Baselines,
    config: Config,
    *,
    every: timedelta,
    events: Sequence[Event],
    memory: int,
    progress: Progress,
) -> LogOnset:
    """Date what the last window of a log shows.

    Raises
    ------
    ConfigError
        Where no time is configured, it is private, or the reference's are no times.
    UsageError
        Where `every` is shorter than a minute, or the log lies on Spark.
    DataError
        Where the log cannot be read or cut.
    """
    if isinstance(source, Mapped):
        raise UsageError(f"{source.name}: a log on Spark cannot be cut by time here; check its windows one by one")
    time = config.roles.timestamp
    unit = _unit(baselines.drift, time)
    if every < timedelta(minutes=1):
        raise UsageError(f"windows must last a minute or more; got {every.total_seconds():g} seconds")
    scored = baselines.scorer.score(source, baselines.plan.score)
    windows, without = profile_by_time(
        scored,
        baselines.plan,
        time or "",
        unit=unit,
        seconds=every.total_seconds(),
        memory=memory // 16,
        progress=counted(progress, "cutting the log", scored),
    )
    now = datetime.now(UTC)
    judged = []
    for at, cut in enumerate(windows):
        progress("judging its windows", at, len(windows))
        seen = Observation(baselines, cut.window, baselines.scorer.describe(scored), now)
        run = seen.run(config)
        evidence = weigh(seen, run, step=lambda step: None).evidence
        # By the times it was cut by, which its counts lack where the column's type has changed.
        times = {"first_at": moment_at(cut.first), "last_at": moment_at(cut.last)}
        facts = window_facts(cut.window, config).model_copy(update=times)
        judged.append((Now.of(facts, now, evidence, run), run))
    (last, _), points = judged[-1], [current.point for current, _ in judged]
    return LogOnset(
        hours=every.total_seconds() / 3600,
        windows=[_told(point, run) for point, (_, run) in zip(points, judged, strict=True)],
        without_time=without,
        onsets=onsets(last, points[:-1], list(events), config),
    )


def _unit(reference: Window, time: str | None) -> int:
    """Return how many of the time column's numbers make a second, as the reference has them."""
    if time is None:
        raise ConfigError("a log is cut by its time: name the column as [roles] timestamp")
    if time in reference.plan.private:
        raise ConfigError(f"a log is cut by its time, and {time!r} is private, so that no time of it may be shown")
    moments = reference.profile.columns[time].moments
    unit = None if moments.low is None or moments.high is None else per_second(moments.low, moments.high)
    if unit is None:
        raise ConfigError(
            f"[roles] timestamp names {time!r}, which in the reference holds no timestamps and no numbers that are all "
            "seconds, milli-, micro- or nanoseconds since 1970 of the years 1980 to 2100"
        )
    return unit


def _told(point: Point, run: RunContext) -> LoggedWindow:
    shown = [feature for feature in point.drift.features if is_shown(feature.significance)]
    performance = point.performance
    return LoggedWindow(
        first_at=point.begins,
        last_at=point.facts.last_at or point.begins,
        rows=run.current.profile.rows,
        failed=[
            f"{check.name} of {check.column}" if check.column else check.name
            for check in point.quality.checks
            if check.outcome is Outcome.FAILED
        ],
        red=[feature.name for feature in shown if feature.band is Band.RED],
        yellow=[feature.name for feature in shown if feature.band is Band.YELLOW],
        auc=performance.current.value,
        drop=performance.drop.value,
        degraded=performance.outcome is Outcome.FAILED,
    )
