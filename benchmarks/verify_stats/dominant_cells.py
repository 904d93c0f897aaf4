"""One unit with most of the rows: how often the tests would call chance a change, and what is left to be judged."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import sqrt

import numpy as np
from scipy.stats import norm

from benchmarks.verify_stats.simulate import GROUPS, Counts, Rows, by_group, score_table, unit_shares, unit_traits
from benchmarks.verify_stats.study import REFERENCE_UNITS, ROWS_EACH, UNITS, Cell, Right
from dawnwatch.model.enough_units import few_units
from dawnwatch.stats.jackknife import clustered_drop
from dawnwatch.stats.shift import clustered_shift

__all__ = ["dominant_cells"]

LEVEL = 0.01
LEAST = 50
SHARES = (0.2, 0.3, 0.6, 0.8, 0.9, 0.95, 0.97)
ALIKE = {"medium": (0.1, 0.5), "strong": (0.5, 1.0)}
"""Intraclass correlation of the bins, and standard deviation of the units' mean scores."""
BINS = 14
AUC = 0.75


def _rows(rng: np.random.Generator, units: int, share: float) -> Counts:
    """Rows of each unit, the first of which has this share of them, shape (units,)."""
    weight = np.r_[share, np.full(units - 1, (1 - share) / (units - 1))] if share else np.full(units, 1 / units)
    return rng.multinomial(units * ROWS_EACH, weight)


def _scored(rng: np.random.Generator, rows: Counts, alike: float) -> Rows:
    unit = np.repeat(np.arange(rows.size), rows)
    mean, rate = unit_traits(rng, rows.size, alike)
    label = (rng.random(unit.size) < rate[unit]).astype(np.int64)
    return Rows(unit, label, mean[unit] + norm.ppf(AUC) * sqrt(2 + 2 * alike**2) * label + rng.normal(size=unit.size))


def _dominant(share: float, alike: float, traits: float, rng: np.random.Generator) -> Right:
    """Two windows of different units, alike in all but chance and the one unit's rows."""
    groups = [rng.integers(0, GROUPS, units) for units in (REFERENCE_UNITS, UNITS)]
    rows = [_rows(rng, units, part) for units, part in ((REFERENCE_UNITS, 0.0), (UNITS, share))]
    at = np.full(BINS, 1 / BINS)
    shares = [unit_shares(rng, size.size, at, alike) for size in rows]
    tables = [
        by_group(rng.multinomial(*of), group) for of, group in zip(zip(rows, shares, strict=True), groups, strict=True)
    ]
    moved = clustered_shift(*tables)
    scored = [score_table(_scored(rng, size, traits), group) for size, group in zip(rows, groups, strict=True)]
    fell = clustered_drop(*scored)
    effective = float(rows[1].sum()) ** 2 / float((rows[1].astype(np.float64) ** 2).sum())
    judged = few_units("unit", int((rows[1] > 0).sum()), effective, share, LEAST) is None
    if moved is None or fell is None:
        return None
    psi, auc = moved.p_value <= LEVEL, fell.p_value <= LEVEL
    return {
        "PSI called more than chance": judged and psi,
        "AUC called changed": judged and auc,
        "judged": judged,
        "PSI, judged all the same": psi,
        "AUC, judged all the same": auc,
    }


def dominant_cells() -> Iterator[Cell]:
    """The largest of 200 units has from a fifth of the rows to nearly all."""
    for name, (alike, traits) in ALIKE.items():
        for share in SHARES:
            effective = 1 / (share**2 + (1 - share) ** 2 / (UNITS - 1))
            yield Cell((name, f"{share:.0%}", f"{effective:.1f}"), partial(_dominant, share, alike, traits))
