"""Distances between two binned distributions, other than the PSI: none is a test, each is a size.

All take counts or shares of the same bins, of which only the ratios within a window matter, so none changes when a
window's counts are scaled; all are symmetric but for `kl`. By chance alone each is above 0: see `shift` for that.
"""

from __future__ import annotations

from math import log, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.divergence import filled_shares, shares

__all__ = [
    "cramers_v",
    "hellinger",
    "jensen_shannon",
    "kl",
    "l_infinity",
    "total_variation",
]

Floats = NDArray[np.float64]


def total_variation(reference: ArrayLike, current: ArrayLike) -> float:
    """Return ½ Σ |P_cur - P_ref|, in [0, 1]: the share of rows that would have to move to another bin."""
    p, q = _pair(reference, current)
    return float(np.abs(q - p).sum()) / 2


def l_infinity(reference: ArrayLike, current: ArrayLike) -> float:
    """Return max |P_cur - P_ref|, in [0, 1]: how much the bin that changed most has gained or lost."""
    p, q = _pair(reference, current)
    return float(np.abs(q - p).max())


def hellinger(reference: ArrayLike, current: ArrayLike) -> float:
    """Return Hellinger's distance √(½ Σ (√P_cur - √P_ref)²), in [0, 1]; 1 where the windows have no bin in common.

    References
    ----------
    Hellinger, Journal für die reine und angewandte Mathematik 136 (1909) 210-271.
    """
    p, q = _pair(reference, current)
    return min(1.0, sqrt(float(((np.sqrt(q) - np.sqrt(p)) ** 2).sum()) / 2))


def jensen_shannon(reference: ArrayLike, current: ArrayLike) -> float:
    """Return the Jensen-Shannon distance to base 2, in [0, 1]: the square root of the divergence in bits.

    The divergence is the mean Kullback-Leibler divergence of both windows from the mean of their shares. Bins that
    are empty in one window need no floor.

    References
    ----------
    Lin, IEEE Transactions on Information Theory 37 (1991) 145-151; the root is a metric by Endres and Schindelin,
    the same 49 (2003) 1858-1860.
    """
    p, q = _pair(reference, current)
    mean = (p + q) / 2
    return sqrt(min(1.0, max(0.0, (_entropy(p, mean) + _entropy(q, mean)) / (2 * log(2)))))


def kl(reference: ArrayLike, current: ArrayLike) -> float:
    """Return the Kullback-Leibler divergence of the current window from the reference, in nats, >= 0.

    Σ P_cur ln(P_cur / P_ref). Not symmetric: with the windows exchanged it is the other one, and the two add up to the
    PSI. A bin that is empty in one window only has the floor that it has in the PSI, by which the shares of a window
    may add up to a little more than one; what would then be below 0 is 0.

    References
    ----------
    Kullback and Leibler, Annals of Mathematical Statistics 22 (1951) 79-86.
    """
    p, q = filled_shares(reference, current)
    return max(0.0, _entropy(q, p))


def cramers_v(reference: ArrayLike, current: ArrayLike) -> float:
    """Return Cramér's V of the table [window x bin], both windows taken as of one size, in [0, 1].

    √(chi-squared / rows) depends on how many rows one window has for each of the other; with the shares in place of
    the counts it is √(¼ Σ d² / p̄), d being the difference of the shares and p̄ their mean, which can be compared
    between windows of any size. 1 where the windows have no bin in common.

    References
    ----------
    Cramér, Mathematical Methods of Statistics (1946), section 21.9.
    """
    p, q = _pair(reference, current)
    mean = (p + q) / 2
    used = mean > 0
    return min(1.0, sqrt(float(((q - p)[used] ** 2 / mean[used]).sum()) / 4))


def _pair(reference: ArrayLike, current: ArrayLike) -> tuple[Floats, Floats]:
    p, q = shares(reference), shares(current)
    if p.shape != q.shape:
        raise ValueError(f"both windows need the same bins; got {p.size} and {q.size}")
    return p, q


def _entropy(of: Floats, relative_to: Floats) -> float:
    """Return Σ of · ln(of / relative_to) over the bins that `of` has, in nats."""
    used = of > 0
    return float((of[used] * np.log(of[used] / relative_to[used])).sum())
