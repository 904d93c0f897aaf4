"""The AUC, its drop and two scores on the same rows, where rows are independent; and drops over time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import sqrt

import numpy as np
from scipy.stats import norm

from benchmarks.verify_stats.study import CONFIDENCE, Cell, Right, within
from dawnwatch.stats.auc import AucEstimate, auc_drop, auc_from_counts
from dawnwatch.stats.paired import paired_drop
from dawnwatch.stats.sequential import Batch, worsening

__all__ = ["delong_cells", "looking_cells"]


def _delong(rows: int, positives: int, auc: float, rng: np.random.Generator) -> Right:
    apart = sqrt(2) * float(norm.ppf(auc))
    labels = np.zeros(rows, np.int64)
    labels[:positives] = 1

    scores, others = (rng.normal(size=rows) + apart * labels for _ in range(2))
    one, other = _estimate(labels, scores), _estimate(labels, others)
    again = 0.8 * scores + 0.6 * (rng.normal(size=rows) + apart * labels)
    same = float(norm.cdf(apart * (0.8 + 0.6) / sqrt(2)))
    paired = paired_drop(labels, scores, again)
    return {
        "AUC": within(one.interval(CONFIDENCE), auc),
        "drop": within(auc_drop(one, other).interval(CONFIDENCE), 0.0),
        "paired": paired is not None and within(paired.interval(CONFIDENCE), auc - same),
    }


def delong_cells() -> Iterator[Cell]:
    """From many positives to few, from a weak model to a strong one."""
    for rows, positives in ((1000, 500), (1000, 50), (10_000, 50)):
        for auc in (0.6, 0.75, 0.9):
            labels = (f"{rows:,}", str(positives), f"{auc:.2f}")
            yield Cell(labels, partial(_delong, rows, positives, auc))


def _looking(level: float, windows: int, reference: int, rng: np.random.Generator) -> Right:
    """Alarms while the model is worse by exactly the tolerance, window after window of 1,000 rows."""
    before, now = (sqrt(2) * float(norm.ppf(auc)) for auc in (0.75, 0.73))

    def window(rows: int, apart: float) -> AucEstimate:
        labels = (np.arange(rows) % 3 == 0).astype(np.int64)
        return _estimate(labels, rng.normal(size=rows) + apart * labels)

    known = window(reference, before)
    seen = [window(1000, now) for _ in range(windows)]
    batches = [Batch(str(at), known.value - found.value, found.variance, found.n) for at, found in enumerate(seen)]
    naive = any(batch.drop - 0.02 > float(norm.isf(level)) * sqrt(batch.variance + known.variance) for batch in batches)
    found = worsening(batches, tolerance=0.02, reference_variance=known.variance, level=level)
    return {"false alarm": found is not None and found.alarm is not None, "a z-test at each look": naive}


def looking_cells() -> Iterator[Cell]:
    """Two levels, each with a reference as small as a window and with one that is well known."""
    for level in (0.05, 0.01):
        for reference in (1000, 20_000):
            labels = (f"{100 * level:g} %", f"{reference:,}", "60")
            yield Cell(labels, partial(_looking, level, 60, reference))


def _estimate(labels: np.ndarray, scores: np.ndarray) -> AucEstimate:
    ordered = labels[np.argsort(scores)]
    found = auc_from_counts(1 - ordered, ordered)
    if found is None:
        raise ValueError("a simulated window lacks a class")
    return found
