"""The sampled rows whose values are valid: what is read off a broken value is no sign of a broken scorer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.model.plan import ColumnPlan, Plan
from dawnwatch.model.sample import Sample
from dawnwatch.model.window import Window

__all__ = ["first_rows", "sound_rows"]

Mask = NDArray[np.bool_]


def sound_rows(run: RunContext, window: Window, names: Sequence[str]) -> Mask:
    """Return which sampled rows stand the first time and break no rule of these columns; shape (rows,).

    A missing value breaks the rule where more are missing than its threshold lets pass: a column that always lacks a
    few is read with them.
    """
    sample = window.profile.sample
    if sample is None:
        return np.zeros(0, dtype=bool)
    kept = first_rows(window)
    for name in names:
        if name in sample.columns:
            kept &= ~_broken(sample.columns[name], window.plan.column(name), tolerant=_tolerates(run, window, name))
    return kept


def first_rows(window: Window) -> Mask:
    """Return which sampled rows stay if each key stands once; all where the window repeats none. Shape (rows,)."""
    sample, repeats = window.profile.sample, window.profile.repeats
    if sample is None:
        return np.zeros(0, dtype=bool)
    kept = np.ones(sample.rows, dtype=bool)
    names = window.plan.keys
    if repeats is None or not repeats.repeats or not names or not set(names) <= sample.columns.keys():
        return kept
    return ~_repeated(sample, window.plan)


def _repeated(sample: Sample, plan: Plan) -> Mask:
    codes = np.stack([_ranks(sample.columns[name]) for name in plan.keys], axis=1)
    _, place, times = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
    place = place.reshape(-1)
    again = np.flatnonzero(times[place] > 1)
    # Which row of a key stays is for its values to say: merging profiles changes the order of rows.
    order = again[np.lexsort([*(_ranks(values[again]) for values in sample.columns.values()), place[again]])]
    found = np.zeros(sample.rows, dtype=bool)
    found[order[1:]] = place[order[1:]] == place[order[:-1]]
    return found


def _ranks(values: NDArray[Any]) -> NDArray[np.int64]:
    return np.unique(values.astype(np.str_), return_inverse=True)[1].reshape(-1)


def _tolerates(run: RunContext, window: Window, name: str) -> bool:
    column, limit = window.profile.columns[name], run.config.column(name).missing
    most = run.config.thresholds.missing.max if limit is None else limit.max
    return (column["null"] + column["nan"] + column["empty"]) <= most * max(window.profile.rows, 1)


def _broken(values: NDArray[Any], plan: ColumnPlan, *, tolerant: bool) -> Mask:
    if values.dtype != object:
        found = np.isinf(values) if tolerant else ~np.isfinite(values)
        if plan.bounds is not None:
            found |= plan.bounds.below(values) | plan.bounds.above(values)
        return np.asarray(found)
    texts = {text for text in values.tolist() if text is not None}
    matches = None if plan.pattern is None else re.compile(plan.pattern).fullmatch
    wrong = {text for text in texts if plan.allowed is not None and text not in plan.allowed}
    wrong |= {text for text in texts if matches is not None and matches(text) is None}
    lost = set() if tolerant else {None, ""}
    return np.array([value in wrong or value in lost for value in values.tolist()], dtype=bool)
