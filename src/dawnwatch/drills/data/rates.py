"""Rates: how often the label was 1 for a key, as a feature. Learned without the row's own label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Rate", "out_of_fold"]

SMOOTHING = 10.0
"""Rows of the overall mean that every key starts with."""
FOLDS = 5


@dataclass(frozen=True)
class Rate:
    """The mean label of each key, drawn towards the overall mean; a key that was never seen has that mean.

    Examples
    --------
    >>> rate = Rate.learn(np.array(["a", "a", "b"]), np.array([1, 1, 0]))
    >>> rate.of(np.array(["a", "c"])).round(3).tolist()
    [0.722, 0.667]
    """

    keys: NDArray[np.str_]
    means: NDArray[np.float64]
    overall: float

    @classmethod
    def learn(cls, keys: NDArray[np.str_], label: NDArray[np.int64]) -> Rate:
        """Learn from rows; shape (rows,) each, labels 0 or 1, at least one row."""
        overall = float(label.mean())
        known, at = np.unique(keys, return_inverse=True)
        sums = np.bincount(at, weights=label, minlength=len(known))
        return cls(known, (sums + SMOOTHING * overall) / (np.bincount(at) + SMOOTHING), overall)

    def of(self, keys: NDArray[np.str_]) -> NDArray[np.float64]:
        """Return each row's rate; shape (rows,), in [0, 1]."""
        at = np.searchsorted(self.keys, keys).clip(max=len(self.keys) - 1)
        return np.where(self.keys[at] == keys, self.means[at], self.overall)


def out_of_fold(keys: NDArray[np.str_], label: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the rates of the training rows themselves, each learned without the row's own fold."""
    fold = rng.permutation(len(keys)) % FOLDS
    found = np.empty(len(keys))
    for one in range(FOLDS):
        own = fold == one
        found[own] = Rate.learn(keys[~own], label[~own]).of(keys[own])
    return found
