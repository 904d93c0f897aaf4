"""The performance section of the packet."""

from __future__ import annotations

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.apart import moved_apart, slice_notes
from dawnwatch.checks.performance.bins import bin_performance
from dawnwatch.checks.performance.calibration import calibration_of
from dawnwatch.checks.performance.estimates import from_rows
from dawnwatch.checks.performance.expected import expected_auc_of
from dawnwatch.checks.performance.needed import needed
from dawnwatch.checks.performance.operating_point import operating_point_of
from dawnwatch.checks.performance.scores import Scores
from dawnwatch.checks.performance.serving import serving_section
from dawnwatch.checks.performance.symptoms import symptoms
from dawnwatch.checks.performance.unit_notes import unit_notes
from dawnwatch.checks.performance.versions import version_notes, versions_section
from dawnwatch.checks.runner import Result
from dawnwatch.config import Config
from dawnwatch.model.auc import Auc, Drop, SlicePerformance
from dawnwatch.model.enums import Outcome
from dawnwatch.model.measurement import Measured, NotComputed
from dawnwatch.model.numbers import plural, short_share
from dawnwatch.model.performance import Performance

__all__ = ["outcome_with_slices", "performance_section"]


def performance_section(results: list[Result], run: RunContext, *, baseline: str, score_source: str) -> Performance:
    """Build pillar 3 from its results.

    Parameters
    ----------
    baseline : what the performance baseline is, in words
    score_source : where the scores came from, in words
    """
    config, ripe = run.config, run.of_labels()
    serving = serving_section(results, config)
    gaps = [result for result in results if result.spec.name == "performance.version_gap"]
    results = [result for result in results if result.spec.name == "performance.auc_drop"]
    overall = next((r for r in results if not _slice_of(r)), None)
    slices = [_slice(r, config) for r in results if _slice_of(r)]
    measurement = overall.measurement if overall else NotComputed(reason="the check did not run")
    empty = Auc(value=None, interval=None, n=0, positives=0)
    drop = _drop(overall, config)
    then = _auc(overall.subject.reference, config.performance.confidence) if overall else empty
    versions = versions_section(gaps, ripe, drop, then)
    apart = moved_apart({which: r.measurement for r in results if (which := _slice_of(r))})
    return Performance(
        reference=then,
        current=_auc(overall.subject.current, config.performance.confidence) if overall else empty,
        drop=drop,
        outcome=outcome_with_slices(
            overall.outcome if overall else Outcome.NOT_COMPUTED, [part.outcome for part in slices]
        ),
        slices=slices,
        threshold=config.thresholds.auc_drop.max,
        confidence=config.performance.confidence,
        significance=config.judge,
        expected=not (overall and overall.unexpected),
        reason=measurement.reason if isinstance(measurement, NotComputed) else None,
        method=_method(overall, ripe),
        baseline=baseline,
        score_source=score_source,
        bins=[] if isinstance(measurement, NotComputed) else bin_performance(ripe),
        expected_auc=expected_auc_of(run),
        notes=[
            *version_notes(versions, drop, then, config.thresholds.auc_drop.max),
            *slice_notes(apart),
            *(unit_notes(ripe, then, fell=measurement.value > 0) if isinstance(measurement, Measured) else []),
        ],
        homogeneity={column: one.p_value for column, one in apart.items()},
        versions=versions,
        unscored=_unscored(run),
        symptoms=symptoms(run),
        calibration=calibration_of(ripe),
        operating_point=operating_point_of(ripe),
        serving=serving,
        cautions=list(
            dict.fromkeys(m.caution for r in results if isinstance(m := r.measurement, Measured) and m.caution)
        ),
    )


def _unscored(run: RunContext) -> str | None:
    """Say how many rows have no score, where some have one and some have not."""
    before, now = (
        (int(w.profile.scores[:, -1].sum()), int(w.profile.scores.sum()))
        for w in (run.performance_baseline, run.current)
    )
    if run.current.plan.score is None or not 0 < now[0] < now[1]:
        return None
    then = "" if not before[1] else f" (on the performance baseline {short_share(before[0] / before[1])})"
    return (
        f"{now[0]:,} of {plural(now[1], 'row')} ({short_share(now[0] / now[1])}) {'has' if now[0] == 1 else 'have'} no "
        f"score{then}, so no AUC and no estimate holds {'it' if now[0] == 1 else 'them'}"
    )


def outcome_with_slices(overall: Outcome, slices: list[Outcome]) -> Outcome:
    """Return what the whole section came to: failed where a slice did, in doubt where one is."""
    if Outcome.FAILED in slices:
        return Outcome.FAILED
    return Outcome.WARNED if overall is Outcome.PASSED and Outcome.WARNED in slices else overall


def _method(overall: Result | None, run: RunContext) -> str:
    """Say where the AUC comes from, and how far off binning may have put it."""
    if run.weighted is not None:
        return "of rows weighted by the inverse chance of having a label; the baseline's as it is"
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


def _slice(result: Result, config: Config) -> SlicePerformance:
    column, value = _slice_of(result) or ("", "")
    current, level = result.subject.current, config.performance.confidence
    return SlicePerformance(
        column=column,
        value=value,
        reference=_auc(result.subject.reference, level),
        current=_auc(current, level),
        drop=_drop(result, config),
        outcome=result.outcome,
        reason=result.measurement.reason if isinstance(result.measurement, NotComputed) else None,
    )


def _auc(scores: object, level: float) -> Auc:
    if not isinstance(scores, Scores):
        return Auc(value=None, interval=None, n=0, positives=0)
    auc = scores.auc
    return Auc(
        value=auc.value if auc else None,
        interval=scores.interval(level) if auc else None,
        n=scores.n,
        positives=scores.positives,
        bound=auc.bound if auc else 0.0,
        variance=scores.variance if auc else None,
    )


def _drop(result: Result | None, config: Config) -> Drop:
    level = config.performance.confidence
    measured = result.measurement if result and isinstance(result.measurement, Measured) else None
    return Drop(
        value=measured.value if measured else None,
        interval=measured.chance.interval(level) if measured and measured.chance else None,
        confidence=level,
        outcome=result.outcome if result else Outcome.NOT_COMPUTED,
        significance=result.significance if result else None,
        needed=needed(result, config),
    )
