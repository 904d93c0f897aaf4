"""Which sampled rows break a rule whose check failed, and which hold what the training rows never did."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.plan import Bounds, ColumnPlan, Plan
from dawnwatch.model.quality import QualityCheck
from dawnwatch.monitoring.causes.sampled import Sampled
from dawnwatch.profiling.hashing import hash_texts

__all__ = ["broken", "unseen"]

Mask = NDArray[np.bool_]


def broken(rows: Sampled, plan: Plan, checks: Sequence[QualityCheck]) -> Mask:
    """Return which rows break one of these checks' rules, by the values that the sample holds; shape (rows,).

    Rules on whole tables other than repeated keys, and on private columns, say nothing of single rows here.
    """
    found = np.zeros(rows.rows, dtype=bool)
    for check in checks:
        if check.name == "duplicates" and set(plan.keys) <= rows.names:
            found |= _repeated(rows, plan.keys)
        elif check.column in rows.names and check.column != plan.score:
            found |= _breaks(rows, plan.column(check.column), check.name)
    return found


def unseen(rows: Sampled, column: ColumnPlan, extremes: tuple[float | None, float | None]) -> Mask:
    """Return which rows hold a category, or a number beyond those, that the reference never did; shape (rows,).

    Parameters
    ----------
    extremes : smallest and largest number of the reference; None where it holds none
    """
    binning = column.binning
    if binning is not None and binning.kind == "numeric" and column.name in rows.names:
        values, (low, high) = rows.column(column.name), extremes
        if values.dtype == object or low is None or high is None:
            return np.zeros(rows.rows, dtype=bool)
        return np.asarray((values < low) | (values > high))
    if binning is None or binning.kind != "categorical" or column.name not in rows.names:
        return np.zeros(rows.rows, dtype=bool)
    values = rows.column(column.name)
    texts = sorted({text for text in values.tolist() if isinstance(text, str) and text not in binning.codes})
    strange = {text for text, known in zip(texts, np.isin(hash_texts(texts), binning.others), strict=True) if not known}
    return np.array([text in strange for text in values.tolist()], dtype=bool)


def _breaks(rows: Sampled, column: ColumnPlan, rule: str) -> Mask:
    values = rows.column(column.name)
    number = values.dtype != object
    if rule == "missing":
        return np.isnan(values) if number else np.array([not text for text in values.tolist()], dtype=bool)
    if rule == "range" and number:
        bounds = column.bounds or Bounds()
        return np.asarray(bounds.below(values) | bounds.above(values) | np.isinf(values))
    allowed, pattern = column.allowed, column.pattern
    if rule == "allowed" and allowed is not None and not number:
        return np.array([text is not None and text not in allowed for text in values.tolist()], dtype=bool)
    if rule == "pattern" and pattern is not None and not number:
        matches = re.compile(pattern).fullmatch
        return np.array([text is not None and matches(text) is None for text in values.tolist()], dtype=bool)
    return np.zeros(rows.rows, dtype=bool)


def _repeated(rows: Sampled, keys: Sequence[str]) -> Mask:
    """Return all but one row of each key that stands several times."""
    codes = [np.unique(rows.column(name).astype(np.str_), return_inverse=True)[1].reshape(-1) for name in keys]
    _, first = np.unique(np.stack(codes, axis=1), axis=0, return_index=True)
    found = np.ones(rows.rows, dtype=bool)
    found[first] = False
    return found
