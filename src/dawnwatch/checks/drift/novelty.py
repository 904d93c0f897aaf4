"""Rows of units that the training rows never held, and whether there are more of them than chance brings."""

from __future__ import annotations

import numpy as np

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.units import Units
from dawnwatch.model.drift import Novelty
from dawnwatch.model.enough_units import few_units
from dawnwatch.model.measurement import Interval
from dawnwatch.model.numbers import short_share
from dawnwatch.stats.replicates import Part, without_each

__all__ = ["novelty_of"]

MORE_UNITS = 0.05
"""Increase of the share of rows of new units from which on it is told first."""


def novelty_of(run: RunContext, trained_on: str | None) -> Novelty | None:
    """Return the share of rows of new units, beside the baseline's; None where no unit is configured or found.

    Parameters
    ----------
    trained_on : name of the training rows, or None where the drift baseline stands in for them
    """
    unit = run.current.plan.unit
    units = run.current.profile.units
    if unit is None or units is None:
        return None
    known, new, _ = (int(n) for n in units.sum(axis=(1, 2)))
    if known + new == 0:
        return None
    against = "training rows" if trained_on else "drift baseline"
    share = new / (known + new)
    baseline = run.performance_baseline.profile.units
    baseline_share = None
    if baseline is not None and int(baseline[:2].sum()):
        baseline_share = float(baseline[1].sum() / np.maximum(baseline[:2].sum(), 1))
    increase, interval, shown = _increase(run)
    compared = "" if baseline_share is None else f"; in the performance baseline {short_share(baseline_share)}"
    return Novelty(
        unit=unit.column,
        against="training rows" if trained_on else "drift baseline",
        current_share=share,
        current_rows=new,
        baseline_share=baseline_share,
        increase=increase,
        interval=interval,
        shown=shown,
        message=f"{short_share(share)} of the current rows come from {unit.column} values "
        f"that the {against} never held{compared}",
    )


def _increase(run: RunContext) -> tuple[float | None, Interval | None, bool | None]:
    """Return how much more rows are of new units than in the baseline, its interval, and whether that is shown."""
    windows = (run.performance_baseline, run.current)
    units = [found for window in windows if (found := Units.of(window)) is not None]
    tables = [window.profile.group_scores for window in windows]
    sides = []
    for table in tables:
        if table is None or len(units) < len(tables):
            return None, None, None
        rows = table.sum(axis=(2, 3))
        known, new = without_each(rows[0]), without_each(rows[1])
        sides.append(Part(new / np.maximum(known + new, 1), rows.sum(axis=0) > 0))
    change = sides[1] - sides[0]
    if not change.known:
        return None, None, None
    interval = change.interval(1 - run.config.significance.level)
    least = run.config.significance.min_units
    if any(few_units(side.column, side.counts.units, side.effective, None, least) for side in units):
        return change.value, interval, None
    return change.value, interval, change.value >= MORE_UNITS and interval[0] > 0
