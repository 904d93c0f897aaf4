"""AUC in every bin of every watched feature, and on known and new units: for reading, never judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.units import Units, clustering
from dawnwatch.model.auc import Auc, BinPerformance
from dawnwatch.model.measurement import Interval
from dawnwatch.model.window import Window
from dawnwatch.stats.auc import AucEstimate, auc_from_counts
from dawnwatch.stats.jackknife import clustered_auc

__all__ = ["bin_performance"]

Cube = NDArray[np.int64]
UNITS = ("(known)", "(new)")


def bin_performance(run: RunContext) -> list[BinPerformance]:
    """Return the AUC per bin, read off the cubes, where both windows hold enough rows of each class in it.

    Declared slices are judged apart and not repeated here. Where rows hang together by units, known and new units have
    intervals between groups of units; bins of features are not counted by unit, and have none.
    """
    found = []
    for column, names, reference, current in _cubes(run):
        then = _aucs(run.performance_baseline, run, column, names, reference)
        now = _aucs(run.current, run, column, names, current)
        found += [
            BinPerformance(column=column, value=names[code], reference=then[code], current=now[code])
            for code in then
            if code in now
        ]
    return found


def _cubes(run: RunContext) -> Iterator[tuple[str, tuple[str, ...], Cube, Cube]]:
    then, now, plan = run.performance_baseline.profile, run.current.profile, run.current.plan
    for name in run.config.watched:
        binning = plan.column(name).binning
        reference, current = then.columns[name].cube, now.columns[name].cube
        if name not in plan.slices and binning is not None and reference is not None and current is not None:
            yield name, binning.names, reference, current
    if plan.unit is not None and then.units is not None and now.units is not None:
        yield plan.unit.column, UNITS, then.units, now.units


def _aucs(window: Window, run: RunContext, column: str, names: tuple[str, ...], cube: Cube) -> dict[int, Auc]:
    """Return the AUC of each bin that has rows enough to judge by, kept with the window for another judging."""
    rules = run.config.performance
    units = Units.of(window)
    clustered = clustering(units, units)[0] is not None

    def compute() -> dict[int, Auc]:
        table = cube[: len(names), :2, :-1]
        exact = window.plan.score_bins.coarse_points(table.shape[2])
        rows = table.sum(axis=2)
        enough = (rows.min(axis=1) >= max(rules.min_per_class, 1)) & (rows.sum(axis=1) >= rules.min_rows)
        found = {int(code): auc_from_counts(*table[code], exact=exact) for code in np.flatnonzero(enough)}
        kept = {code: estimate for code, estimate in found.items() if estimate is not None}
        if not clustered:
            return {code: _auc(estimate, estimate.interval(rules.confidence)) for code, estimate in kept.items()}
        groups = window.profile.group_scores if names is UNITS else None
        return {
            code: _auc(estimate, None if groups is None else _by_unit(estimate, groups[code], rules.confidence))
            for code, estimate in kept.items()
        }

    # A unit's column may be watched as well.
    asked = (column, names is UNITS, clustered, rules.min_rows, rules.min_per_class, rules.confidence)
    return window.once(("auc of bins", *asked), compute)


def _by_unit(estimate: AucEstimate, groups: Cube, level: float) -> Interval | None:
    """Return the interval of an AUC between groups of units, from rows per group, label and score bin."""
    found = clustered_auc(groups[:, :2, :-1])
    # The groups' score bins are coarser than those the AUC was read off.
    return None if found is None else replace(found, value=estimate.value, bound=estimate.bound).interval(level)


def _auc(estimate: AucEstimate, interval: Interval | None) -> Auc:
    return Auc(
        value=estimate.value,
        interval=interval,
        n=estimate.n,
        positives=estimate.positives,
        bound=estimate.bound,
    )
