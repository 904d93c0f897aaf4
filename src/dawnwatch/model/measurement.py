"""What a check measured, apart from what threshold it is held against and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Literal, Protocol

from dawnwatch.model.base import Frozen
from dawnwatch.model.distances import PSI, Method

__all__ = [
    "Chance",
    "Clustering",
    "Counted",
    "Example",
    "Interval",
    "Measured",
    "Measurement",
    "NotComputed",
    "Scalar",
    "Significance",
]

Interval = tuple[float, float]
"""A confidence interval, (low, high)."""
Scalar = str | int | float | bool | None


class Example(Frozen):
    """One failing row: its 0-based position in the window and a few of its values. Never a private column's."""

    row: int
    values: dict[str, Scalar]


class Chance(Protocol):
    """What chance alone could have done to a measurement: what `stats` returns of a test."""

    @property
    def p_value(self) -> float:
        """Chance of at least this much where nothing changed."""
        ...

    @property
    def method(self) -> str:
        """The test, in words."""
        ...

    @property
    def design_effect(self) -> float | None:
        """Variance over that of as many independent rows; None where rows are taken as independent."""
        ...

    def interval(self, confidence: float) -> Interval:
        """Confidence interval of the measured value."""
        ...

    def detectable(self, level: float) -> float:
        """Smallest value that would have been told from chance at this level, four times in five."""
        ...


@dataclass(frozen=True)
class Clustering:
    """How the rows behind a measurement hang together."""

    unit: str
    """Column of the independent thing, such as a rider."""
    units: int
    """How many of them the window with fewer of them holds."""
    largest: float
    """Share of the current window's rows that belong to its largest unit."""
    effective: float | None = None
    """How many units of equal size would weigh as much, (Σ rows)² / Σ rows² (Kish), in the window with fewer."""
    uneven: float | None = None
    """Share of that window's rows that belong to its largest unit."""
    about: bool = False
    """Whether `units` is an estimate."""
    counted: bool = True
    """Whether `units` may be shown: False where it only says that there are enough to test by."""


class Significance(Frozen):
    """Whether what was measured is more than chance. `significant` is null where `reason` says why nobody can tell."""

    significant: bool | None
    p_value: float | None = None
    level: float
    """Largest p-value that counts: this test's part of the error budget that all tests of the run share."""
    tests: int
    """How many tests share it."""
    q_value: float | None = None
    """Benjamini and Hochberg's, over these tests: for reading, not judged."""
    method: str | None = None
    detectable: float | None = None
    """The smallest value this window could have shown at `level`, four times in five."""
    design_effect: float | None = None
    """How many times the variance is that of independent rows; null where rows are taken as independent."""
    unit: str | None = None
    units: int | None = None
    """How many units the window with fewer of them holds; null where no unit is known, and of a slice with so many that
    groups of units do not tell their number."""
    units_at_most: int | None = None
    """The window's units, by which a slice is judged to have enough where its own are not told; else null."""
    largest_unit: float | None = None
    """Share of the current rows that belong to the largest unit; at most that where there are over 4,096."""
    units_in_effect: float | None = None
    """How many units of equal size would weigh as much, (Σ rows)² / Σ rows² (Kish), in the window with fewer; null
    where there is no unit, and where unit groups are filled so evenly that there are more than can be told."""
    units_about: bool = False
    """Whether `units` is an estimate: of over 4,096 units, and of the units in a part of a window, such as a slice."""
    reason: str | None = None


@dataclass(frozen=True)
class Measured:
    """A finite number with its unit, how many rows it rests on, and what chance could have done to it.

    Raises
    ------
    ValueError
        Where the number is none.
    """

    value: float
    unit: str
    n: int
    chance: Chance | None = None
    """None where it is not tested."""
    clustering: Clustering | None = None
    """None where no unit is known, and rows are taken as independent."""
    caution: str | None = None
    """What its test had to assume, in words."""
    method: Method = PSI
    """Of a shift: the distance it is."""

    def __post_init__(self) -> None:
        if not isfinite(self.value):
            raise ValueError(f"a measurement must be a finite number, not {self.value}")


class NotComputed(Frozen):
    """Why there is no number. `expected` where the configuration announced it (late labels, tiny slices)."""

    kind: Literal["not_computed"] = "not_computed"
    reason: str
    expected: bool = False


class Counted(Frozen):
    """How many rows break a rule, out of how many, and which ones."""

    kind: Literal["counted"] = "counted"
    failed: int
    rows: int
    rule: str
    """What is required, in words."""
    message: str
    """What was found, in words."""
    breakdown: dict[str, int] = {}
    examples: list[Example] = []

    @property
    def share(self) -> float:
        """Failing rows as a share of all, 0 where there are none."""
        return self.failed / self.rows if self.rows else 0.0


Measurement = Measured | Counted | NotComputed
