"""AUC in every bin of every watched feature, and on known and new units: for reading, never judged."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.model.sections import Auc, BinPerformance
from dawnwatch.model.window import Window
from dawnwatch.stats.auc import AucEstimate, auc_from_counts

__all__ = ["bin_performance"]

Cube = NDArray[np.int64]
UNITS = ("(known)", "(new)")


def bin_performance(run: RunContext) -> list[BinPerformance]:
    """Return the AUC per bin, read off the cubes, where both windows hold enough rows of each class in it.

    Declared slices are judged apart and not repeated here.
    """
    found = []
    for column, names, reference, current in _cubes(run):
        for code, name in enumerate(names):
            pair = [_estimate(w, cube[code], run) for w, cube in _windows(run, reference, current)]
            if pair[0] and pair[1]:
                level = run.config.performance.confidence
                found.append(
                    BinPerformance(
                        column=column, value=name, reference=_auc(pair[0], level), current=_auc(pair[1], level)
                    )
                )
    return found


def _windows(run: RunContext, reference: Cube, current: Cube) -> list[tuple[Window, Cube]]:
    return [(run.performance_baseline, reference), (run.current, current)]


def _cubes(run: RunContext) -> Iterator[tuple[str, tuple[str, ...], Cube, Cube]]:
    then, now, plan = run.performance_baseline.profile, run.current.profile, run.current.plan
    for name in run.config.watched:
        binning = plan.column(name).binning
        reference, current = then.columns[name].cube, now.columns[name].cube
        if name not in plan.slices and binning is not None and reference is not None and current is not None:
            yield name, binning.names, reference, current
    if plan.unit is not None and then.units is not None and now.units is not None:
        yield plan.unit.column, UNITS, then.units, now.units


def _estimate(window: Window, table: Cube, run: RunContext) -> AucEstimate | None:
    """Return the AUC of one bin's [label, score bin]; None where there are too few rows to judge by."""
    rules = run.config.performance
    negatives, positives = table[0, :-1], table[1, :-1]
    few = min(int(negatives.sum()), int(positives.sum()))
    if few < rules.min_per_class or int(negatives.sum() + positives.sum()) < rules.min_rows:
        return None
    return auc_from_counts(negatives, positives, exact=window.plan.score_bins.coarse_points(table.shape[1] - 1))


def _auc(estimate: AucEstimate, level: float) -> Auc:
    return Auc(
        value=estimate.value,
        interval=estimate.interval(level),
        n=estimate.n,
        positives=estimate.positives,
        bound=estimate.bound,
    )
