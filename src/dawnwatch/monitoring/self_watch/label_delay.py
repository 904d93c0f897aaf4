"""Are labels that lack still to come: do the newer rows lack them the more?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.model.enums import Outcome
from dawnwatch.model.numbers import plural, share
from dawnwatch.model.plan import UNIT_GROUPS
from dawnwatch.model.self_watch import Watch
from dawnwatch.monitoring.self_watch.labels import has_value
from dawnwatch.stats.jackknife import clustered_auc

__all__ = ["label_delay"]

LEAST = 50
"""Rows without a label, and with one behind the first of these, below which nothing is told."""
FEW = 0.01
"""Share of the rows without a label up to which nobody asks."""
FIRST = 0.1
"""Share of the rows without a label that is passed over, to look where they lack in earnest."""
PIECES = 64
SURE = 0.999
"""Level of the interval that must exclude chance: this stands beside the run's error budget."""
EVEN = 0.5


def label_delay(run: RunContext) -> list[Watch]:
    """Return whether rows lack a label the more often the newer they are; nothing where few lack one, or all may.

    Labels that take time lack in ever more rows towards the end of a window, since each row has had less time. A join
    that broke lacks them evenly from one moment on. So among the rows from about the first lacking one on it is asked
    how likely a row without a label is newer than one with: an AUC, with units left out in groups for its interval. A
    feed that stops step by step looks the same: only that the labels come tells the two apart. Where rows have no time
    it cannot be asked, and is not computed.
    """
    profile, name, time = run.current.profile, run.current.plan.label, run.config.roles.timestamp
    sample = profile.sample
    if name is None or run.labels_late:
        return []
    lacking = [1 - w.profile.labelled / max(w.profile.rows, 1) for w in (run.performance_baseline, run.current)]
    if lacking[1] - lacking[0] <= FEW:
        return []
    if time is None:
        return [_undated(name, profile.rows - profile.labelled)] if profile.rows - profile.labelled >= LEAST else []
    if sample is None or not {name, time} <= sample.columns.keys():
        return []
    times = sample.columns[time]
    if times.dtype != np.float64:
        return []
    known = np.isfinite(times)
    times, gone, units = times[known], ~has_value(sample.columns[name])[known], sample.units[known]
    if gone.sum() < LEAST:
        return []
    since = times >= np.quantile(times[gone], FIRST)
    times, gone, units = times[since], gone[since], units[since]
    found = clustered_auc(_counted(times, gone, units)) if min(gone.sum(), (~gone).sum()) >= LEAST else None
    if found is None:
        return []
    to_come = found.interval(SURE)[0] > EVEN
    newer = times > np.median(times)
    halves = [share(float(gone[part].mean()), 0) for part in (~newer, newer)]
    told = (
        f"the newer a row, the more often it has no {name} yet: {halves[0]} of the older half of the rows since they "
        f"lack, {halves[1]} of the newer; {plural(profile.rows - profile.labelled, 'row')} in all, so what rests on "
        "labels is of older rows more than of newer ones"
    )
    return [
        Watch(
            name="label_delay",
            outcome=Outcome.WARNED if to_come else Outcome.PASSED,
            subject=name,
            value=found.value,
            limit=EVEN,
            unit="chance that a row without a label is newer than one with",
            message=told if to_come else f"{name} lacks in newer rows no more than in older ones",
            fact=None,
        )
    ]


def _undated(name: str, rows: int) -> Watch:
    return Watch(
        name="label_delay",
        outcome=Outcome.NOT_COMPUTED,
        subject=name,
        value=None,
        limit=EVEN,
        unit="chance that a row without a label is newer than one with",
        message=f"{plural(rows, 'row')} {'lacks' if rows == 1 else 'lack'} {name}, and [roles] timestamp names no time "
        "that tells the newest rows: whether labels are still to come or lost is not known",
        fact=None,
    )


def _counted(times: NDArray[np.float64], gone: NDArray[np.bool_], units: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return rows by [group of units; without a label; piece of time]."""
    edges = np.unique(np.quantile(times, np.arange(1, PIECES) / PIECES))
    group = (units & np.uint64(UNIT_GROUPS - 1)).astype(np.int64)
    at = (group * 2 + gone) * PIECES + np.searchsorted(edges, times)
    return np.bincount(at, minlength=UNIT_GROUPS * 2 * PIECES).reshape(UNIT_GROUPS, 2, PIECES)
