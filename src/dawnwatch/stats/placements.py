"""Which rows an AUC loses its pairs by: a row's placement loss."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["placement_losses", "placement_weights"]

Floats = NDArray[np.float64]


def placement_losses(labels: ArrayLike, scores: ArrayLike) -> Floats:
    """Return for each row the share of the other class that its score is on the wrong side of, ties one half.

    Parameters
    ----------
    labels : shape (rows,), 0 or 1
    scores : shape (rows,), not NaN

    Returns
    -------
    shape (rows,), in [0, 1], 0 best. The mean over the positives is 1 - AUC, and so is the mean over the negatives.

    Raises
    ------
    ValueError
        Where a class is empty.

    References
    ----------
    One less the placement values of DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988) 837-845.
    """
    positive, found = np.asarray(labels) == 1, np.asarray(scores, dtype=np.float64)
    if positive.all() or not positive.any():
        raise ValueError("placements need rows of both classes")
    losses = np.empty(found.size)
    above, below = np.sort(found[positive]), np.sort(found[~positive])
    losses[positive] = 1 - _up_to(found[positive], below)
    losses[~positive] = _up_to(found[~positive], above)
    return losses


def placement_weights(labels: ArrayLike) -> Floats:
    """Return weights with which placement losses sum to 1 - AUC: half of it from each class, shape (rows,)."""
    positive = np.asarray(labels) == 1
    positives = int(positive.sum())
    return np.where(positive, 0.5 / max(positives, 1), 0.5 / max(positive.size - positives, 1))


def _up_to(scores: Floats, others: Floats) -> Floats:
    """Return the share of the sorted others below each score, ties one half."""
    both = np.searchsorted(others, scores, "left") + np.searchsorted(others, scores, "right")
    return np.asarray(both / (2 * others.size))
