"""Is the window new enough, are there as many rows as expected, and is the reference not too old?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dawnwatch.checks.needs import RunContext
from dawnwatch.config.schema import FeedConfig
from dawnwatch.model.enums import Outcome
from dawnwatch.model.numbers import duration, lasting, share
from dawnwatch.model.self_watch import Watch
from dawnwatch.monitoring.facts import span
from dawnwatch.monitoring.self_watch.ahead import Times, ahead, current_times

__all__ = ["timely"]

HOUR = 3600.0


def timely(run: RunContext, now: datetime) -> list[Watch]:
    """Return what `[feed]` asks for and nothing else: how old is too old is nobody's to guess."""
    rules, time = run.config.feed, run.config.roles.timestamp
    current, reference = current_times(run, now), span(run.drift_baseline, time)
    asked = [_freshness(rules, current, now), _rows(rules, run.current.profile.rows), _rate(rules, run, current)]
    if rules.hours("max_age") is not None and (current.span or current.latest):
        asked.append(ahead(current))
    return [one for one in [*asked, _reference_age(rules, reference, now)] if one is not None]


def _freshness(rules: FeedConfig, times: Times, now: datetime) -> Watch | None:
    limit = rules.hours("max_age")
    if limit is None:
        return None
    current = times.span
    if current is None:
        what = "how old the newest row is"
        if times.latest is None:
            return _unknown("freshness", "hours", limit, what, "data_late")
        why = "no sampled row is dated before the run" if times.of else "rows are dated after the run, none is sampled"
        return _unknown("freshness", "hours", limit, what, "data_late", why)
    age = max((now - current[1]).total_seconds() / HOUR, 0.0)
    late = age > limit
    which = "the newest row" if times.latest is None else "the newest sampled row dated before the run"
    said = f"{which} is {lasting(age)} old ({current[1]:%Y-%m-%d %H:%M} UTC)"
    verdict = f"and may be at most {duration(limit)}: rows come late or have stopped" if late else "and new enough"
    return _watch("freshness", late, age, limit, "hours", f"{said}, {verdict}", "data_late")


def _rows(rules: FeedConfig, rows: int) -> Watch | None:
    if rules.min_rows is None:
        return None
    short = rows < rules.min_rows
    message = f"the window holds {rows:,} rows, and {rules.min_rows:,} or more are expected"
    return _watch("row_count", short, rows, rules.min_rows, "rows", message, "rows_missing")


def _rate(rules: FeedConfig, run: RunContext, current: Times) -> Watch | None:
    """Hold the rows a day against those of the reference."""
    if rules.min_rate is None:
        return None
    then, now = _hours(span(run.drift_baseline, run.config.roles.timestamp)), _hours(current.span)
    if not then > 0 or not now > 0:
        what = "how many rows a day come"
        return _unknown("row_rate", "of the reference's rate", rules.min_rate, what, "rows_missing")
    rates = [w.profile.rows / hours * 24 for w, hours in ((run.drift_baseline, then), (run.current, now))]
    value = rates[1] / rates[0]
    few = value < rules.min_rate
    message = (
        f"{rates[1]:,.0f} rows a day come, {share(value, 0)} of the reference's {rates[0]:,.0f}; "
        f"{share(rules.min_rate, 0)} or more are expected"
    )
    return _watch("row_rate", few, value, rules.min_rate, "of the reference's rate", message, "rows_missing")


def _hours(found: tuple[datetime, datetime] | None) -> float:
    return 0.0 if found is None else (found[1] - found[0]).total_seconds() / HOUR


def _reference_age(rules: FeedConfig, reference: tuple[datetime, datetime] | None, now: datetime) -> Watch | None:
    limit = rules.hours("reference_max_age")
    if limit is None:
        return None
    if reference is None:
        return _unknown("reference_age", "hours", limit, "how old the reference is", "reference_stale")
    age = (now - reference[1]).total_seconds() / HOUR
    stale = age > limit
    said = f"the reference ends on {reference[1]:%Y-%m-%d}, {lasting(age)} ago"
    verdict = f"and may be at most {duration(limit)} old: learn a newer one" if stale else "and is new enough"
    return _watch("reference_age", stale, age, limit, "hours", f"{said}, {verdict}", "reference_stale")


def _watch(name: Any, failed: bool, value: float, limit: float, unit: str, message: str, fact: str) -> Watch:
    outcome = Outcome.FAILED if failed else Outcome.PASSED
    return Watch(
        name=name, outcome=outcome, subject=None, value=value, limit=limit, unit=unit, message=message, fact=fact
    )


NO_TIMES = "[roles] timestamp names no column of times that may be shown"


def _unknown(name: Any, unit: str, limit: float, what: str, fact: str, why: str = NO_TIMES) -> Watch:
    """Say that a question [feed] asks has no answer, which is no pass."""
    return Watch(
        name=name,
        outcome=Outcome.NOT_COMPUTED,
        subject=None,
        value=None,
        limit=limit,
        unit=unit,
        message=f"{what} is not known: {why}",
        fact=fact,
    )
