"""Shares with their binomial intervals."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

__all__ = ["Rate", "rate"]


class Rate(NamedTuple):
    """How many of how many, with Wilson's interval."""

    hits: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share, in [0, 1]; 0 of none."""
        return self.hits / self.n if self.n else 0.0

    def __str__(self) -> str:
        if not self.n:
            return "none"
        return f"{_percent(self.value)} ({_percent(self.low)} to {_percent(self.high)})"


def rate(outcomes: Iterable[bool | None], confidence: float = 0.95) -> Rate:
    """Return the share of those that are true; None is left out.

    References
    ----------
    Wilson, Journal of the American Statistical Association 22 (1927) 209-212.
    """
    known = [bool(outcome) for outcome in outcomes if outcome is not None]
    n, hits = len(known), sum(known)
    if n == 0:
        return Rate(0, 0, 0.0, 1.0)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share, spread = hits / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / n + spread / (4 * n))
    return Rate(hits, n, max(0.0, middle - half), min(1.0, middle + half))


def _percent(share: float) -> str:
    digits = 1 if 0 < round(share, 3) < 0.1 or 0.99 < round(share, 3) < 1 else 0
    return f"{100 * share:.{digits}f} %"
