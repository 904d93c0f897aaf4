"""Is a value that follows from the time of day taken from another clock?"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from dawnwatch.stats.proportion import share_interval

__all__ = ["HOURS", "ByHour", "Displaced", "by_hour", "displaced"]

HOURS = 24
LEAST_HOURS = 6
"""Hours of the day with rows, below which no pattern over the day is known."""
LEAST_ROWS = 10
"""Rows of an hour below which its value is not known."""
KNOWN = 0.98
"""Share of the rows whose value must be that of their hour."""
TOLD = 0.9
"""Share of the errors of the commonest value that the hour must save (Goodman and Kruskal's lambda)."""
FIT = 0.9
"""Share of the rows off the clock that another clock must explain."""
AS_LIKELY = 2.0
"""Log-likelihood that another number of hours may lack to be named too."""
ODD = 0.01
"""Chance of a value that contradicts both clocks."""
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class ByHour:
    """What a column holds at each hour of the day.

    Attributes
    ----------
    value : code of the commonest value of each hour, -1 where too few rows tell; shape (24,)
    shares : of all values, shape (values,)
    off : share of the rows with another value than that of their hour
    """

    value: Ints
    shares: NDArray[np.float64]
    off: float


@dataclass(frozen=True)
class Displaced:
    """Rows whose value is not that of their hour, and the clock that explains them.

    Attributes
    ----------
    hours : how far ahead that clock is, from -11 to 12; the likeliest first, then those nearly as likely
    off : share of the rows with another value than that of their hour
    low, high : interval of `off`
    surely : lower bound of `off`, at the level of the tests
    fit : share that the clock explains of those rows which it puts at an hour whose value is known
    fit_low : lower bound of it
    by_chance : that share if those rows had any other value, each as often as before
    before : `off` in the reference
    rows : that were asked
    which : rows they are, shape (rows,)
    """

    hours: tuple[int, ...]
    off: float
    low: float
    high: float
    surely: float
    fit: float
    fit_low: float
    by_chance: float
    before: float
    rows: int
    which: NDArray[np.bool_]

    @property
    def shown(self) -> bool:
        """Whether another clock explains them, and chance does not."""
        return self.surely > self.before and self.fit >= FIT and self.fit_low > self.by_chance


def by_hour(hours: Ints, values: Ints, count: int) -> ByHour | None:
    """Return what a column holds at each hour, where the hour tells it; else None.

    Parameters
    ----------
    hours : of the rows, 0 to 23, shape (rows,)
    values : codes from 0, shape (rows,); rows without a value are left out
    count : of values

    Notes
    -----
    The hour tells it where 98 % of the rows have the commonest value of their hour, and that saves nine tenths of the
    errors made by naming the commonest value of all: a column that is nearly constant follows from anything.
    """
    table = np.zeros((HOURS, count), dtype=np.int64)
    np.add.at(table, (hours, values), 1)
    rows, total = table.sum(axis=1), table.sum()
    told = rows >= LEAST_ROWS
    if told.sum() < LEAST_HOURS:
        return None
    errors = 1 - table[told].max(axis=1).sum() / table[told].sum()
    blind = 1 - table.sum(axis=0).max() / total
    if errors > 1 - KNOWN or blind == 0 or 1 - errors / blind < TOLD:
        return None
    return ByHour(np.where(told, table.argmax(axis=1), -1), table.sum(axis=0) / total, float(errors))


def displaced(
    before: ByHour, hours: Ints, values: Ints, units: NDArray[np.uint64], *, level: float, confidence: float
) -> Displaced | None:
    """Return the clock that explains rows whose value is not that of their hour; None where there are no such rows.

    Parameters
    ----------
    before : what the reference holds at each hour
    hours, values : of the rows now, shape (rows,); a value the reference never held is -1
    units : each row's, shape (rows,); rows of one unit are not independent
    level : of the tests
    confidence : of the interval of `off`

    Notes
    -----
    A change of mix moves rows from one hour to another and leaves each with the value of its hour, however much the
    column drifts; so rows that contradict their own time are no change of mix. Of the 23 other clocks the likeliest is
    taken, each as a mixture: of the rows whose value it would change, a share that is fitted has the changed one. The
    rival is that the odd rows have any other value, each as often as in the reference; the clock must explain more of
    them than that, by a lower bound at `level` shared among the 23 clocks.
    """
    told = before.value[hours] >= 0
    expected = before.value[hours]
    off = told & (values != expected)
    asked = int(told.sum())
    if not asked or not off.any():
        return None
    any_value = 1 / before.shares.size
    likelihood: dict[int, float] = {}
    for ahead in range(1 - HOURS // 2, HOURS // 2 + 1):
        there = before.value[(hours + ahead) % HOURS]
        changed = told & (there >= 0) & (there != expected)
        known = off & (there >= 0)
        # A clock that puts most odd rows at hours nobody has seen could be any.
        if ahead and 2 * known.sum() >= off.sum():
            likelihood[ahead] = _likelihood(
                int(changed.sum()), int((known & (values == there)).sum()), int(known.sum()), int(off.sum()), any_value
            )
    if not likelihood:
        return None
    ranked = sorted(likelihood, key=lambda ahead: (-likelihood[ahead], abs(ahead)))
    best = ranked[0]
    near = tuple(a for a in ranked if likelihood[best] - likelihood[a] <= AS_LIKELY)
    there = before.value[(hours + best) % HOURS]
    known = off & (there >= 0)
    fits = (values == there)[known]
    # A row at the same value on both clocks is not explained by the other one.
    possible = there[known] != expected[known]
    chance = np.where(
        possible, before.shares[there[known]] / np.maximum(1 - before.shares[expected[known]], 1e-12), 0.0
    )
    low, high = share_interval(off[told], units[told], confidence)
    return Displaced(
        hours=near,
        off=float(off.sum() / asked),
        low=low,
        high=high,
        surely=share_interval(off[told], units[told], 1 - 2 * level)[0],
        fit=float(fits.mean()),
        fit_low=share_interval(fits, units[known], 1 - 2 * level / (HOURS - 1))[0],
        by_chance=float(chance.mean()),
        before=before.off,
        rows=asked,
        which=off,
    )


def _likelihood(changed: int, moved: int, known: int, off: int, any_value: float) -> float:
    """Log-likelihood that of the `changed` rows, which differ between the clocks, `moved` are on the other one.

    Of the rows `off`, those at a `known` hour that have not moved contradict both clocks, and the others may have any
    value.
    """
    share = moved / max(changed, 1)
    fitted = (moved * log(share) if moved else 0.0) + ((changed - moved) * log(1 - share) if moved < changed else 0.0)
    return fitted + (known - moved) * log(ODD) + (off - known) * log(any_value)
