"""All that is looked at of the monitor's own feed, in one list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.runner import Result
from dawnwatch.model.enums import Outcome
from dawnwatch.model.measurement import NotComputed
from dawnwatch.model.self_watch import Watch
from dawnwatch.monitoring.self_watch.blinded import blinded
from dawnwatch.monitoring.self_watch.label_delay import label_delay
from dawnwatch.monitoring.self_watch.label_times import label_times
from dawnwatch.monitoring.self_watch.labels import label_feed
from dawnwatch.monitoring.self_watch.lagged import lagged_features
from dawnwatch.monitoring.self_watch.timely import timely

__all__ = ["self_watch"]


def self_watch(run: RunContext, results: Sequence[Result], now: datetime) -> list[Watch]:
    """Return what was looked at, failures first.

    Parameters
    ----------
    results : of all checks; those that faulted are told here too
    now : when the run started: a later judging of the same window makes nothing late
    """
    labels = label_feed(run, run.as_of or now)
    stopped = any(one.outcome is Outcome.FAILED for one in labels)
    found = [
        *timely(run, now),
        *labels,
        # Labels of a feed that stopped are not to come.
        *([] if stopped else label_delay(run)),
        *label_times(run, now),
        *lagged_features(run),
        *_empty_columns(run),
        *blinded(run),
        *_faulted(results),
    ]
    return sorted(found, key=lambda one: one.outcome is not Outcome.FAILED)


def _empty_columns(run: RunContext) -> list[Watch]:
    """Return the columns that hold no value in any row, where the reference's does."""
    found = []
    for plan in run.current.plan.columns:
        then, now = (window.profile.columns[plan.name] for window in (run.drift_baseline, run.current))
        if now.type is None or (plan.name == run.config.roles.label and run.labels_late):
            continue
        empty = [
            column["null"] + column["nan"] + column["empty"] >= window.profile.rows
            for column, window in ((then, run.drift_baseline), (now, run.current))
        ]
        if empty == [False, True]:
            rows = run.current.profile.rows
            found.append(
                Watch(
                    name="empty_column",
                    outcome=Outcome.FAILED,
                    subject=plan.name,
                    value=1.0,
                    limit=1.0,
                    unit="share of rows without a value",
                    message=f"{plan.name} holds no value in any of {rows:,} rows, and the reference's does",
                    fact="feed_broken",
                )
            )
    return found


def _faulted(results: Sequence[Result]) -> list[Watch]:
    """Return the checks that faulted; the fact `check_errored` says so already."""
    return [
        Watch(
            name="check",
            outcome=Outcome.FAILED,
            subject=result.spec.name,
            value=None,
            limit=None,
            unit="",
            message=f"{result.spec.name}{f' of {result.subject.column}' if result.subject.column else ''} did not "
            f"run: {result.measurement.reason if isinstance(result.measurement, NotComputed) else 'it faulted'}",
            fact=None,
        )
        for result in results
        if result.outcome is Outcome.ERRORED
    ]
