"""Whether a model has become worse, asked after every window: a test that may be looked at as often as one likes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from dawnwatch.stats.distributions import z_quantile

__all__ = ["Batch", "Worsening", "worsening"]

TUNED = 10
"""Batches after which the bound is tightest, in the terms of the first one's noise."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Newly labelled rows: a window, or labels of an old window that came late.

    Attributes
    ----------
    key : tells it from every other; the same rows must not come under two keys
    drop : reference minus the batch's own value, positive meaning worse
    variance : of the batch's own value, above 0 and without the reference's
    weight : how much it counts in the mean, such as its labelled rows; not to be chosen by its outcome
    """

    key: str
    drop: float
    variance: float
    weight: float


@dataclass(frozen=True, slots=True)
class Worsening:
    """What the batches so far say.

    Attributes
    ----------
    alarm : key of the batch with which it became certain, or None
    since : key of the first batch of the run of batches that says so most clearly
    batches : batches in that run
    drop : mean drop over the run, by weight
    low : lower bound on the mean of the true drops over the run, which holds at all times at once
    """

    alarm: str | None
    since: str
    batches: int
    drop: float
    low: float


def worsening(
    batches: Sequence[Batch], *, tolerance: float, reference_variance: float, level: float = 0.01
) -> Worsening | None:
    """Return whether drops are larger than the tolerance on average, by more than all noise and all looking.

    Parameters
    ----------
    batches : disjoint, in the order in which their labels came
    tolerance : the largest drop that is still all right
    reference_variance : of the reference's value, which all drops share
    level : chance that there is ever an alarm, over all times, while no run of batches is truly worse on average than
        the tolerance

    Returns
    -------
    The run as it stood at the alarm, or else the run that now comes nearest to one. Once raised an alarm stays: it is
    found again whatever comes after. None without batches.

    Raises
    ------
    ValueError
        Where a key comes twice, or a variance or weight is not positive.

    Notes
    -----
    The weighted sum of the drops, less their true means, is a martingale once the reference is given, and stays
    within a normal mixture bound for all times with the chance asked for: the asymptotic confidence sequence of
    Waudby-Smith et al., in its one-sided form, in the time of the summed variance. It holds for means that change,
    and is for batches large enough that each drop is about normal (for an AUC, 20 rows of the rarer class).

    Half of the level pays for the reference, whose error is the same in all drops and does not average out: its
    bound is taken off once. Of the other half, run j, from batch j on, has the part 1 / (j (j + 1)): a model that
    turned bad after a year of good weeks is then found in about as many weeks as a new one.

    Batches must be independent given the reference. Late labels are one more batch (Podkopaev and Ramdas), provided
    that rows labelled late are no worse by nature than those labelled early.

    References
    ----------
    Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, Annals of Statistics 52 (2024) 2613-2640. Robbins, Annals of
    Mathematical Statistics 41 (1970) 1397-1409. Podkopaev and Ramdas, "Tracking the risk of a deployed model and
    detecting harmful distribution shifts", ICLR 2022.
    """
    if not batches:
        return None
    _check(batches)
    drops, variances, weights = (
        np.array([getattr(batch, name) for batch in batches]) for name in ("drop", "variance", "weight")
    )
    of_reference = z_quantile(level / 2) * sqrt(reference_variance)
    found: list[tuple[int, int, float, float]] = []
    for start in range(drops.size):
        part = level / 2 / ((start + 1) * (start + 2))
        weight, sums = (np.cumsum(values[start:]) for values in (weights, weights * drops))
        noise = np.cumsum(weights[start:] ** 2 * variances[start:])
        low = (sums - _bound(noise, part)) / weight - of_reference
        crossed = np.flatnonzero(low > tolerance)
        at = int(crossed[0]) if crossed.size else low.size - 1
        found.append((start, start + at, float(sums[at] / weight[at]), float(low[at])))
    alarms = [run for run in found if run[3] > tolerance]
    # The earliest alarm; where two runs raise it with the same batch, or none does, the one with the highest bound.
    start, end, drop, low_end = (
        min(alarms, key=lambda run: (run[1], -run[3])) if alarms else max(found, key=lambda r: r[3])
    )
    return Worsening(batches[end].key if alarms else None, batches[start].key, end - start + 1, drop, low_end)


def _bound(noise: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """Return what the sum stays below at all times with chance 1 - `level`, given its variance at each time.

    The mixture's variance is that which Waudby-Smith et al. give for the bound to be tightest at a time.
    """
    time = noise / noise[0]
    mixed = (-2 * log(level) + log(-2 * log(level)) + 1) / TUNED
    grown = time * mixed + 1
    return np.asarray(np.sqrt(noise[0] * 2 * grown / mixed * np.log1p(np.sqrt(grown) / (2 * level))))


def _check(batches: Sequence[Batch]) -> None:
    seen: set[str] = set()
    for batch in batches:
        if batch.key in seen:
            raise ValueError(f"batch {batch.key} comes twice; each may be counted once")
        if not (batch.variance > 0 and batch.weight > 0):
            raise ValueError(f"batch {batch.key} needs a positive variance and weight")
        seen.add(batch.key)
