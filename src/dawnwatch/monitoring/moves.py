"""Which thresholds stood behind false pages, and what other values would have done: from the counts of the runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path

from dawnwatch.errors import DawnwatchError
from dawnwatch.model.scorecard import LEAST_JUDGED, Move
from dawnwatch.model.what_if import Sweep
from dawnwatch.monitoring.saved_run import load_run, run_of
from dawnwatch.monitoring.what_if import what_if
from dawnwatch.triage.cases import Case
from dawnwatch.triage.check_values import failed_values

__all__ = ["moves", "rounded_above"]

DIGITS = 3
Sweeps = Mapping[str, Sweep]


@dataclass(frozen=True)
class _Judged:
    """A judged page, and how its severity depends on each threshold."""

    case: Case
    sweeps: Sweeps

    @property
    def real(self) -> bool:
        return self.case.alarm == "real"

    def pages_at(self, threshold: str, value: float) -> bool:
        """Whether it still pages with one threshold at a value."""
        return self.sweeps[threshold].at(value).severity.rank >= self.case.page_at.rank


def moves(cases: Sequence[Case], folders: Mapping[str, Path]) -> list[Move]:
    """Return what to make of each threshold that stood behind a page judged false.

    Every judged page is judged again, from its own counts, at the values that silence one of the false ones. Of those
    that lose no real page, the one that silences most is named; it fits the pages it was found on, and later ones
    less well.

    Parameters
    ----------
    cases : windows of one project, in order; those that judging again has silenced already are passed over
    folders : where each packet lies, by its identity
    """
    judged = [case for case in cases if case.pages_now and case.alarm in _TOLD]
    behind = {check.threshold for case in judged if case.alarm != "real" for check in failed_values(case.packet)}
    swept = [(case, _sweeps(case, folders)) for case in judged]
    known = [_Judged(case, sweeps) for case, sweeps in swept if sweeps is not None]
    names = dict.fromkeys(name for page in known for name in page.sweeps if name in behind)
    return [_move(name, known, len(judged)) for name in names]


_TOLD = ("real", "false_alarm")


def _sweeps(case: Case, folders: Mapping[str, Path]) -> Sweeps | None:
    try:
        seen, config = load_run(run_of(case.packet, folders[case.packet.id]), packet=case.packet.id)
        return {sweep.threshold: sweep for sweep in what_if(seen, config).sweeps}
    except DawnwatchError:
        return None  # deleted, moved or of another version: the page counts, and what other values do is not known


def _move(name: str, known: Sequence[_Judged], judged: int) -> Move:
    false, real = [p for p in known if not p.real], [p for p in known if p.real]
    newest = known[-1].sweeps[name]
    found = Move(
        threshold=name,
        title=newest.title,
        now=newest.now,
        to=None,
        false=len(false),
        silenced=0,
        real=len(real),
        without_counts=judged - len(known),
    )
    if judged < LEAST_JUDGED:
        return _without(found, f"not enough pages judged: {judged} of at least {LEAST_JUDGED}")
    if not real:
        return _without(found, "no page was judged real, so nothing tells what a higher value would miss")
    candidates = {value for page in false if (value := _silent_from(page, name)) is not None}
    if not candidates:
        return _without(found, "no value of it alone silences one of them")
    safe = [value for value in candidates if all(page.pages_at(name, value) for page in real)]
    if not safe:
        gentlest = min(candidates)
        lost = sum(not page.pages_at(name, gentlest) for page in real)
        return _without(found, f"{gentlest:g}, the least that silences one, loses {lost} of the real ones")
    silenced = {value: sum(not page.pages_at(name, value) for page in false) for value in safe}
    best = min(safe, key=lambda value: (-silenced[value], value))
    return found.model_copy(update={"to": best, "silenced": silenced[best]})


def _without(move: Move, reason: str) -> Move:
    return move.model_copy(update={"reason": reason})


def _silent_from(page: _Judged, name: str) -> float | None:
    """Return a round value above the present one from which a page is silent; None where no value silences it."""
    sweep = page.sweeps[name]
    quiet = [
        step.span
        for step in sweep.severities
        if step.severity.rank < page.case.page_at.rank and step.span.low >= sweep.now
    ]
    if not quiet:
        return None
    value = rounded_above(quiet[0].low, strictly=not quiet[0].low_included)
    return None if page.pages_at(name, value) else value


def rounded_above(value: float, *, strictly: bool) -> float:
    """Return the next value of three digits that is no smaller, or where `strictly` that is larger.

    Examples
    --------
    >>> rounded_above(0.31234, strictly=False), rounded_above(0.31, strictly=False), rounded_above(0.31, strictly=True)
    (0.313, 0.31, 0.311)
    """
    exact = Decimal(repr(value))
    step = Decimal(1).scaleb(exact.adjusted() - DIGITS + 1) if exact else Decimal(1).scaleb(-DIGITS)
    floor = (exact / step).to_integral_value(ROUND_FLOOR) * step
    return float(floor if floor == exact and not strictly else floor + step)
