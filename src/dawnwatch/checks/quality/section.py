"""The quality section of the packet."""

from __future__ import annotations

from dawnwatch.checks.runner import Result
from dawnwatch.model.enums import Outcome
from dawnwatch.model.measurement import Counted, NotComputed
from dawnwatch.model.quality import Quality, QualityCheck

__all__ = ["quality_section"]


def quality_section(results: list[Result]) -> Quality:
    """Build pillar 1 from its results."""
    checks = [_check(result) for result in results]
    return Quality(outcome=Outcome.worst([check.outcome for check in checks]), checks=checks)


def _check(result: Result) -> QualityCheck:
    measurement = result.measurement
    counted = measurement if isinstance(measurement, Counted) else None
    reason = measurement.reason if isinstance(measurement, NotComputed) else ""
    return QualityCheck(
        name=result.spec.short,
        kind=result.spec.kind or "range",
        column=result.subject.column,
        outcome=result.outcome,
        failed_rows=counted.failed if counted else None,
        rows=counted.rows if counted else getattr(result.subject.current, "rows", 0),
        threshold=result.limit,
        rule=counted.rule if counted else "",
        message=counted.message if counted else reason,
        breakdown=counted.breakdown if counted else {},
        examples=counted.examples if counted else [],
    )
