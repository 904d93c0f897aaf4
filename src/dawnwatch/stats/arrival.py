"""How long labels take: the share that has come by an age, where the youngest rows have not had the time."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.replicates import Part, without_each

__all__ = ["ArrivalCurve", "arrival_curve"]

Floats = NDArray[np.float64]
MOST_STEPS = 400
"""Ages at which the curve may rise; delays that take more values are put into as many of about equal rows."""
LEAST_AT_RISK = 20
"""Rows that must be old enough to tell of an age; the curve ends before."""


@dataclass(frozen=True, slots=True)
class ArrivalCurve:
    """The share of rows whose label has come by an age, by Kaplan and Meier.

    Attributes
    ----------
    ages : at which the curve rises, increasing, shape (steps,), in the unit of the delays
    shares : in [0, 1], of all rows and then without each group of units, shape (1 + groups, steps)
    filled : groups that hold a row, shape (groups,)
    rows, arrived : how many rows it rests on, and how many of these had their label
    """

    ages: Floats
    shares: Floats = field(repr=False)
    filled: NDArray[np.bool_] = field(repr=False)
    rows: int
    arrived: int

    @property
    def end(self) -> float:
        """Share that has come by the oldest age the rows tell of."""
        return float(self.shares[0, -1])

    def at(self, ages: ArrayLike) -> Floats:
        """Return the share by each age, of all rows and without each group, shape (1 + groups, ages).

        Beyond the last rise it stays what it was there.
        """
        place = np.searchsorted(self.ages, np.asarray(ages, np.float64), side="right")
        padded = np.concatenate([np.zeros((len(self.shares), 1)), self.shares], axis=1)
        return np.asarray(padded[:, place])

    def share(self, age: float) -> Part:
        """Return the share by one age, which knows its interval."""
        return Part(self.at([age])[:, 0], self.filled)

    def age_by_which(self, share: float) -> float:
        """Return the first age by which this share of what has come by the end has come.

        Parameters
        ----------
        share : in (0, 1]
        """
        enough = self.shares[0] >= share * self.end - 1e-12
        return float(self.ages[int(np.argmax(enough))])


def arrival_curve(age: ArrayLike, delay: ArrayLike, group: ArrayLike, groups: int) -> ArrivalCurve | None:
    """Return the share of rows whose label has come by each age.

    Parameters
    ----------
    age : of each row when it was looked at, 0 or more, shape (rows,)
    delay : how long its label took; NaN where it has none yet, shape (rows,)
    group : group of each row's unit, from 0, shape (rows,)
    groups : how many groups there are

    Returns
    -------
    None where no label has come, or no age has 20 rows old enough to tell of it.

    Notes
    -----
    A row without a label has waited as long as its age and may still get one: it is right-censored there. Kaplan and
    Meier's product, 1 - Π (1 - d / n) over the ages at which labels came, n being the rows that had none just before.
    That rows are censored says nothing of their delay is assumed: labels of new rows take as long as those of old ones
    did. Replicates leave a group of units out, since the labels of one unit tend to come together.

    References
    ----------
    Kaplan and Meier, Journal of the American Statistical Association 53 (1958) 457-481. Quantized delays as there, §3.
    """
    ages, delays, of = np.asarray(age, np.float64), np.asarray(delay, np.float64), np.asarray(group, np.int64)
    came = np.isfinite(delays)
    if not came.any():
        return None
    # A clock may put a label before its prediction; it came at once.
    delays = np.where(came, np.maximum(delays, 0.0), np.nan)
    steps = np.unique(delays[came])
    if steps.size > MOST_STEPS:
        steps = np.unique(np.quantile(delays[came], np.arange(1, MOST_STEPS + 1) / MOST_STEPS, method="higher"))
    # A row is at risk at every step up to its own: that at which its label came, or the last one it lived to see.
    last = np.where(came, np.searchsorted(steps, delays, side="left"), np.searchsorted(steps, ages, side="right") - 1)
    seen = last >= 0
    table = of[seen] * steps.size + last[seen]
    shape = (groups, steps.size)
    left = np.bincount(table, minlength=groups * steps.size).reshape(shape)
    came_at = np.bincount(of[came] * steps.size + last[came], minlength=groups * steps.size).reshape(shape)
    at_risk = without_each(left[:, ::-1].cumsum(axis=1)[:, ::-1])
    events = without_each(came_at)
    known = int((at_risk[0] >= LEAST_AT_RISK).sum())  # rows at risk only ever fall
    if known == 0:
        return None
    hazards = events[:, :known] / np.maximum(at_risk[:, :known], 1.0)
    filled = np.bincount(of, minlength=groups) > 0
    shares = np.asarray(1 - np.cumprod(1 - hazards, axis=1), dtype=np.float64)
    return ArrivalCurve(steps[:known], shares, np.asarray(filled), int(ages.size), int(came.sum()))
