"""`weigh`: all that a run measures, held against its thresholds. Pure of any reading, as is what comes after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from dawnwatch.checks.drift.section import drift_section
from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.section import performance_section
from dawnwatch.checks.quality.section import quality_section
from dawnwatch.checks.runner import Result, judge_all, measure
from dawnwatch.config.policy import ESTIMATE_GAP, INFORMING
from dawnwatch.errors import one_line
from dawnwatch.model.enums import Outcome, Pillar
from dawnwatch.model.estimates import Estimates
from dawnwatch.monitoring.estimates import estimates_of, with_level
from dawnwatch.monitoring.following import with_following
from dawnwatch.monitoring.maturity import maturity_of
from dawnwatch.monitoring.observation import Observation
from dawnwatch.monitoring.self_watch import self_watch
from dawnwatch.triage.diagnose import funnel_caution, with_cautions
from dawnwatch.triage.evidence import Evidence

__all__ = ["Weighed", "weigh"]


@dataclass(frozen=True)
class Weighed:
    """All that a run measured, held against its thresholds: the results, and the evidence that triage reads."""

    results: dict[Pillar, list[Result]]
    evidence: Evidence


def weigh(seen: Observation, run: RunContext, *, step: Callable[[str], None]) -> Weighed:
    """Measure an observation and hold it against its thresholds: quality, drift, performance."""
    baselines, measured = seen.baselines, {}
    for pillar in Pillar:
        step(pillar.value)
        measured[pillar] = measure(run, pillar)
    # Judged together: what is significant depends on how many tests share the run's error budget.
    estimates = _estimates(run)
    asked = any(ESTIMATE_GAP in {*rule.all, *rule.any, *rule.none} for rule in run.config.rules)
    p_value = None if estimates is None or not asked else estimates.gap_p_value
    besides = [] if p_value is None else [p_value]
    judged = judge_all([found for pillar in Pillar for found in measured[pillar]], run.config, besides)
    results = {pillar: [result for result in judged if result.spec.pillar is pillar] for pillar in Pillar}
    quality = quality_section(results[Pillar.QUALITY])
    trained_on = baselines.training.name if baselines.training else None
    drift = drift_section(results[Pillar.DRIFT], run, trained_on=trained_on)
    performance = performance_section(
        results[Pillar.PERFORMANCE], run, baseline=baselines.performance_text, score_source=seen.score_source
    )
    if estimates is not None:
        each = next((r.significance.level for r in judged if r.significance), run.config.significance.level)
        performance = performance.model_copy(update={"estimates": with_level(estimates, each)})
    looked_at, known = seen.as_of or seen.started_at, performance.current.value is not None
    maturity = maturity_of(run, seen.ripe, looked_at, seen.weighing(run), measured=known)
    performance = performance.model_copy(update={"maturity": maturity})
    step("triage")
    watch = self_watch(run, judged, seen.started_at)
    # What makes no fact true was asked for by nobody, and that it has no answer is no failure to judge.
    unknown = tuple(one.message for one in watch if one.outcome is Outcome.NOT_COMPUTED and one.fact is not None)
    evidence = Evidence(
        quality,
        drift,
        performance,
        not_judged=(*_not_judged(results, run), *unknown),
        blind_pillars=tuple(pillar.value for pillar, found in results.items() if _blind(found)),
        watch=tuple(watch),
    )
    drift = with_following(evidence, run)
    drift, performance = with_cautions(drift, performance, funnel_caution(evidence.failed_quality))
    return Weighed(results, replace(evidence, drift=drift, performance=performance))


def _estimates(run: RunContext) -> Estimates | None:
    """Return the metrics estimated before labels come; a fault in that ends no run, and says so in their place."""
    try:
        return estimates_of(run)
    except Exception as error:
        fault = f"it could not be computed: {type(error).__name__}: {one_line(error)}"
        return Estimates(
            answer="cannot_tell",
            reason=fault,
            rows=int(run.current.profile.scores[:, :-1].sum()),
            unscored=int(run.current.profile.scores[:, -1].sum()),
            labelled=0,
            confidence=run.config.performance.confidence,
            message=f"Metrics cannot be estimated without labels: {fault}",
        )


def _not_judged(results: dict[Pillar, list[Result]], run: RunContext) -> tuple[str, ...]:
    """Return one line for each check that was configured and unexpectedly could not be judged.

    What a lost column takes with it is said in one line: the column is what must come back.
    """
    unjudged = [result for found in results.values() for result in found if result.unexpected]
    columns = run.current.profile.columns
    lost: dict[str, dict[str, None]] = {}
    lines: dict[str, None] = {}
    for result in unjudged:
        column = result.subject.column
        if column in columns and columns[column].type is None:
            lost.setdefault(column, {})[result.spec.name] = None
            continue
        which = getattr(result.subject.current, "slice", None)  # of a slice, its column and value
        where = f" of {' = '.join(which) if which else column}" if column else ""
        reason = getattr(result.measurement, "reason", "unknown")
        lines[f"{result.spec.name}{where} could not be judged: {reason}"] = None
    gone = [
        f"{', '.join(checks)} of {column} could not be judged: the current window has no column {column!r}"
        for column, checks in lost.items()
    ]
    return (*gone, *lines)


def _blind(results: list[Result]) -> bool:
    """Whether nothing of a pillar was judged, and something should have been; what informs only does not count."""
    judged = {Outcome.PASSED, Outcome.WARNED, Outcome.FAILED}
    results = [r for r in results if r.spec.threshold not in INFORMING]
    return not any(r.outcome in judged for r in results) and any(r.unexpected for r in results)
