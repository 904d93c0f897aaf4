"""Duplicates: rows whose key stood before in the same window, such as replayed events."""

from __future__ import annotations

from dawnwatch.checks.needs import Keys
from dawnwatch.checks.registry import check
from dawnwatch.model.measurement import Counted, Measurement, NotComputed

__all__ = ["duplicates"]


@check("quality.duplicates", needs=Keys, unit="share of rows", threshold="duplicates", kind="duplicates")
def duplicates(reference: Keys, current: Keys) -> Measurement:
    """Rows whose key already stood in an earlier row of the window; the first row of each key passes."""
    if current.absent:
        return NotComputed(reason=f"the window has no key column {current.absent[0]!r}")
    if current.repeats is None:
        return NotComputed(
            reason="merged windows keep no keys to compare; profile each of them with `dawnwatch profile --keys`"
        )
    return Counted(
        failed=current.repeats,
        rows=current.rows,
        rule=f"one row for each {' + '.join(current.names)}",
        message=f"{current.repeats:,} of {current.rows:,} rows repeat a key" if current.repeats else "no key repeats",
        breakdown={"repeated": current.repeats} if current.repeats else {},
        examples=current.examples,
    )
