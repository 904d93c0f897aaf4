"""Tails and quantiles of the F, t and normal distributions, with any positive degrees of freedom.

The one place that asks scipy, and only when called: its import takes a few tenths of a second.
"""

from __future__ import annotations

from math import inf
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

__all__ = ["f_above", "f_below", "f_quantile", "f_tails", "t_above", "t_quantile", "z_quantile"]


def f_above(x: float, numerator: float, denominator: float = inf) -> float:
    """Return the chance of more than `x` under F; with a denominator of inf, of chi-squared over its degrees."""
    from scipy.special import fdtrc, gammaincc

    if x <= 0:
        return 1.0
    if denominator == inf:
        return float(gammaincc(numerator / 2, numerator * x / 2))
    return float(fdtrc(numerator, denominator, x))


def f_below(x: float, numerator: float, denominator: float = inf) -> float:
    """Return the chance of at most `x` under F; see `f_above`. Small chances keep their digits."""
    from scipy.special import fdtr, gammainc

    if x <= 0:
        return 0.0
    if denominator == inf:
        return float(gammainc(numerator / 2, numerator * x / 2))
    return float(fdtr(numerator, denominator, x))


def f_tails(
    x: NDArray[np.float64], numerator: NDArray[np.float64], denominator: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what `f_above` does, of each; all of one shape."""
    from scipy.special import fdtrc, gammaincc

    alone = np.isinf(denominator)
    of_two = fdtrc(numerator, np.where(alone, 1.0, denominator), x)
    return np.where(x <= 0, 1.0, np.where(alone, gammaincc(numerator / 2, numerator * np.maximum(x, 0.0) / 2), of_two))


def f_quantile(chance_above: float, numerator: float, denominator: float = inf) -> float:
    """Return the x with this chance in (0, 1) of more under F; see `f_above`."""
    from scipy.special import fdtri, gammainccinv

    if denominator == inf:
        return float(gammainccinv(numerator / 2, chance_above)) * 2 / numerator
    return float(fdtri(numerator, denominator, 1 - chance_above))


def t_above(x: float, degrees: float) -> float:
    """Return the chance of more than `x` under Student's t."""
    from scipy.special import stdtr

    return float(stdtr(degrees, -x))


def t_quantile(confidence: float, degrees: float) -> float:
    """Return the half-width of a two-sided interval under Student's t, in standard errors; inf at a confidence of 1."""
    from scipy.special import stdtrit

    return inf if confidence >= 1 else -float(stdtrit(degrees, 0.5 - confidence / 2))


def z_quantile(chance_above: float) -> float:
    """Return the standard normal number that is exceeded with this chance; inf at 0."""
    return -NormalDist().inv_cdf(chance_above) if chance_above > 0 else inf
