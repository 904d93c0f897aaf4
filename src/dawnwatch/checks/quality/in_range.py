"""Range: numbers inside their bounds, and finite."""

from __future__ import annotations

from dawnwatch.checks.needs import Cells
from dawnwatch.checks.registry import check
from dawnwatch.model.measurement import Counted, Measurement, NotComputed
from dawnwatch.model.plan import Bounds

__all__ = ["in_range"]


@check("quality.range", needs=Cells, unit="share of rows", threshold="range", kind="range")
def in_range(reference: Cells, current: Cells) -> Measurement | None:
    """Rows whose number is below or above its bounds, or infinite; columns without bounds only if infinite."""
    bounds = current.plan.bounds
    infinite = current.profile["pos_inf"] + current.profile["neg_inf"]
    if current.absent or (bounds is None and not infinite):
        return None
    if current.unreadable:
        return NotComputed(reason=f"the column is {current.profile.type}, not a number")
    bounds = bounds or Bounds()
    open_sides = [("pos_inf", bounds.high), ("neg_inf", bounds.low)]
    counters = ["below", "above", *(name for name, side in open_sides if side is None)]
    breakdown = {name: current.profile[name] for name in counters if current.profile[name]}
    failed = sum(breakdown.values())
    found = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in breakdown.items())
    seen = ""
    if not current.plan.private and current.profile.moments.low is not None:
        seen = f"; finite values from {_short(current.profile.moments.low)} to {_short(current.profile.moments.high)}"
    return Counted(
        failed=failed,
        rows=current.rows,
        # An inferred bound is a value of the reference, which a private column must not show.
        rule="inside the configured range" if current.plan.private else bounds.text,
        message=(f"{found} of {current.rows:,} rows" if failed else "every number is in range") + seen,
        breakdown=breakdown,
        examples=current.examples(*counters),
    )


def _short(value: float | None) -> str:
    """Write whole numbers whole, so that a timestamp stays one."""
    if value is None:
        return "nothing"
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.6g}"
