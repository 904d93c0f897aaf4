"""The AUC's drop, where units are independent and rows are not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import sqrt

import numpy as np
from scipy.stats import norm

from benchmarks.verify_stats.simulate import GROUPS, score_table, scored_units, unit_traits
from benchmarks.verify_stats.study import CONFIDENCE, HEAVY, REFERENCE_UNITS, ROWS_EACH, UNITS, Cell, Right, within
from dawnwatch.stats.jackknife import clustered_drop

__all__ = ["fall_cells"]

TRAITS = {"none": 0.0, "medium": 0.5, "strong": 1.0}
"""Standard deviation of the units' mean scores, of which the rows' own is 1."""


def _fall(traits: float, heavy: float, shared: bool, units: int, rng: np.random.Generator) -> Right:
    now, before = 0.7, 1.0
    own = unit_traits(rng, REFERENCE_UNITS, traits)
    group = rng.integers(0, GROUPS, REFERENCE_UNITS)
    kept = (own[0][:units], own[1][:units]) if shared else unit_traits(rng, units, traits)
    group_now = group[:units] if shared else rng.integers(0, GROUPS, units)
    rows = scored_units(rng, REFERENCE_UNITS, 12_000, apart=before, heavy=heavy, own=own)
    rows_now = scored_units(rng, units, units * ROWS_EACH, apart=now, heavy=heavy, own=kept)
    found = clustered_drop(score_table(rows, group), score_table(rows_now, group_now))
    if found is None:
        return None
    truth = float(np.subtract(*(norm.cdf(apart / sqrt(2 + 2 * traits**2)) for apart in (before, now))))
    naive = sqrt(found.variance / (found.design_effect or 1.0)) * float(norm.ppf(0.5 + CONFIDENCE / 2))
    return {
        "clustered": within(found.interval(CONFIDENCE), truth),
        "rows as independent": abs(found.value - truth) <= naive,
    }


def _many_cells() -> Iterator[Cell]:
    for alike, traits in TRAITS.items():
        for size, heavy in HEAVY.items():
            for shared in (False, True):
                labels = (alike, size, "all" if shared else "none", str(UNITS))
                yield Cell(labels, partial(_fall, traits, heavy, shared, UNITS))


def _few_cells() -> Iterator[Cell]:
    for alike in ("medium", "strong"):
        for size in ("equal", "heavy"):
            for units in (20, 30, 50, 100):
                labels = (alike, size, "none", str(units))
                yield Cell(labels, partial(_fall, TRAITS[alike], HEAVY[size], False, units))


def fall_cells() -> Iterator[Cell]:
    """200 units of every kind, then ever fewer."""
    yield from _many_cells()
    yield from _few_cells()
