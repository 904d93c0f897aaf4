"""Missingness: null, NaN and the empty string, each counted apart."""

from __future__ import annotations

from dawnwatch.checks.needs import Cells
from dawnwatch.checks.registry import check
from dawnwatch.model.measurement import Counted, Measurement, NotComputed

__all__ = ["missing"]

KINDS = ("null", "nan", "empty")


@check("quality.missing", needs=Cells, unit="share of rows", threshold="missing", kind="missingness")
def missing(reference: Cells, current: Cells) -> Measurement:
    """Rows without a value: null, NaN, or an empty string. Infinities are values, out of range."""
    if current.absent:
        return NotComputed(reason=f"the window has no column {current.plan.name!r}")
    breakdown = {kind: current.profile[kind] for kind in KINDS if current.profile[kind]}
    failed = sum(breakdown.values())
    found = ", ".join(f"{count:,} {kind}" for kind, count in breakdown.items())
    return Counted(
        failed=failed,
        rows=current.rows,
        rule="has a value",
        message=f"{found} of {current.rows:,} rows" if failed else "no value is missing",
        breakdown=breakdown,
        examples=current.examples(*KINDS),
    )
