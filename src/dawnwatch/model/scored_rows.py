"""The scored rows of a window, kept beside its profile while they are few enough for an exact AUC."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["ScoredRows"]


@dataclass(frozen=True)
class ScoredRows:
    """The rows themselves, kept beside the profile while there are few enough for an exact AUC."""

    scores: NDArray[np.float64]
    labels: NDArray[np.int8]
    slices: dict[str, NDArray[np.int32]]
    """Bin code of each slice column."""

    @classmethod
    def concatenate(cls, parts: list[ScoredRows]) -> ScoredRows:
        """Join parts in order."""
        names = parts[0].slices if parts else {}
        return cls(
            np.concatenate([part.scores for part in parts] or [np.empty(0)]),
            np.concatenate([part.labels for part in parts] or [np.empty(0, np.int8)]),
            {name: np.concatenate([part.slices[name] for part in parts]) for name in names},
        )
