"""Variance between groups of units: how large, over how many directions, and from how many groups.

Rows of one unit are not independent, but the 64 groups that units hash to are. What a sum over groups varies by is
read off each group's residual.
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Spread", "Spreads", "share_residuals", "spread", "spreads"]

Floats = NDArray[np.float64]


class Spread(NamedTuple):
    """What the eigenvalues of a group covariance come to."""

    total: float
    """Sum of the eigenvalues."""
    degrees: float
    """Satterthwaite's degrees of freedom, (sum of eigenvalues)² / (sum of their squares)."""
    groups: float
    """How many groups of equal weight would tell as much; at least 2, at most the groups there are."""


class Spreads(NamedTuple):
    """The same of several covariances, shape (tables,) each."""

    total: Floats
    degrees: Floats
    groups: Floats


def share_residuals(counts: Floats) -> Floats:
    """Return each group's residual of the shares; their covariance is the sum of the outer products.

    Parameters
    ----------
    counts : shape (..., bins, groups), at least two groups with rows

    Returns
    -------
    shape (..., bins, groups): (count - rows · share) / all rows, linearised from the ratio of two sums, and divided by
    √(1 - the group's share of the rows), which makes the covariance unbiased whatever the groups' sizes where rows
    are independent (CR2). With equal groups that is the factor G / (G - 1).

    References
    ----------
    Bell and McCaffrey, Survey Methodology 28 (2002) 169-181.
    """
    rows = counts.sum(axis=-2, keepdims=True)
    total = rows.sum(axis=-1, keepdims=True)
    shares = counts.sum(axis=-1, keepdims=True) / total
    return np.asarray((counts - shares * rows) / (total * np.sqrt(1 - rows / total)))


def spread(residuals: Floats, directions: int) -> Spread:
    """Return the sum of the eigenvalues of Σ z zᵀ, the degrees of freedom they stand for, and the groups in effect.

    Parameters
    ----------
    residuals : shape (any, groups), one column z per group, some not zero
    directions : degrees of freedom there are at most, as bins - 1

    Notes
    -----
    The plain sum of squared eigenvalues is too large by what the groups' own noise adds, Σ |z|⁴: with 100 bins and 64
    groups the degrees would come out as 34 instead of 99, and a test that uses them would never reject. So the sum
    of squares is taken from pairs of different groups, as Chen and Qin do, which is unbiased however many
    directions there are, although a covariance of 64 groups has a rank of at most 63. What pairs of a group with
    itself would add is put back from the groups' weights.

    The covariance is only as good as the groups behind it are many. Carter, Schnepel and Steigerwald count those in
    effect as (Σ c)² / Σ c², c being a group's part of the variance. Here Σ c² comes from Σ |z|⁴, which for normal
    residuals is 1 + 2 / degrees times as large. The degrees rest on the groups in effect and the reverse; with
    a = Σ |z|⁴ / (Σ |z|²)² and o = the same of the pairs, both hold at the positive root x of
    o x² + (2 o + a - 1) x - 2 = 0.

    References
    ----------
    Chen and Qin, Annals of Statistics 38 (2010) 808-835. Carter, Schnepel and Steigerwald, Review of Economics and
    Statistics 99 (2017) 698-709. Satterthwaite, Biometrics Bulletin 2 (1946) 110-114.
    """
    products = residuals.T @ residuals
    parts = np.diagonal(products)
    total = float(parts.sum())
    groups = int((parts > 0).sum())
    own = float((parts**2).sum()) / total**2
    pairs = max(float((products**2).sum()) / total**2 - own, 0.0)
    middle = 2 * pairs + own - 1
    root = -middle + sqrt(middle**2 + 8 * pairs)
    # Where no two groups have anything in common there are as many directions as there can be.
    degrees = min(max(root / (2 * pairs), 1.0), float(directions)) if pairs > 0 else float(directions)
    return Spread(total, degrees, max(min((1 + 2 / degrees) / own, float(groups)), 2.0))


def spreads(residuals: Floats, directions: Floats) -> Spreads:
    """Return what `spread` does of each of several covariances, to the last few digits.

    Parameters
    ----------
    residuals : shape (tables, any, groups)
    directions : shape (tables,)
    """
    parts = (residuals**2).sum(axis=1)
    total, groups = parts.sum(axis=1), (parts > 0).sum(axis=1).astype(np.float64)
    across = residuals.swapaxes(1, 2)
    # Both products have the same squares in all, and the smaller one is cheaper.
    products = residuals @ across if residuals.shape[1] < residuals.shape[2] else across @ residuals
    own = (parts**2).sum(axis=1) / total**2
    pairs = np.maximum((products**2).sum(axis=(1, 2)) / total**2 - own, 0.0)
    middle = 2 * pairs + own - 1
    root = -middle + np.sqrt(middle**2 + 8 * pairs)
    several = pairs > 0
    found = root / np.where(several, 2 * pairs, 1.0)
    degrees = np.where(several, np.minimum(np.maximum(found, 1.0), directions), directions)
    return Spreads(total, degrees, np.maximum(np.minimum((1 + 2 / degrees) / own, groups), 2.0))
