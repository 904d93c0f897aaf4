"""Numbers that are times: which unit they count since 1970."""

from __future__ import annotations

__all__ = ["PLAUSIBLE", "per_second"]

PLAUSIBLE = (315_532_800.0, 4_102_444_800.0)
"""Seconds since 1970 of the years 1980 and 2100."""
UNITS = (1, 10**3, 10**6, 10**9)


def per_second(low: float, high: float) -> int | None:
    """Return how many of a time column's units make a second; None where its numbers are no times."""
    return next((unit for unit in UNITS if PLAUSIBLE[0] * unit <= low <= high <= PLAUSIBLE[1] * unit), None)
