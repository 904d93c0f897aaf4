"""A number whose variance comes from leaving out one group of units at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.distributions import t_above, t_quantile

__all__ = ["LeftOut", "left_out_of", "scattered"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A number with its variance between groups of units.

    Attributes
    ----------
    value : of all rows
    variance : the delete-a-group jackknife's, (G - 1) / G · Σ (value₍g₎ - mean)²
    groups : G, the groups of units with rows
    left_out : the value without each group in turn, shape (groups,), those without rows among them

    References
    ----------
    Efron and Stein, Annals of Statistics 9 (1981) 586-596.
    """

    value: float
    variance: float
    groups: int
    left_out: Floats = field(repr=False, compare=False)

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Two-sided Student's interval with groups - 1 degrees of freedom."""
        half = t_quantile(confidence, max(self.groups - 1, 1)) * sqrt(self.variance)
        return self.value - half, self.value + half

    @property
    def p_value(self) -> float:
        """Of "this is zero", two-sided."""
        if self.variance <= 0:
            return 0.0 if self.value else 1.0
        return min(1.0, 2 * t_above(abs(self.value) / sqrt(self.variance), max(self.groups - 1, 1)))

    def __sub__(self, other: LeftOut) -> LeftOut:
        """Return the difference of two numbers, the same group being left out of both at once."""
        apart = self.left_out - other.left_out
        return left_out_of(self.value - other.value, apart, np.ones(apart.size, bool))


def left_out_of(value: float, left_out: ArrayLike, filled: NDArray[np.bool_]) -> LeftOut:
    """Return a number with the variance of what it is without each group in turn.

    Parameters
    ----------
    left_out : shape (groups,)
    filled : which groups have rows, shape (groups,)
    """
    every = np.asarray(left_out, np.float64)
    values, groups = every[filled], int(filled.sum())
    apart = values - values.mean()
    return LeftOut(value, (groups - 1) / groups * float(apart @ apart), groups, every)


def scattered(table: ArrayLike, groups: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return counts of independent rows as those of so many groups, each row in one of them by chance.

    Parameters
    ----------
    table : rows per cell, any shape

    Returns
    -------
    Shape (groups, *table.shape); they add to `table`. Where no unit is known, every row is one: a jackknife that leaves
    out random groups of rows then stands for one that leaves out rows.
    """
    counts = np.asarray(table, np.int64)
    drawn = rng.multinomial(counts.ravel(), np.full(groups, 1 / groups))
    return np.asarray(np.moveaxis(drawn.reshape(*counts.shape, groups), -1, 0))
