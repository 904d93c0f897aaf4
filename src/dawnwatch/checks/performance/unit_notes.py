"""How the model does on known and on new units, and what that means for the baseline it is held against."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.model.auc import Auc
from dawnwatch.model.measurement import Interval
from dawnwatch.model.numbers import interval, number, short_share
from dawnwatch.stats.jackknife import clustered_auc

__all__ = ["unit_notes"]

MORE = 0.2
"""How many more of the current rows must be of new units than of the baseline's before that is worth a note."""


def unit_notes(run: RunContext, reference: Auc, *, fell: bool) -> list[str]:
    """Return the AUC among known and new units now, and whether the baseline flatters a model that meets new ones.

    Where the model was tried on units it never learned from at training time (`run.by_unit`), that figure stands in
    the note: it is what a baseline without known units would have promised.

    Parameters
    ----------
    reference : the AUC of the performance baseline
    fell : whether the current window's is lower
    """
    profile, unit = run.current.profile, run.current.plan.unit
    if profile.units is None or profile.group_scores is None or unit is None:
        return []
    notes, parts = [], []
    for which, table in zip(("known", "new"), profile.group_scores, strict=True):
        found = _auc(table, run)
        if found is not None:
            parts.append(f"{_written(*found)} on {which} {unit.column} values")
    if len(parts) == 2:
        notes.append("In the current window AUC is " + " and ".join(parts))
    baseline = run.performance_baseline.profile.units
    if baseline is None or not profile.units[:2].sum() or not baseline[:2].sum():
        return notes
    then, now = (float(table[1].sum() / table[:2].sum()) for table in (baseline, profile.units))
    if now - then > MORE:
        notes.append(
            f"New {unit.column} values make up {short_share(then)} of the performance baseline and "
            f"{short_share(now)} of the current window" + _without_known(run, unit.column, reference, fell=fell)
        )
    return notes


def _without_known(run: RunContext, unit: str, reference: Auc, *, fell: bool) -> str:
    """Say whether the baseline flatters, by what whole units held out at training time gave; else to measure it."""
    tried = None if run.by_unit is None else run.by_unit.profile.group_scores
    found = None if tried is None else _auc(tried.sum(axis=0), run)
    flatters = ", so the baseline flatters a model that meets new ones"
    if found is None:
        part = "; part of the drop may be no decay" if fell else ""
        return f"{flatters}{part}. Hold out whole {unit} values to see it"
    value, bounds = found
    measured = f"with whole {unit} values held out at training time AUC was {_written(value, bounds)}"
    if reference.value is None or reference.value <= bounds[1]:
        return f"; {measured}, so the baseline, with {number(reference.value)}, promises no more than new ones can get"
    return f"{flatters}: {measured}, where the baseline has {number(reference.value)}, and that difference is no decay"


def _auc(table: NDArray[np.int64], run: RunContext) -> tuple[float, Interval] | None:
    """Return the AUC of counts [group; label; score bin], interval by unit; None where a class has too few rows."""
    rows = table[:, :2, :-1]
    if rows.sum(axis=(0, 2)).min() < run.config.performance.min_per_class:
        return None
    found = clustered_auc(rows)
    return None if found is None else (found.value, found.interval(run.config.performance.confidence))


def _written(value: float, bounds: Interval) -> str:
    return f"{number(value)} ({interval(bounds)})"
