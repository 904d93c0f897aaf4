"""Constant: a column that holds one value only, where the reference holds several."""

from __future__ import annotations

from dawnwatch.checks.needs import Cells
from dawnwatch.checks.registry import check
from dawnwatch.model.measurement import Counted, Measurement

__all__ = ["constant"]

ENOUGH = 20
"""With fewer values, one value only may be chance."""


@check("quality.constant", needs=Cells, unit="share of rows", kind="range")
def constant(reference: Cells, current: Cells) -> Measurement | None:
    """All values of a column are the same, where the reference holds several. Missing values do not count."""
    values = current.rows - sum(current.profile[kind] for kind in ("null", "nan", "empty"))
    if not reference.profile.varies or values < ENOUGH:
        return None
    same = current.profile.sole is not None
    return Counted(
        failed=values if same else 0,
        rows=current.rows,
        rule="more than one value, as in the reference",
        message=f"all {values:,} values are the same" if same else "more than one value",
        breakdown={"same value": values} if same else {},
        examples=current.examples("constant") if same else [],
    )
