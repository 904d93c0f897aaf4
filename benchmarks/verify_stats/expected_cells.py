"""The AUC expected of scores alone, where scores keep their meaning and move, and its gap from the realised one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from math import sqrt

import numpy as np
from scipy.special import expit
from scipy.stats import norm

from benchmarks.verify_stats.simulate import GROUPS, Rows, score_table, sizes
from benchmarks.verify_stats.study import CONFIDENCE, HEAVY, REFERENCE_UNITS, ROWS_EACH, UNITS, Cell, Right, within
from dawnwatch.stats.expected import expected_auc, expected_auc_of_groups
from dawnwatch.stats.jackknife import clustered_auc
from dawnwatch.stats.left_out import left_out_of

__all__ = ["expected_cells"]

TRAITS = {"none": 0.0, "medium": 0.5, "strong": 1.0}
"""Standard deviation of the units' mean scores, of which the rows' own is 1."""
MOVES = (0.0, 0.5)
"""By how much the current window's scores lie above the reference's."""


def _rows(rng: np.random.Generator, units: int, rows: int, traits: float, heavy: float, moved: float) -> Rows:
    """Rows that are positive with the logistic chance of their score, whose units have mean scores of their own."""
    unit = np.repeat(np.arange(units), sizes(rng, units, rows, heavy))
    score = moved + rng.normal(0, traits, units)[unit] + rng.normal(size=rows)
    return Rows(unit, (rng.random(rows) < expit(score)).astype(np.int64), score)


@cache
def _truth(traits: float, moved: float) -> float:
    """Return the AUC of endless rows, by sums over a fine grid of scores."""
    spread = sqrt(1 + traits**2)
    scores = np.linspace(moved - 9 * spread, moved + 9 * spread, 40_001)
    return expected_auc(norm.pdf(scores, moved, spread), expit(scores)) or 0.0


def _expected(traits: float, heavy: float, moved: float, rng: np.random.Generator) -> Right:
    before = _rows(rng, REFERENCE_UNITS, REFERENCE_UNITS * ROWS_EACH, traits, heavy, 0.0)
    now = _rows(rng, UNITS, UNITS * ROWS_EACH, traits, heavy, moved)
    reference = score_table(before, rng.integers(0, GROUPS, REFERENCE_UNITS))
    current = score_table(now, rng.integers(0, GROUPS, UNITS))
    found, realised = expected_auc_of_groups(reference, current.sum(axis=1)), clustered_auc(current)
    if found is None or realised is None:
        return None
    apart = left_out_of(realised.value, realised.left_out, np.ones(GROUPS, bool)) - found
    return {
        "expected AUC": within(found.interval(CONFIDENCE), _truth(traits, moved)),
        "gap": within(apart.interval(CONFIDENCE), 0.0),
    }


def expected_cells() -> Iterator[Cell]:
    """Units of every kind, scores as before and moved."""
    for alike, traits in TRAITS.items():
        for size, heavy in HEAVY.items():
            for moved in MOVES:
                yield Cell((alike, size, f"{moved:g}"), partial(_expected, traits, heavy, moved))
