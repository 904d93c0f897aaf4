"""How much more data would tell a drop from noise, and by when it will be there."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil, inf, sqrt

from dawnwatch.stats.distributions import t_quantile, z_quantile

__all__ = ["detectable_drop", "further", "reached_at", "times_needed"]

POWER = 0.8


def detectable_drop(variance: float, *, level: float, power: float = POWER, degrees: float = inf) -> float:
    """Return the smallest drop, or rise, that a two-sided test at `level` finds with chance `power`.

    Parameters
    ----------
    variance : of the estimated drop, in squared AUC
    degrees : of freedom of the variance, where it comes from few groups of units

    Notes
    -----
    (t + z) standard errors: t is where the test rejects, and z what chance may take away from the true drop.
    """
    return _errors(level, power, degrees) * sqrt(variance)


def times_needed(
    drop: float,
    *,
    current: float,
    reference: float = 0.0,
    level: float,
    power: float = POWER,
    degrees: float = inf,
) -> float | None:
    """Return how many times as many labels or units of the current window would tell this drop from noise.

    Parameters
    ----------
    drop : the size that is to be told, such as the one observed or the largest tolerated; its sign does not matter
    current : variance of the current window's AUC, which falls as 1 / labels. Where rows of a unit are alike, only
        labels of *new* units make it fall so: take the clustered variance, and count units.
    reference : variance of the reference's AUC, which more current labels do not lessen
    level, power, degrees : as in `detectable_drop`

    Returns
    -------
    At least 1, which says that there are enough; None where no number of current labels would do, because the
    reference itself is too uncertain, or the drop is 0.

    References
    ----------
    Obuchowski and McClish, Statistics in Medicine 16 (1997) 1529-1542, have sample sizes for AUCs.
    """
    left = (drop / _errors(level, power, degrees)) ** 2 - reference
    return max(1.0, current / left) if left > 0 else None


def further(count: int, times: float) -> int:
    """Return how many more there must be, of `count` now, to be `times` as many."""
    # Without the last digits of a product that is whole in truth.
    return max(0, ceil(round(count * times, 6)) - count)


def reached_at(now: datetime, more: int, *, per_day: float) -> datetime | None:
    """Return when `more` will have come at today's rate; None where none come, or only past the last datetime."""
    if more <= 0:
        return now
    if per_day <= 0:
        return None
    try:
        return now + timedelta(days=more / per_day)
    except OverflowError:
        return None


def _errors(level: float, power: float, degrees: float) -> float:
    rejects = z_quantile(level / 2) if degrees == inf else t_quantile(1 - level, degrees)
    return rejects + z_quantile(1 - power)
