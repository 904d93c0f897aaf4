"""Population stability index of two binned distributions."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["EMPTY_SHARE", "filled_shares", "psi", "psi_contributions", "psi_curvatures", "psi_slopes", "shares"]

EMPTY_SHARE = 1e-4
"""The share that stands for an empty bin: one row in ten thousand."""


def shares(counts: ArrayLike) -> NDArray[np.float64]:
    """Return counts divided by their sum.

    Parameters
    ----------
    counts : shape (..., bins), non-negative; each table along the last axis by itself, here and below

    Raises
    ------
    ValueError
        If the counts of a table sum to zero.
    """
    rows: NDArray[np.float64] = np.asarray(counts, dtype=np.float64)
    total = rows.sum(axis=-1, keepdims=True)
    if (total <= 0).any():
        raise ValueError("shares of no rows are not defined")
    return np.asarray(rows / total)


def psi_contributions(reference: ArrayLike, current: ArrayLike) -> NDArray[np.float64]:
    """Return each bin's part of the PSI, (P_cur - P_ref) * ln(P_cur / P_ref), in nats.

    Where both shares are positive this is the formula itself, unsmoothed. A bin that is empty in one window only
    would make it infinite; there the empty share is taken as `EMPTY_SHARE` (e), so a share s opposite an empty
    bin contributes (s - e) ln(s / e), and nothing where s <= e. The effect is bounded: a bin that is new with
    1% of the rows adds 0.046, with 5% adds 0.31, and a floor ten times smaller would add at most 2.56 s more.
    The floor is a share and not a number of rows, so PSI does not change when a window's counts are scaled.

    Parameters
    ----------
    reference, current : shape (..., bins)
        Counts or shares of the same bins; only their ratios matter. Bins empty in both contribute 0.

    Returns
    -------
    shape (..., bins), each >= 0

    References
    ----------
    Siddiqi, Credit Risk Scorecards (2006), ch. 6; the sum is the symmetric Kullback-Leibler divergence of
    Jeffreys (1946).

    Examples
    --------
    >>> [round(float(c), 3) for c in psi_contributions([33, 67], [60, 40])]
    [0.161, 0.139]
    """
    p, q = filled_shares(reference, current)
    both = (p > 0) & (q > 0)
    ratio = np.divide(q, p, out=np.ones_like(p), where=both)
    return np.where(both, (q - p) * np.log(ratio), 0.0)


def psi(reference: ArrayLike, current: ArrayLike) -> float:
    """Return the population stability index in nats: the sum of `psi_contributions`, >= 0 and symmetric.

    It says how far the distribution moved, not whether that is more than noise: with few rows it is large by
    chance, about (bins - 1) * (1 / rows_reference + 1 / rows_current) on average when nothing moved.
    """
    return float(psi_contributions(reference, current).sum())


def psi_slopes(reference: ArrayLike, current: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how the PSI changes with each share of the reference and of the current window; shape (bins,) each.

    1 - P_cur / P_ref - ln(P_cur / P_ref), and the same with the windows exchanged. A bin empty in a window stays at
    its floor, so its slope there is 0.
    """
    p, q = filled_shares(reference, current)
    ratio = np.divide(q, p, out=np.ones_like(p), where=(p > 0) & (q > 0))
    of_p, of_q = 1 - ratio - np.log(ratio), 1 - 1 / ratio + np.log(ratio)
    return np.where(np.asarray(reference) == 0, 0.0, of_p), np.where(np.asarray(current) == 0, 0.0, of_q)


def psi_curvatures(
    reference: ArrayLike, current: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return how each bin's slopes change: with the reference's share, the current one's, and the one with the other.

    1 / P_ref + P_cur / P_ref², the same with the windows exchanged, and -1 / P_ref - 1 / P_cur; shape (bins,) each, and
    0 where a share that is empty would have to move.
    """
    p, q = filled_shares(reference, current)
    here, there = np.asarray(reference) > 0, np.asarray(current) > 0
    own_p, own_q = np.where(here, p, 1.0), np.where(there, q, 1.0)
    return (
        np.where(here, 1 / own_p + q / own_p**2, 0.0),
        np.where(there, 1 / own_q + p / own_q**2, 0.0),
        np.where(here & there, -1 / own_p - 1 / own_q, 0.0),
    )


def filled_shares(reference: ArrayLike, current: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the shares, where a bin is empty in one window only with `EMPTY_SHARE` or the other share, if smaller."""
    p, q = shares(reference), shares(current)
    if p.shape != q.shape:
        raise ValueError(f"both windows need the same bins; got {p.shape[-1]} and {q.shape[-1]}")
    return (
        np.where((p == 0) & (q > 0), np.minimum(EMPTY_SHARE, q), p),
        np.where((q == 0) & (p > 0), np.minimum(EMPTY_SHARE, p), q),
    )
