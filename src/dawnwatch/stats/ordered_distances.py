"""Distances between two distributions over ordered bins: they know that neighbouring bins are alike.

Within a bin all rows are taken to lie at its position. So the distances are those of the rounded values; what moves
within a bin is not seen, and an open end bin hides how far out its rows lie.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.divergence import shares

__all__ = ["bin_positions", "energy", "ks", "wasserstein"]

Floats = NDArray[np.float64]


def bin_positions(edges: ArrayLike, low: float, high: float) -> Floats:
    """Return where the rows of each bin are taken to lie: the middle of the bin.

    Parameters
    ----------
    edges : shape (bins - 1,), strictly increasing upper edges, as of `quantile_edges`
    low, high : smallest and largest value, which end the two open bins; those of the reference, so that positions
        are the same for every window

    Returns
    -------
    shape (bins,), increasing, all finite where the ends are

    Raises
    ------
    ValueError
        Where an end is not finite.
    """
    if not (np.isfinite(low) and np.isfinite(high)):
        raise ValueError(f"the ends must be finite; got {low} and {high}")
    inner = np.asarray(edges, dtype=np.float64)
    ends = np.concatenate([[min([low, *inner[:1]])], inner, [max([high, *inner[-1:]])]])
    # Halves are taken first, as the sum of two large ends may not fit.
    return np.asarray(ends[:-1] / 2 + ends[1:] / 2)


def ks(reference: ArrayLike, current: ArrayLike) -> float:
    """Return Kolmogorov and Smirnov's distance, the largest difference of the cumulative shares, in [0, 1].

    Parameters
    ----------
    reference, current : shape (bins,)
        Counts or shares, bins in order. At most the distance of the values themselves, and equal to it where each bin
        holds one value.
    """
    return float(np.abs(_steps(reference, current)).max())


def wasserstein(reference: ArrayLike, current: ArrayLike, positions: ArrayLike) -> float:
    """Return how far rows move on average, in standard deviations of the reference.

    Parameters
    ----------
    reference, current : shape (bins,)
        Counts or shares, bins in order.
    positions : shape (bins,), not decreasing, finite

    Returns
    -------
    The first Wasserstein distance over the standard deviation of the reference's binned values; inf where that is 0
    and the windows differ.

    References
    ----------
    Vallender, Theory of Probability and Its Applications 18 (1974) 784-786.
    """
    gaps = np.diff(_positions(positions, reference))
    return _normed(float(np.abs(_steps(reference, current)[:-1]) @ gaps), _deviation(reference, positions))


def energy(reference: ArrayLike, current: ArrayLike, positions: ArrayLike) -> float:
    """Return the energy distance √(2 E|X - Y| - E|X - X'| - E|Y - Y'|), in roots of the reference's deviation.

    Parameters and the case of a constant reference are as in `wasserstein`. Divided by that root, so that a change
    of the values' unit does not change it.

    References
    ----------
    Székely and Rizzo, Journal of Statistical Planning and Inference 143 (2013) 1249-1272.
    """
    gaps = np.diff(_positions(positions, reference))
    squared = 2 * float(_steps(reference, current)[:-1] ** 2 @ gaps)
    return sqrt(_normed(squared, _deviation(reference, positions)))


def _steps(reference: ArrayLike, current: ArrayLike) -> Floats:
    """Return the difference of the cumulative shares after each bin."""
    p, q = shares(reference), shares(current)
    if p.shape != q.shape:
        raise ValueError(f"both windows need the same bins; got {p.size} and {q.size}")
    return np.cumsum(q - p)


def _positions(positions: ArrayLike, bins: ArrayLike) -> Floats:
    at = np.asarray(positions, dtype=np.float64)
    if at.shape != np.shape(bins):
        raise ValueError(f"each bin needs a position; got {at.size} for {np.size(bins)} bins")
    if not np.isfinite(at).all() or (np.diff(at) < 0).any():
        raise ValueError("positions are finite and in order")
    return at


def _deviation(reference: ArrayLike, positions: ArrayLike) -> float:
    p, at = shares(reference), np.asarray(positions, dtype=np.float64)
    return sqrt(float(p @ (at - p @ at) ** 2))


def _normed(distance: float, deviation: float) -> float:
    if distance == 0:
        return 0.0
    return distance / deviation if deviation > 0 else float("inf")
