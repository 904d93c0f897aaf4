"""What to count: one frozen plan, learned from the reference, that every window is profiled by."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["LABELS", "MISSING", "OTHER", "UNSEEN", "Binning", "Bounds", "ColumnPlan", "Plan", "UnitPlan"]

LABELS = 3
"""Label codes: 0 negative, 1 positive, 2 unknown."""
MISSING, UNSEEN, OTHER = "(missing)", "(unseen)", "(other known)"


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
    """Categorical: the code of every value the reference holds."""

    @property
    def missing(self) -> int:
        """Code of the bin for null and NaN."""
        return len(self.names) - (1 if self.kind == "numeric" else 2)

    @property
    def unseen(self) -> int:
        """Code of the bin for categories the reference never held; categorical only."""
        return len(self.names) - 1


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
    score_edges : edges of the fine score bins, shape (fine bins - 1,)
    score_groups : the coarse bin of each fine bin, then the coarse "no score" bin, shape (fine bins + 1,)
    """

    columns: tuple[ColumnPlan, ...]
    label: str | None = None
    positive: str = "1"
    negative: str | None = None
    score: str | None = None
    score_edges: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    score_groups: NDArray[np.int64] = field(default_factory=lambda: np.array([0, 1]))
    slices: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    unit: UnitPlan | None = None

    @property
    def fine_bins(self) -> int:
        """Number of fine score bins, not counting "no score"."""
        return len(self.score_edges) + 1

    @property
    def coarse_bins(self) -> int:
        """Number of coarse score bins, not counting "no score"."""
        return int(self.score_groups[-1])

    def column(self, name: str) -> ColumnPlan:
        """The plan of one column. Raises KeyError."""
        return self._by_name[name]

    @cached_property
    def private(self) -> frozenset[str]:
        """Names of the columns whose values must not be shown."""
        return frozenset(column.name for column in self.columns if column.private)

    @cached_property
    def _by_name(self) -> dict[str, ColumnPlan]:
        return {column.name: column for column in self.columns}
