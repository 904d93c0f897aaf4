"""A table of simulated situations: what stands in its rows, and what its columns should come to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

__all__ = ["CONFIDENCE", "HEAVY", "REFERENCE_UNITS", "ROWS_EACH", "UNITS", "Cell", "Right", "Study", "within"]

CONFIDENCE = 0.95
HEAVY = {"equal": 0.0, "heavy": 1.0, "very heavy": 1.5}
"""Standard deviation of the logarithm of a unit's rows."""
REFERENCE_UNITS, UNITS, ROWS_EACH = 800, 200, 25
Right = dict[str, bool] | None
"""Whether each thing was right; None where nothing was computed."""


@dataclass(frozen=True)
class Cell:
    """One simulated situation: a row of a table."""

    labels: tuple[str, ...]
    draw: Callable[[np.random.Generator], Right]


@dataclass(frozen=True)
class Study:
    """A table: its title, what the labels of its rows are, and what its columns should come to, in percent."""

    name: str
    title: str
    labels: tuple[str, ...]
    targets: dict[str, tuple[float, float]]
    """Smallest and largest share, in percent, that meets the target, by column."""
    cells: Callable[[], Iterator[Cell]]
    most: int | None = None
    """Tables that are simulated at most, where each takes long; None for as many as asked for."""

    def tables(self, asked: int) -> int:
        """Return how many tables are simulated of each row."""
        return asked if self.most is None else min(asked, self.most)


def within(interval: tuple[float, float], truth: float) -> bool:
    """Return whether the interval holds the truth."""
    return interval[0] <= truth <= interval[1]
