"""Simulated windows of rows that belong to units, for the tests of the clustered statistics."""

from __future__ import annotations

import numpy as np
from benchmarks.verify_stats import simulate
from benchmarks.verify_stats.simulate import GROUPS, Counts, score_table, scored_units, unit_counts

__all__ = ["GROUPS", "Counts", "by_group", "resampled", "score_table", "scored_units", "unit_counts"]


def by_group(rng: np.random.Generator, counts: Counts) -> Counts:
    """Rows per bin and group, shape (bins, groups): units fall in groups at random."""
    return simulate.by_group(counts, rng.integers(0, GROUPS, counts.shape[0]))


def resampled(rng: np.random.Generator, counts: Counts, draws: int) -> Counts:
    """Totals per bin of `draws` windows of as many units, drawn with replacement; shape (draws, bins)."""
    units = counts.shape[0]
    return rng.multinomial(units, np.full(units, 1 / units), draws) @ counts
