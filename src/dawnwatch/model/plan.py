"""What to count: one frozen plan, learned from the reference, that every window is profiled by."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.score_bins import GROUPS, ScoreBins

__all__ = [
    "LABELS",
    "UNIT_GROUPS",
    "Binning",
    "Bounds",
    "ColumnPlan",
    "Plan",
    "UnitPlan",
    "cube_scores",
    "slice_scores",
]

LABELS = 3
"""Label codes: 0 negative, 1 positive, 2 unknown."""
UNIT_GROUPS = 64
"""Groups that units hash to, for cluster-robust tests: rows of one unit always share a group."""
CUBE_CELLS, SLICES_CELLS = 2**15, 2**19


def cube_scores(bins: int) -> int:
    """Return how many score bins a column's cube has: 256, and fewer where the column itself has many bins."""
    return _halved(GROUPS // 2, CUBE_CELLS // (bins * LABELS), least=16)


def slice_scores(bins: int, slices: int) -> int:
    """Return how many score bins a slice's cubes per unit group have: 512, or fewer the more slices share the room."""
    return _halved(GROUPS, SLICES_CELLS // max(slices, 2) // (bins * LABELS * UNIT_GROUPS), least=8)


def _halved(most: int, room: int, *, least: int) -> int:
    while most > max(room, least):
        most //= 2
    return most


@dataclass(frozen=True)
class Bounds:
    """Where a number must lie; None is unbounded."""

    low: float | None = None
    high: float | None = None
    low_inclusive: bool = True
    high_inclusive: bool = True

    def below(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Mask of the values under the lower bound; NaN is never below."""
        if self.low is None:
            return np.zeros(values.shape, dtype=bool)
        return values < self.low if self.low_inclusive else values <= self.low

    def above(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Mask of the values over the upper bound; NaN is never above."""
        if self.high is None:
            return np.zeros(values.shape, dtype=bool)
        return values > self.high if self.high_inclusive else values >= self.high

    @property
    def text(self) -> str:
        """The rule in words, such as "1 ≤ value ≤ 5"."""
        low = "" if self.low is None else f"{self.low:.12g} {'≤' if self.low_inclusive else '<'} "
        high = "" if self.high is None else f" {'≤' if self.high_inclusive else '<'} {self.high:.12g}"
        return f"{low}value{high}" if low or high else "value is finite"


def _no_hashes() -> NDArray[np.uint64]:
    return np.empty(0, np.uint64)


@dataclass(frozen=True)
class Binning:
    """The bins of one column, fixed by the reference.

    Numeric: one bin per interval of `edges`, then *missing*. Categorical: one bin per kept category, then *other
    known*, *missing* and *unseen*. `names` has one readable name per bin, in code order.
    """

    kind: Literal["categorical", "numeric"]
    names: tuple[str, ...]
    edges: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    codes: dict[str, int] = field(default_factory=dict)
    """Categorical: the code of every category that has a bin of its own; empty where the column is private."""
    hidden: NDArray[np.uint64] = field(default_factory=_no_hashes)
    """Categorical and private: the hash of every category that has a bin of its own, in code order."""
    others: NDArray[np.uint64] = field(default_factory=_no_hashes)
    """Categorical: sorted hashes of all other values the reference holds."""
    open: bool = False
    """Categorical: whether the reference itself keeps bringing new values, so that unseen ones are no news and are
    counted with *other known* where shares are compared."""

    @property
    def other(self) -> int:
        """Code of the bin for known categories without a bin of their own; categorical only."""
        return len(self.names) - 3

    @property
    def missing(self) -> int:
        """Code of the bin for null and NaN."""
        return len(self.names) - (1 if self.kind == "numeric" else 2)

    @property
    def unseen(self) -> int:
        """Code of the bin for categories the reference never held; categorical only."""
        return len(self.names) - 1

    @property
    def scores(self) -> int:
        """Number of score bins of this column's cube, not counting "no score"."""
        return cube_scores(len(self.names))


@dataclass(frozen=True)
class ColumnPlan:
    """What to count of one column."""

    name: str
    type: str
    private: bool = False
    binning: Binning | None = None
    bounds: Bounds | None = None
    allowed: frozenset[str] | None = None
    pattern: str | None = None


@dataclass(frozen=True)
class UnitPlan:
    """The independent thing, such as a rider, and the hashes of those the training rows held."""

    column: str
    known: NDArray[np.uint64]
    """Sorted."""


@dataclass(frozen=True)
class Plan:
    """Everything the kernel needs to turn a batch of rows into counts.

    Attributes
    ----------
    version : column that says which version of the model scored a row
    seed : decides which units are sampled, and in which group each one is
    """

    columns: tuple[ColumnPlan, ...]
    label: str | None = None
    positive: str = "1"
    negative: str | None = None
    score: str | None = None
    score_bins: ScoreBins = field(default_factory=ScoreBins)
    slices: tuple[str, ...] = ()
    version: str | None = None
    keys: tuple[str, ...] = ()
    unit: UnitPlan | None = None
    seed: int = 0

    @cached_property
    def split(self) -> tuple[str, ...]:
        """Columns whose bins are counted per group of units with label and score: the slices, and the version."""
        return tuple(dict.fromkeys([*self.slices, *([self.version] if self.version else [])]))

    def column(self, name: str) -> ColumnPlan:
        """The plan of one column. Raises KeyError."""
        return self._by_name[name]

    @cached_property
    def read(self) -> tuple[str, ...]:
        """Names of all columns the kernel reads."""
        return tuple(dict.fromkeys([*self._by_name, *([self.score] if self.score else [])]))

    @cached_property
    def private(self) -> frozenset[str]:
        """Names of the columns whose values must not be shown."""
        return frozenset(column.name for column in self.columns if column.private)

    @cached_property
    def _by_name(self) -> dict[str, ColumnPlan]:
        return {column.name: column for column in self.columns}
