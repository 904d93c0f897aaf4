"""Moments of a column's numbers that add: counts of what is not finite, extremes, mean, variance, a checksum."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

__all__ = ["Moments", "moments_of"]


@dataclass(frozen=True, slots=True)
class Moments:
    """What one pass over numbers keeps. `low`, `high`, `mean` and `squares` are of the finite ones.

    Attributes
    ----------
    squares : sum of squared deviations from the mean, so variance is squares / finite; infinite near 1e308
    checksum : sum over the values, infinities included and NaN not, of `word * word`, modulo 2**64, where word is the
        float64's bits, its upper half XORed onto its lower, times 0x9E3779B97F4A7C15, folded so again; equal for equal
        values in any order, 0.0 and -0.0 alike
    """

    nan: int = 0
    pos_inf: int = 0
    neg_inf: int = 0
    finite: int = 0
    low: float | None = None
    high: float | None = None
    mean: float = 0.0
    squares: float = 0.0
    checksum: int = 0

    def __add__(self, other: Moments) -> Moments:
        """Join two parts (Chan, Golub and LeVeque, COMPSTAT 1982): integers exactly, mean and squares to rounding."""
        if not other.finite or not self.finite:
            filled = self if self.finite else other
            low, high, mean, squares = filled.low, filled.high, filled.mean, filled.squares
        else:
            # Those of a private column are not kept.
            low = None if self.low is None or other.low is None else min(self.low, other.low)
            high = None if self.high is None or other.high is None else max(self.high, other.high)
            weight, delta = other.finite / (self.finite + other.finite), other.mean - self.mean
            if isfinite(delta):
                mean = self.mean + delta * weight
                squares = self.squares + other.squares + delta * delta * self.finite * weight
            else:  # means near both ends of what a float holds
                mean, squares = self.mean * (1 - weight) + other.mean * weight, inf
        return Moments(
            self.nan + other.nan,
            self.pos_inf + other.pos_inf,
            self.neg_inf + other.neg_inf,
            self.finite + other.finite,
            low,
            high,
            mean,
            squares,
            (self.checksum + other.checksum) % 2**64,
        )

    @property
    def variance(self) -> float:
        """Population variance of the finite values; 0 where there are none."""
        return self.squares / self.finite if self.finite else 0.0


def moments_of(values: NDArray[np.float64]) -> Moments:
    """Return the moments of an array of any size, shape (rows,)."""
    if values.size == 0:
        return Moments()
    nan = pos_inf = neg_inf = 0
    finite, valued = values, values
    low, high = float(values.min()), float(values.max())
    if not (isfinite(low) and isfinite(high)):
        valued = values[~np.isnan(values)]
        nan, pos_inf, neg_inf = values.size - valued.size, int((valued == inf).sum()), int((valued == -inf).sum())
        finite = valued[np.isfinite(valued)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    mean = squares = 0.0
    if finite.size:
        with np.errstate(over="ignore", invalid="ignore"):
            mean = float(finite.mean())
            if not isfinite(mean):  # their sum is too large for a float, and that of parts may be rounded to be so
                mean = min(max(float((finite / finite.size).sum()), low), high)
            deviations = finite - mean
            squares = float(np.multiply(deviations, deviations, out=deviations).sum())
    words = (valued + 0.0).view(np.uint64)
    with np.errstate(over="ignore"):
        # Folded first: the lower half of a small whole number is zero, and stays so in every product.
        words ^= words >> np.uint64(32)
        words *= np.uint64(0x9E3779B97F4A7C15)
        words ^= words >> np.uint64(32)
        words *= words
        checksum = int(words.sum(dtype=np.uint64))
    some = finite.size > 0
    return Moments(
        nan, pos_inf, neg_inf, finite.size, low if some else None, high if some else None, mean, squares, checksum
    )
