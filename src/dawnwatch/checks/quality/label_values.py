"""Label values: nothing but the two classes the reference has."""

from __future__ import annotations

from dawnwatch.checks.needs import Labels
from dawnwatch.checks.registry import check
from dawnwatch.model.measurement import Counted, Measurement

__all__ = ["label_values"]


@check("quality.label_values", needs=Labels, unit="share of rows", threshold="range", kind="range")
def label_values(reference: Labels, current: Labels) -> Measurement:
    """Rows whose label is neither class. A missing label is none of these; missingness counts it."""
    failed = current.other.total
    names = ", ".join(f"{value!r} ({count:,})" for value, count in current.other.most_common(5))
    values = f"{len(current.other.counts)} other values" if current.private else names
    return Counted(
        failed=failed,
        rows=current.rows,
        rule="one of two classes" if current.private else f"{current.classes[0]} or {current.classes[1]}",
        message=f"{failed:,} of {current.rows:,} rows hold {values}" if failed else "every label is one of the two",
        breakdown={"other value": failed} if failed else {},
        examples=current.examples,
    )
