"""The performance section of the packet."""

from __future__ import annotations

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.bins import bin_performance
from dawnwatch.checks.performance.estimates import from_rows
from dawnwatch.checks.performance.scores import Scores
from dawnwatch.checks.runner import Result
from dawnwatch.model.enums import Outcome
from dawnwatch.model.measurement import Measured, NotComputed
from dawnwatch.model.numbers import short_share, signed
from dawnwatch.model.sections import Auc, Drop, Performance, SlicePerformance
from dawnwatch.stats.auc import AucEstimate, auc_drop, auc_from_counts, homogeneity

__all__ = ["performance_section"]


def performance_section(results: list[Result], run: RunContext, *, baseline: str, score_source: str) -> Performance:
    """Build pillar 3 from its results.

    Parameters
    ----------
    baseline : what the performance baseline is, in words
    score_source : where the scores came from, in words
    """
    config = run.config
    results = [result for result in results if result.spec.name == "performance.auc_drop"]
    overall = next((r for r in results if not _slice_of(r)), None)
    slices = [_slice(r, config.performance.confidence) for r in results if _slice_of(r)]
    measurement = overall.measurement if overall else NotComputed(reason="the check did not run")
    empty = Auc(value=None, interval=None, n=0, positives=0)
    degraded_slice = any(s.outcome is Outcome.FAILED for s in slices)
    noisy_slice = any(s.outcome is Outcome.WARNED for s in slices)
    outcome = overall.outcome if overall else Outcome.NOT_COMPUTED
    if degraded_slice:
        outcome = Outcome.FAILED
    elif noisy_slice and outcome is Outcome.PASSED:
        outcome = Outcome.WARNED
    return Performance(
        reference=_auc(overall.subject.reference, config.performance.confidence) if overall else empty,
        current=_auc(overall.subject.current, config.performance.confidence) if overall else empty,
        drop=_drop(measurement, config.performance.confidence, overall.outcome if overall else outcome),
        outcome=outcome,
        slices=slices,
        threshold=config.thresholds.auc_drop.max,
        confidence=config.performance.confidence,
        significance=config.performance.significance,
        expected=not (overall and overall.unexpected),
        reason=measurement.reason if isinstance(measurement, NotComputed) else None,
        method=_method(overall, run),
        baseline=baseline,
        score_source=score_source,
        bins=[] if isinstance(measurement, NotComputed) else bin_performance(run),
        notes=[*_slice_notes(results), *_unit_notes(run, measurement)],
    )


def _method(overall: Result | None, run: RunContext) -> str:
    """Say where the AUC comes from, and how far off binning may have put it."""
    if from_rows(run.current) is not None and from_rows(run.performance_baseline) is not None:
        return "exact, from the rows"
    sides = (overall.subject.reference, overall.subject.current) if overall else ()
    bounds = [side.auc.bound for side in sides if isinstance(side, Scores) and side.auc]
    if bounds and max(bounds) == 0:
        return "exact, from score bins that hold one score each"
    return "from score bins; `bound` is the largest possible error"


def _slice_of(result: Result) -> tuple[str, str] | None:
    current = result.subject.current
    return current.slice if isinstance(current, Scores) else None


def _slice(result: Result, level: float) -> SlicePerformance:
    column, value = _slice_of(result) or ("", "")
    current = result.subject.current
    corrected = current.confidence if isinstance(current, Scores) else level
    return SlicePerformance(
        column=column,
        value=value,
        reference=_auc(result.subject.reference, level),
        current=_auc(current, level),
        drop=_drop(result.measurement, corrected, result.outcome),
        outcome=result.outcome,
        reason=result.measurement.reason if isinstance(result.measurement, NotComputed) else None,
    )


def _auc(scores: object, level: float) -> Auc:
    if not isinstance(scores, Scores):
        return Auc(value=None, interval=None, n=0, positives=0)
    auc = scores.auc
    return Auc(
        value=auc.value if auc else None,
        interval=auc.interval(level) if auc else None,
        n=scores.n,
        positives=scores.positives,
        bound=auc.bound if auc else 0.0,
    )


def _drop(measurement: object, level: float, outcome: Outcome) -> Drop:
    measured = measurement if isinstance(measurement, Measured) else None
    return Drop(
        value=measured.value if measured else None,
        interval=measured.interval if measured else None,
        confidence=level,
        outcome=outcome,
    )


def _slice_notes(results: list[Result]) -> list[str]:
    """Say per slice column whether its slices fell alike or apart."""
    columns: dict[str, list[tuple[str, AucEstimate, AucEstimate]]] = {}
    for result in results:
        reference, current, which = result.subject.reference, result.subject.current, _slice_of(result)
        if not (which and isinstance(reference, Scores) and isinstance(current, Scores)):
            continue
        if reference.auc and current.auc:
            columns.setdefault(which[0], []).append((which[1], reference.auc, current.auc))
    notes = []
    for column, found in columns.items():
        drops = {value: auc_drop(reference, current) for value, reference, current in found}
        p_value = homogeneity(list(drops.values()))
        if p_value is None:
            continue
        ranked = sorted(drops, key=lambda value: -drops[value].value)
        most, least = ranked[0], ranked[-1]
        span = f"{most} {signed(-drops[most].value)} to {least} {signed(-drops[least].value)}"
        if p_value >= 0.05:
            notes.append(
                f"The {len(drops)} slices of {column} moved by {span}; "
                f"their differences are within noise (homogeneity p = {p_value:.2f})"
            )
        else:
            notes.append(
                f"The {len(drops)} slices of {column} moved apart: {span} (homogeneity p = {p_value:.2g}); "
                f"{most} {'fell most' if drops[most].value > 0 else 'rose least'}"
            )
    return notes


def _unit_notes(run: RunContext, measurement: object) -> list[str]:
    """Say how the model does on known and on new units, and what that means for the baseline."""
    units, unit = run.current.profile.units, run.current.plan.unit
    if units is None or unit is None or not isinstance(measurement, Measured):
        return []
    notes = []
    parts = []
    for which, table in (("known", units[0]), ("new", units[1])):
        estimate = auc_from_counts(*table[:2, :-1], exact=run.current.plan.score_bins.coarse_points(table.shape[1] - 1))
        if estimate is not None and min(estimate.positives, estimate.negatives) >= 20:
            low, high = estimate.interval()
            parts.append(f"{estimate.value:.3f} ({low:.3f} to {high:.3f}) on {which} {unit.column} values")
    if len(parts) == 2:
        notes.append("In the current window AUC is " + " and ".join(parts))
    baseline = run.performance_baseline.profile.units
    if baseline is not None and units[:2].sum() and baseline[:2].sum():
        new_then, new_now = (float(t[1].sum() / t[:2].sum()) for t in (baseline, units))
        if new_now - new_then > 0.2:
            notes.append(
                f"New {unit.column} values make up {short_share(new_then)} of the performance baseline and "
                f"{short_share(new_now)} of the current window, so the baseline flatters a model that meets new ones; "
                f"part of the drop may be no decay. Hold out whole {unit.column} values to see it"
            )
    notes.append(f"Intervals treat rows as independent; rows of one {unit.column} are not, so true intervals are wider")
    return notes
