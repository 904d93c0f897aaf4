"""Whether units are enough to tell anything from: as many as are asked for, and none of them nearly all of the rows."""

from __future__ import annotations

from math import ceil

from dawnwatch.model.numbers import number, plural, share

__all__ = ["EFFECTIVE_PART", "few_units"]

EFFECTIVE_PART = 0.2
"""Units in effect that are needed, as a part of the units needed: 10 of 50. Where one unit holds nearly all rows, what
its own ways vary by is not seen between groups, and a test calls chance a shift (see docs/statistics.md)."""


def few_units(
    unit: str, units: int, effective: float | None, largest: float | None, least: int, *, about: bool = False
) -> str | None:
    """Say why there are too few units to judge by; None where there are enough.

    Parameters
    ----------
    unit : the column
    units : how many there are, `about` where that is an estimate
    effective : how many units of equal size weigh as much, (Σ n)² / Σ n² (Kish); None where it is not known
    largest : share of the rows of the largest unit; None where it is not known
    least : `[significance] min_units`

    Examples
    --------
    >>> few_units("rider", 9, 8.1, 0.2, 50)
    'too few units to judge: 9 rider values (of 50 needed)'
    >>> few_units("rider", 200, 1.1, 0.95, 50)
    'too few units to judge: one rider value holds 95% of the rows, so all 200 weigh as much as 1.1 of equal size (of \
10 needed)'
    >>> few_units("rider", 60, 40.0, 0.05, 50) is None
    True
    """
    if units < least:
        said = plural(units, f"{unit} value")
        return f"too few units to judge: {'about ' * about}{said} (of {least} needed)"
    needed = least * EFFECTIVE_PART
    if effective is None or effective >= needed:
        return None
    weigh = f"weigh as much as {number(effective, 1)} of equal size (of {ceil(needed)} needed)"
    if largest is None or largest < 1 / 2:
        return f"too few units to judge: {'about ' * about}{units:,} {unit} values {weigh}, for a few hold most rows"
    return (
        f"too few units to judge: one {unit} value holds {share(largest, 0)} of the rows, so all "
        f"{'about ' * about}{units:,} {weigh}"
    )
