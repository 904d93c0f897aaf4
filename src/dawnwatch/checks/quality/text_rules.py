"""Allowed categories and patterns: rules on a value's text."""

from __future__ import annotations

from dawnwatch.checks.needs import Cells
from dawnwatch.checks.registry import check
from dawnwatch.model.measurement import Counted, Measurement, NotComputed

__all__ = ["allowed", "pattern"]


@check("quality.allowed", needs=Cells, unit="share of rows", threshold="range", kind="range")
def allowed(reference: Cells, current: Cells) -> Measurement | None:
    """Rows whose value is none of the allowed categories."""
    values = current.plan.allowed
    if values is None or current.absent:
        return None
    few = sorted(values)
    shown = f"{len(few)} values" if current.plan.private or len(few) > 12 else ", ".join(few)
    return _counted(current, "not_allowed", f"one of {shown}", "every value is allowed", "are not allowed")


@check("quality.pattern", needs=Cells, unit="share of rows", threshold="range", kind="range")
def pattern(reference: Cells, current: Cells) -> Measurement | None:
    """Rows whose text does not match the pattern from end to end."""
    if current.plan.pattern is None or current.absent:
        return None
    rule = "matches the configured pattern" if current.plan.private else f"matches {current.plan.pattern}"
    return _counted(current, "pattern_miss", rule, "every value matches", "do not match")


def _counted(current: Cells, counter: str, rule: str, good: str, bad: str) -> Measurement:
    if current.unreadable:
        return NotComputed(reason=f"the column is {current.profile.type} where the reference is {current.plan.type}")
    failed = current.profile[counter]
    return Counted(
        failed=failed,
        rows=current.rows,
        rule=rule,
        message=f"{failed:,} of {current.rows:,} rows {bad}" if failed else good,
        breakdown={counter: failed} if failed else {},
        examples=current.examples(counter),
    )
