"""The sample of whole units as codes: which class, which score, which bin of each watched column."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["CodedSample"]


@dataclass(frozen=True)
class CodedSample:
    """Rows of a window's sample that have both a label and a score.

    Attributes
    ----------
    units : seeded hash of each row's unit, shape (rows,)
    labels : 0 negative, 1 positive, shape (rows,)
    scores : not NaN, shape (rows,)
    bins : each row's bin in the plan's order, per column that is binned and not private, shape (rows,)
    whole : whether the sample holds every unit of the window
    """

    units: NDArray[np.uint64]
    labels: NDArray[np.int64]
    scores: NDArray[np.float64]
    bins: dict[str, NDArray[np.int32]] = field(default_factory=dict)
    whole: bool = True

    @property
    def rows(self) -> int:
        """Rows with both a label and a score."""
        return int(self.units.size)

    def only(self, kept: NDArray[np.bool_]) -> CodedSample:
        """Return these rows alone."""
        bins = {name: codes[kept] for name, codes in self.bins.items()}
        return CodedSample(self.units[kept], self.labels[kept], self.scores[kept], bins, self.whole)
