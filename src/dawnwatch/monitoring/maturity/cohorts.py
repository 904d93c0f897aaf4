"""The share of rows with a label, by the day or hour of their prediction."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.maturity import Cohort
from dawnwatch.model.plan import UNIT_GROUPS
from dawnwatch.monitoring.facts import moment_at
from dawnwatch.monitoring.maturity.ages import HOUR, Aged
from dawnwatch.stats.replicates import Part, without_each

__all__ = ["MOST", "cohorts_of", "period_of"]

MOST = 60
"""Cohorts told, the newest ones."""
LEAST_PERIODS = 2
Period = Literal["day", "hour"]
LENGTH: dict[Period, float] = {"day": 24 * HOUR, "hour": HOUR}


def period_of(aged: Aged) -> Period | None:
    """Return what cohorts are cut by: days where the rows span two at least, hours where two of them; None else."""
    if aged.seconds is None:
        return None
    known = aged.seconds[np.isfinite(aged.seconds)]
    length = float(known.max() - known.min())
    return next((name for name, seconds in LENGTH.items() if length >= LEAST_PERIODS * seconds), None)


def cohorts_of(aged: Aged, period: Period, as_of: float, until: float | None, confidence: float) -> list[Cohort]:
    """Return the cohorts, oldest first, at most the newest 60; periods without a row are left out.

    Parameters
    ----------
    as_of : when the labels were looked at, in seconds since 1970
    until : rows predicted later are too young to be judged; None where no age is asked
    """
    assert aged.seconds is not None  # noqa: S101 - a period is only asked of rows with times
    known, length = np.isfinite(aged.seconds), LENGTH[period]
    at = np.floor(aged.seconds[known] / length).astype(np.int64)
    periods, codes = np.unique(at, return_inverse=True)
    came, group = aged.rows.labelled[known], aged.rows.group[known]
    rows, labelled = (_counted(codes[kept], group[kept], periods.size) for kept in (np.ones_like(came), came))
    found, last = [], float(aged.seconds[known].max())
    for place in range(max(0, periods.size - MOST), periods.size):
        start = float(periods[place] * length)
        own = aged.seconds[known][codes == place]
        n, k = int(rows[:, place].sum()), int(labelled[:, place].sum())
        found.append(
            Cohort(
                start=moment_at(start),
                end=moment_at(start + length),
                rows=n,
                labelled=k,
                share=k / n,
                interval=_interval(rows[:, place], labelled[:, place], confidence),
                age_hours=float(as_of - np.median(own)) / HOUR,
                # The rows of a period that is cut through are not all sampled: only its end tells of all of them.
                mature=None if until is None else bool(min(start + length, last) <= until),
            )
        )
    return found


def _counted(codes: NDArray[np.int64], group: NDArray[np.int64], periods: int) -> NDArray[np.int64]:
    return np.bincount(group * periods + codes, minlength=UNIT_GROUPS * periods).reshape(UNIT_GROUPS, periods)


def _interval(rows: NDArray[np.int64], labelled: NDArray[np.int64], confidence: float) -> tuple[float, float]:
    """Return the interval of a share between groups of units; all of [0, 1] where one group holds all rows."""
    totals = without_each(rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = Part(np.where(totals > 0, without_each(labelled) / totals, np.nan), rows > 0)
    if not part.known:
        return 0.0, 1.0
    low, high = part.interval(confidence)
    return max(low, 0.0), min(high, 1.0)
