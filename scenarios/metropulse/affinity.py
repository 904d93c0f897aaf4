"""How much a rider likes what is offered, and how much an item is liked: smoothed mean labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["FOLDS", "SMOOTHING", "Affinity", "out_of_fold"]

SMOOTHING = 10.0
"""Rows of the overall mean that every rider and item starts with; ten of its own weigh as much."""

FOLDS = 5


@dataclass(frozen=True)
class Affinity:
    """The mean label of each key, drawn towards the overall mean by `smoothing` rows of it.

    A key that was never seen has the overall mean.

    Examples
    --------
    >>> affinity = Affinity.learn(np.array([1, 1, 2]), np.array([1, 1, 0]), smoothing=1.0)
    >>> affinity.of(np.array([1, 2, 99])).round(3).tolist()
    [0.889, 0.333, 0.667]
    """

    keys: NDArray[np.int64]
    means: NDArray[np.float64]
    overall: float

    @classmethod
    def learn(cls, keys: NDArray[np.int64], label: NDArray[np.int64], *, smoothing: float = SMOOTHING) -> Affinity:
        """Learn from rows: (sum of labels + smoothing · overall mean) / (rows + smoothing), a key at a time.

        Parameters
        ----------
        keys, label
            Shape (rows,), at least one row; labels 0 or 1.
        smoothing
            Above 0.
        """
        overall = float(label.mean())
        known, position = np.unique(keys, return_inverse=True)
        rows = np.bincount(position, minlength=len(known))
        sums = np.bincount(position, weights=label, minlength=len(known))
        return cls(known, (sums + smoothing * overall) / (rows + smoothing), overall)

    def of(self, keys: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the affinity of each row's key; shape (rows,), values in [0, 1]."""
        position = np.searchsorted(self.keys, keys).clip(max=len(self.keys) - 1)
        return np.where(self.keys[position] == keys, self.means[position], self.overall)


def out_of_fold(
    keys: NDArray[np.int64],
    label: NDArray[np.int64],
    rng: np.random.Generator,
    *,
    folds: int = FOLDS,
    smoothing: float = SMOOTHING,
) -> NDArray[np.float64]:
    """Return the affinities of the training rows themselves, each learned without the row's own fold.

    Learned from all training rows, a row's affinity would hold its own label; left out alone, the label could
    be read off it backwards (a rider's positive rows would have the lower affinity). Folds avoid both.

    Parameters
    ----------
    keys, label
        Shape (rows,), at least `folds` rows.
    rng
        Deals the rows into folds whose sizes differ by one at most.
    """
    fold = rng.permutation(len(keys)) % folds
    found = np.empty(len(keys), dtype=np.float64)
    for one in range(folds):
        own = fold == one
        found[own] = Affinity.learn(keys[~own], label[~own], smoothing=smoothing).of(keys[own])
    return found
