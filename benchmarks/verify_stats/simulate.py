"""Windows of rows that belong to units, with a known truth."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.divergence import psi

__all__ = [
    "GROUPS",
    "Counts",
    "Rows",
    "by_group",
    "grown",
    "score_table",
    "scored_units",
    "sizes",
    "unit_counts",
    "unit_shares",
    "unit_traits",
]

GROUPS = 64
Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


class Rows(NamedTuple):
    """Unit, label and score of each row, shape (rows,) each."""

    unit: NDArray[np.int64]
    label: NDArray[np.int64]
    score: Floats


def sizes(rng: np.random.Generator, units: int, rows: int, heavy: float) -> Counts:
    """Rows of each unit, shape (units,); `heavy` is the standard deviation of the logarithm of a unit's size."""
    weight = np.exp(rng.normal(0, heavy, units)) if heavy else np.ones(units)
    return rng.multinomial(rows, weight / weight.sum())


def unit_shares(rng: np.random.Generator, units: int, shares: ArrayLike, alike: float) -> Floats:
    """Each unit's own shares, shape (units, bins): Dirichlet, so that `alike` is the intraclass correlation."""
    at = np.asarray(shares, dtype=np.float64)
    return rng.dirichlet(at * (1 - alike) / alike, units) if alike else np.tile(at, (units, 1))


def unit_counts(
    rng: np.random.Generator, units: int, rows: int, shares: ArrayLike, *, alike: float = 0.0, heavy: float = 0.0
) -> Counts:
    """Rows per unit and bin, shape (units, bins)."""
    own = unit_shares(rng, units, shares, alike)
    return rng.multinomial(sizes(rng, units, rows, heavy), own)


def by_group(counts: Counts, group: Counts) -> Counts:
    """Rows per bin and group, shape (bins, groups), from rows per unit and bin and each unit's group."""
    found = np.zeros((GROUPS, counts.shape[1]), np.int64)
    np.add.at(found, group, counts)
    return found.T


def grown(shares: Floats, target: float) -> tuple[float, Floats]:
    """Return (c, r): the part c of rows that come from the shares r instead makes a PSI of `target`.

    A mixture, so that units which change their ways alike have these shares on average.
    """
    return _grown(tuple(shares.tolist()), target)


@cache
def _grown(shares: tuple[float, ...], target: float) -> tuple[float, Floats]:
    at = np.array(shares)
    there = np.arange(1, at.size + 1) ** 2.0
    there /= there.sum()
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if psi(at, (1 - middle) * at + middle * there) < target else (low, middle)
    return low, there


def scored_units(
    rng: np.random.Generator,
    units: int,
    rows: int,
    *,
    apart: float,
    alike: float = 0.0,
    heavy: float = 0.0,
    own: tuple[Floats, Floats] | None = None,
) -> Rows:
    """Rows whose AUC in the population is Φ(apart / √(2 + 2 · alike²)).

    Parameters
    ----------
    apart : how far the positives' scores lie above the negatives', in standard deviations within a unit
    alike : standard deviation of the units' own mean scores; their base rates differ as much, on the logistic scale
    heavy : as in `sizes`
    own : the units' mean scores and base rates, where they are known from another window; else drawn
    """
    unit = np.repeat(np.arange(units), sizes(rng, units, rows, heavy))
    mean, rate = own if own is not None else unit_traits(rng, units, alike)
    label = (rng.random(rows) < rate[unit]).astype(np.int64)
    return Rows(unit, label, mean[unit] + apart * label + rng.normal(size=rows))


def unit_traits(rng: np.random.Generator, units: int, alike: float) -> tuple[Floats, Floats]:
    """Return each unit's mean score and base rate, shape (units,) each."""
    return rng.normal(0, alike, units), 1 / (1 + np.exp(-rng.normal(0, alike, units)))


def score_table(rows: Rows, group: Counts, bins: int = 512) -> Counts:
    """Rows per group, label and score bin, shape (groups, 2, bins); `group` is each unit's, bins between -5 and 6."""
    code = np.clip(((rows.score + 5) / 11 * bins).astype(np.int64), 0, bins - 1)
    flat = (group[rows.unit] * 2 + rows.label) * bins + code
    return np.bincount(flat, minlength=GROUPS * 2 * bins).reshape(GROUPS, 2, bins)
