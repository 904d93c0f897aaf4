"""A share of rows and how surely it is known, where rows of one unit belong together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["share_interval"]


def share_interval(hits: NDArray[np.bool_], units: NDArray[np.uint64], confidence: float) -> tuple[float, float]:
    """Return the interval of the share of rows that are hit: Clopper and Pearson's, from as many rows as count.

    Parameters
    ----------
    hits : shape (rows,), at least one row
    units : each row's unit, shape (rows,); rows of one unit are not independent
    confidence : level of the two-sided interval, in (0, 1)

    Notes
    -----
    The rows are divided by the design effect, the variance between units (linearised from the ratio of two sums) over
    that of as many independent rows, taken to be at least 1. Where all rows are alike nothing varies, and each unit
    counts as one row. With few units the interval is a little too short: no Student's t stands for them here.

    References
    ----------
    Clopper and Pearson, Biometrika 26 (1934) 404-413; Korn and Graubard, Survey Methodology 24 (1998) 193-201.
    """
    from scipy.special import betaincinv

    rows = hits.size
    share = float(hits.mean())
    _, at = np.unique(units, return_inverse=True)
    size = np.bincount(at).astype(np.float64)
    groups = size.size
    if 0 < share < 1 and groups > 1:
        residuals = np.bincount(at, weights=hits) - share * size
        variance = float((residuals**2).sum()) / rows**2 * groups / (groups - 1)
        effect = max(1.0, variance / (share * (1 - share) / rows))
    else:
        effect = rows / groups
    counted = rows / effect
    hit, tail = share * counted, (1 - confidence) / 2
    low = 0.0 if hit <= 0 else float(betaincinv(hit, counted - hit + 1, tail))
    high = 1.0 if hit >= counted else float(betaincinv(hit + 1, counted - hit, 1 - tail))
    return low, high
