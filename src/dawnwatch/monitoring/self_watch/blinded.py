"""Is a pillar blinded: does it read a column that is gone or says hardly anything, so that it sees next to nothing?"""

from __future__ import annotations

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.one_score import fullest_bin, same_score
from dawnwatch.model.enums import Outcome, Pillar
from dawnwatch.model.numbers import share
from dawnwatch.model.self_watch import Watch
from dawnwatch.model.window import Window

__all__ = ["blinded"]

MOST = 0.5
"""Share of the rows without a value from which on a column tells of the others only."""
LEAST = 100
"""In a window of fewer rows nothing is said to blind a pillar: it sees little anyway."""
ONE = 0.9
"""Share of the scored rows with one score from which on nothing is ranked; and half of it at most in the baseline."""


def blinded(run: RunContext) -> list[Watch]:
    """Return what blinds a pillar: a model column or the scores mostly missing, or scores that are all one.

    Each is held against the reference, so that a column which always was mostly empty blinds nobody anew.
    """
    if run.current.profile.rows < LEAST:
        return []
    read = dict.fromkeys([*run.config.watched, *run.config.model.features])
    optional = {name for name, column in run.config.columns.items() if not column.required}
    known = run.current.profile.columns.keys() - optional
    found = [_feature(run, name) for name in read if name in known]
    found += [_unscored(run), _constant(run)]
    return [one for one in found if one is not None]


def _feature(run: RunContext, name: str) -> Watch | None:
    then, now = (_missing(window, name) for window in (run.drift_baseline, run.current))
    if not now > MOST or then > MOST:
        return None
    column = run.current.profile.columns[name]
    if column.type is None:
        held = "the column is absent, and the model scores every row without it"
    elif 2 * column["wrong_type"] > run.current.profile.rows:
        held = f"{share(now)} of the rows hold no value that can be read (they are of type {column.type})"
    else:
        held = f"{share(now)} of the rows hold no value ({share(then)} in the reference), so how it moved is read off "
        held += "the others, and the model scores most rows without it"
    return _watch(
        Pillar.DRIFT,
        now,
        MOST,
        "share of rows without a value",
        f"drift and accuracy are blinded in {name}: {held}",
    )


def _unscored(run: RunContext) -> Watch | None:
    if run.current.plan.score is None:
        return None
    then, now = (_without_score(window) for window in (run.performance_baseline, run.current))
    if not now > MOST or then > MOST:
        return None
    return _watch(
        Pillar.PERFORMANCE,
        now,
        MOST,
        "share of rows without a score",
        f"performance is blinded: {share(now)} of the rows have no score ({share(then)} in the baseline), so accuracy "
        "is told of the others only",
    )


def _constant(run: RunContext) -> Watch | None:
    if run.current.plan.score is None:
        return None
    then, (at, now) = fullest_bin(run.performance_baseline)[1], fullest_bin(run.current)
    if now < ONE or then > ONE / 2:
        return None
    now = same_score(run.current, at)
    if now < ONE:
        return None
    return _watch(
        Pillar.PERFORMANCE,
        now,
        ONE,
        "share of scored rows",
        f"performance is blinded: {share(now)} of the scores are one and the same ({share(then)} at most in the "
        "baseline), so nothing is ranked",
    )


def _missing(window: Window, name: str) -> float:
    column = window.profile.columns[name]
    if column.type is None:
        return 1.0
    return (column["null"] + column["nan"] + column["empty"] + column["wrong_type"]) / max(window.profile.rows, 1)


def _without_score(window: Window) -> float:
    return float(window.profile.scores[:, -1].sum() / max(window.profile.rows, 1))


def _watch(pillar: Pillar, value: float, limit: float, unit: str, message: str) -> Watch:
    return Watch(
        name="blinded",
        outcome=Outcome.FAILED,
        subject=pillar.value,
        value=value,
        limit=limit,
        unit=unit,
        message=message,
        fact="pillar_blinded",
    )
