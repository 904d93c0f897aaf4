"""The serving part of the performance section: whether the logged scores are the model's own."""

from __future__ import annotations

from dawnwatch.checks.performance.rescore import Rescored
from dawnwatch.checks.runner import Result
from dawnwatch.config import Config
from dawnwatch.model.measurement import Counted, NotComputed
from dawnwatch.model.serving import Serving

__all__ = ["serving_section"]


def serving_section(results: list[Result], config: Config) -> Serving | None:
    """Return what the re-score check found; None where there is no model or no logged score."""
    result = next((r for r in results if r.spec.name == "performance.rescore"), None)
    if result is None:
        return None
    rules, measurement = config.serving, result.measurement
    then, now = result.subject.reference, result.subject.current
    if not isinstance(measurement, Counted) or not isinstance(now, Rescored) or not isinstance(then, Rescored):
        reason = measurement.reason if isinstance(measurement, NotComputed) else "the check did not run"
        return Serving(
            outcome=result.outcome,
            score=result.subject.column or "",
            reading=None,
            rows=now.rows if isinstance(now, Rescored) else 0,
            differ=0,
            interval=None,
            reference_share=then.share if isinstance(then, Rescored) and then.rows else None,
            threshold=rules.max,
            tolerance=rules.tolerance,
            message=reason,
        )
    found = now.misfit
    apart = None if found is None else found.apart
    return Serving(
        outcome=result.outcome,
        score=result.subject.column or "",
        reading="agrees" if found is None else found.kind,
        rows=measurement.rows,
        differ=measurement.failed,
        interval=now.interval(config.performance.confidence),
        reference_share=then.share,
        threshold=rules.max,
        tolerance=rules.tolerance,
        column=apart.column if apart else None,
        value=apart.value if apart else None,
        message=measurement.message,
        examples=measurement.examples,
    )
