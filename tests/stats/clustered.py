"""Simulated windows of rows that belong to units, for the tests of the clustered statistics."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["by_group", "resampled", "score_table", "scored_units", "unit_counts"]

Counts = NDArray[np.int64]
GROUPS = 64


def unit_counts(
    rng: np.random.Generator, units: int, rows: int, shares: ArrayLike, *, alike: float = 0.0, heavy: float = 0.0
) -> Counts:
    """Rows per unit and bin, shape (units, bins): each unit has shares of its own, from a Dirichlet distribution.

    Parameters
    ----------
    alike : intraclass correlation of the rows of a unit, in [0, 1)
    heavy : standard deviation of the logarithm of a unit's size
    """
    at = np.asarray(shares, dtype=np.float64)
    size = np.exp(rng.normal(0, heavy, units)) if heavy else np.ones(units)
    own = rng.dirichlet(at * (1 - alike) / alike, units) if alike else np.tile(at, (units, 1))
    return rng.multinomial(rng.multinomial(rows, size / size.sum()), own)


def by_group(rng: np.random.Generator, counts: Counts) -> Counts:
    """Rows per bin and group, shape (bins, groups): units fall in groups at random."""
    found = np.zeros((GROUPS, counts.shape[1]), np.int64)
    np.add.at(found, rng.integers(0, GROUPS, counts.shape[0]), counts)
    return found.T


def resampled(rng: np.random.Generator, counts: Counts, draws: int) -> Counts:
    """Totals per bin of `draws` windows of as many units, drawn with replacement; shape (draws, bins)."""
    units = counts.shape[0]
    return rng.multinomial(units, np.full(units, 1 / units), draws) @ counts


def scored_units(
    rng: np.random.Generator,
    units: int,
    rows: int,
    *,
    apart: float,
    alike: float = 0.0,
    heavy: float = 0.0,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Unit, label and score of each row; the AUC of the population is Φ(apart / √(2 + 2 · alike²)).

    Parameters
    ----------
    apart : how far the positives' scores lie above the negatives', in standard deviations within a unit
    alike : standard deviation of the units' own mean scores; their base rates differ as much, on the logistic scale
    heavy : standard deviation of the logarithm of a unit's size
    """
    size = np.exp(rng.normal(0, heavy, units)) if heavy else np.ones(units)
    unit = np.repeat(np.arange(units), rng.multinomial(rows, size / size.sum()))
    own, base = rng.normal(0, alike, units), 1 / (1 + np.exp(-rng.normal(0, alike, units)))
    label = (rng.random(rows) < base[unit]).astype(np.int64)
    return unit, label, own[unit] + apart * label + rng.normal(size=rows)


def score_table(
    group: NDArray[np.int64], label: NDArray[np.int64], score: NDArray[np.float64], bins: int = 128
) -> Counts:
    """Rows per group, label and score bin, shape (groups, 2, bins); bins between -4 and 5."""
    code = np.clip(((score + 4) / 9 * bins).astype(np.int64), 0, bins - 1)
    return np.bincount((group * 2 + label) * bins + code, minlength=GROUPS * 2 * bins).reshape(GROUPS, 2, bins)
