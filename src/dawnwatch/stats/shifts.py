"""Whether many binned distributions moved by more than chance: the tests of `shift`, for all tables at once.

For whoever asks thousands of times, such as a calibration of thresholds. One table at a time, the time goes into calls
and not into numbers. What `shift` tells beside the test, for one packet's page, is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dawnwatch.stats.clusters import share_residuals, spreads
from dawnwatch.stats.distributions import f_tails
from dawnwatch.stats.divergence import psi_contributions
from dawnwatch.stats.shift import SMALL, Shift, clustered_shift, shift

__all__ = ["CELLS", "Shifts", "shifts"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
CELLS = 2**17
"""Numbers looked at together: what they give on the way then stays in a processor's cache, and memory does not grow."""


class Shifts(NamedTuple):
    """What `Shift` says of each table, shape (tables,) each; NaN where there is no test, or nothing to compare."""

    psi: Floats
    """NaN only where a window has no rows."""
    p_value: Floats
    statistic: Floats
    noise: Floats
    degrees: Floats
    denominator: Floats
    """inf where rows are independent."""

    @property
    def error(self) -> Floats:
        """Relative standard error of the variance behind each; 0 where it is not estimated, or there is no test."""
        found = np.sqrt(2 / (self.degrees * np.maximum(self.denominator, 1.0)))
        return np.where(np.isnan(self.p_value), 0.0, found)

    @classmethod
    def joined(cls, parts: Sequence[Shifts]) -> Shifts:
        """Put the tables of several one behind the other."""
        return cls(*map(np.concatenate, zip(*parts, strict=True)))


def shifts(reference: Ints, current: Ints, *, clustered: bool) -> Shifts:
    """Return how far each table's shares moved, and whether by more than chance; to 1e-9 what `shift` says of each.

    Parameters
    ----------
    reference, current : shape (tables, bins, groups)
        Rows per bin and group of units; `reference` may be one table for all, shape (1, bins, groups).
    clustered : whether units are independent, and not rows: see `clustered_shift`

    Raises
    ------
    ValueError
        Where the windows have different bins or groups.
    """
    if reference.shape[1:] != current.shape[1:] or reference.shape[0] not in {1, current.shape[0]}:
        raise ValueError(f"both windows need the same bins and groups; got {reference.shape} and {current.shape}")
    step = max(CELLS // max(current[0].size, 1), 1)
    parts = []
    for start in range(0, current.shape[0], step):
        before = reference if reference.shape[0] == 1 else reference[start : start + step]
        after = current[start : start + step]
        parts.append(_shifts(np.broadcast_to(before, after.shape), after, clustered=clustered))
    return Shifts.joined(parts)


def _shifts(reference: Ints, current: Ints, *, clustered: bool) -> Shifts:
    totals = reference.sum(axis=2, dtype=np.float64), current.sum(axis=2, dtype=np.float64)
    n, m = (total.sum(axis=1) for total in totals)
    found = Shifts(*np.full((6, current.shape[0]), np.nan))
    there = (n > 0) & (m > 0)
    found.psi[there] = psi_contributions(totals[0][there], totals[1][there]).sum(axis=1)
    sure = there & (((totals[0] + totals[1]) > 0).sum(axis=1) > 1)
    if clustered:
        sure &= np.min([(table.sum(axis=1) > 0).sum(axis=1) for table in (reference, current)], axis=0) > 1
        alone = _by_groups(found, sure, reference, current)
    else:
        alone = _by_rows(found, sure, *totals)
    # What is left is rare, and has a test of its own: permutations, or groups that do not differ.
    for table in np.flatnonzero(alone).tolist():
        one = clustered_shift(reference[table], current[table]) if clustered else shift(*(of[table] for of in totals))
        if one is not None:
            _put(found, table, one)
    return found


def _by_groups(found: Shifts, sure: NDArray[np.bool_], reference: Ints, current: Ints) -> NDArray[np.bool_]:
    """Fill in what `clustered_shift` says where units tell, and return where only it can say."""
    a, b = reference[sure].astype(np.float64), current[sure].astype(np.float64)
    total_a, total_b = a.sum(axis=2), b.sum(axis=2)
    n, m = total_a.sum(axis=1, keepdims=True), total_b.sum(axis=1, keepdims=True)
    pooled = (total_a + total_b) / (n + m)
    # A bin empty in both windows has no residual, and adds nothing.
    used = pooled > 0
    weight = np.where(used, pooled, 1.0)
    residuals = (share_residuals(b) - share_residuals(a)) / np.sqrt(weight)[:, :, None]
    directions = used.sum(axis=1) - 1.0
    independent = directions * (1 / n + 1 / m)[:, 0]
    told = (residuals**2).sum(axis=(1, 2)) > 1e-9 * independent
    rest = sure.copy()
    rest[np.flatnonzero(sure)[told]] = False
    if not told.any():
        return rest
    noise, degrees, effective = spreads(residuals[told], directions[told])
    statistic = ((total_b / m - total_a / n) ** 2 / weight).sum(axis=1)[told]
    p_value = f_tails(statistic / noise, degrees, degrees * (effective - 1))
    _fill(found, sure & ~rest, p_value, statistic, noise, degrees, effective - 1)
    return rest


def _by_rows(found: Shifts, sure: NDArray[np.bool_], reference: Floats, current: Floats) -> NDArray[np.bool_]:
    """Fill in what `shift` says where chi-squared holds, and return where it takes permutations."""
    n, m = reference.sum(axis=1, keepdims=True), current.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        pooled = (reference + current) / (n + m)
        least = np.where(pooled > 0, pooled, np.inf).min(axis=1) * np.minimum(n, m)[:, 0]
    told = sure & (least >= SMALL)
    n, m, pooled = n[told], m[told], pooled[told]
    degrees = (pooled > 0).sum(axis=1) - 1.0
    noise = degrees * (1 / n + 1 / m)[:, 0]
    moved = (current[told] / m - reference[told] / n) ** 2
    statistic = (moved / np.where(pooled > 0, pooled, 1.0)).sum(axis=1)
    none = np.full(degrees.size, np.inf)
    _fill(found, told, f_tails(statistic / noise, degrees, none), statistic, noise, degrees, none)
    return np.asarray(sure & ~told)


def _fill(found: Shifts, where: NDArray[np.bool_], *values: Floats) -> None:
    for into, of in zip(found[1:], values, strict=True):
        into[where] = of


def _put(found: Shifts, table: int, one: Shift) -> None:
    denominator = np.inf if one.denominator is None else one.denominator
    values = (one.p_value, one.statistic, one.noise, one.degrees, denominator)
    for into, value in zip(found[1:], values, strict=True):
        into[table] = value
