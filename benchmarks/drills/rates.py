"""Shares with their binomial intervals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from dawnwatch.stats.proportions import wilson

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
    """Return the share of those that are true; None is left out."""
    known = [bool(outcome) for outcome in outcomes if outcome is not None]
    n, hits = len(known), sum(known)
    if n == 0:
        return Rate(0, 0, 0.0, 1.0)
    return Rate(hits, n, *wilson(hits, n, confidence=confidence))


def _percent(share: float) -> str:
    digits = 1 if 0 < round(share, 3) < 0.1 or 0.99 < round(share, 3) < 1 else 0
    return f"{100 * share:.{digits}f} %"
