"""What a threshold costs and what it finds: the rate of its false alarms, and the sizes found with a given chance."""

from __future__ import annotations

from functools import cache
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.distributions import f_quantile

__all__ = ["chance_interval", "first_found", "least_for", "quantile_interval", "share_found", "variance_factors"]

Floats = NDArray[np.float64]


def chance_interval(times: int, draws: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return bounds on the chance of something that came so many times in so many draws.

    Clopper and Pearson's, which cover at least as often as they say, also where it never came.

    References
    ----------
    Clopper and Pearson, Biometrika 26 (1934) 404-413.
    """
    from scipy.special import betaincinv

    tail = (1 - confidence) / 2
    low = 0.0 if times == 0 else float(betaincinv(times, draws - times + 1, tail))
    high = 1.0 if times == draws else float(betaincinv(times + 1, draws - times, 1 - tail))
    return low, high


def least_for(sizes: ArrayLike, most: float, *, strictly: bool, confidence: float = 0.95) -> float | None:
    """Return the smallest threshold that surely alarms no more often than with chance `most`.

    Parameters
    ----------
    sizes : what each draw measured, 0 where it could not have alarmed; shape (draws,)
    strictly : whether an alarm lies above the threshold, or also at it
    confidence : the upper end of the chance's interval at this level is at most `most`

    Returns
    -------
    0 where any threshold will do; None where even a threshold that no draw reaches is not sure enough, since the
    draws are too few.
    """
    found = np.sort(np.asarray(sizes, dtype=np.float64))[::-1]
    allowed = -1
    while allowed + 1 <= found.size and chance_interval(allowed + 1, found.size, confidence)[1] <= most:
        allowed += 1
    if allowed < 0:
        return None
    if allowed >= found.size:
        return 0.0
    # The largest size that may not alarm.
    reached = float(found[allowed])
    return reached if strictly or reached <= 0 else float(np.nextafter(reached, inf))


def first_found(sizes: ArrayLike, measured: ArrayLike, least: float) -> Floats:
    """Return at which size each draw first measures `least`, shape (draws,); inf where it never does.

    Parameters
    ----------
    sizes : of what was put in, growing from 0, shape (sizes,)
    measured : what each draw measured of it, shape (draws, sizes); made to grow where chance makes it fall

    Notes
    -----
    Between two sizes the measured is taken as linear: it is the size and a noise that changes little.
    """
    at = np.asarray(sizes, dtype=np.float64)
    values = np.maximum.accumulate(np.asarray(measured, dtype=np.float64), axis=1)
    places, draws = (values < least).sum(axis=1), np.arange(values.shape[0])
    found = np.where(places == 0, at[0], inf)
    there = (places > 0) & (places < at.size)
    rows, after = draws[there], places[there]
    below, above = values[rows, after - 1], values[rows, after]
    between = np.isfinite(above)
    part = np.ones(after.size)
    part[between] = (least - below[between]) / (above[between] - below[between])
    found[there] = at[after - 1] + part * (at[after] - at[after - 1])
    return found


def quantile_interval(values: ArrayLike, chance: float, confidence: float = 0.95) -> tuple[float, tuple[float, float]]:
    """Return the value that this share of draws does not exceed, and bounds on it from the draws' order alone.

    Both may be inf, where too few draws have a finite value.

    References
    ----------
    David and Nagaraja, Order Statistics (2003), section 7.1.
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    n = ordered.size
    low, high = _places(n, chance, confidence)
    point = ordered[min(int(np.ceil(chance * n)) - 1, n - 1)]
    lower = float(ordered[low - 1]) if low > 0 else 0.0
    return float(point), (lower, float(ordered[high]) if high < n else inf)


@cache
def _places(draws: int, chance: float, confidence: float) -> tuple[int, int]:
    """Return where the bounds on a quantile stand among the draws in order: the lower from 1 on, the upper from 0."""
    from scipy.special import bdtr

    tail, below = (1 - confidence) / 2, bdtr(np.arange(draws + 1.0), draws, chance)
    return int(np.searchsorted(below, tail)), int(np.searchsorted(below, 1 - tail))


def share_found(rows: int, most: float, chance: float) -> float | None:
    """Return the smallest share of failing rows that a window finds with this chance; None where none is above `most`.

    Parameters
    ----------
    most : largest share that passes

    Notes
    -----
    The chance of k or more of n rows failing is the incomplete beta function I_s(k, n - k + 1) of the share s.
    """
    from scipy.special import betaincinv

    least = int(np.floor(most * rows + 1e-9)) + 1
    return float(betaincinv(least, rows - least + 1, chance)) if least <= rows else None


def variance_factors(error: float, confidence: float = 0.95) -> tuple[float, float]:
    """Return by which factors, at least and at most, the true variance may differ from an estimate of it.

    Parameters
    ----------
    error : relative standard error of the estimate; (1, 1) at 0

    Notes
    -----
    An estimate from d degrees of freedom has a relative standard error of √(2 / d). The true variance lies between
    d over the upper quantile of chi-squared and d over the lower one: far above the estimate where d is small.
    """
    if error <= 0:
        return 1.0, 1.0
    degrees, tail = 2 / error**2, (1 - confidence) / 2
    return 1 / f_quantile(tail, degrees), 1 / f_quantile(1 - tail, degrees)
