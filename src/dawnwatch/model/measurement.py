"""What a check measured, apart from what threshold it is held against and how it is shown."""

from __future__ import annotations

from typing import Literal

from dawnwatch.model.base import Frozen

__all__ = ["Counted", "Example", "Interval", "Measured", "Measurement", "NotComputed", "Scalar"]

Interval = tuple[float, float]
"""A confidence interval, (low, high)."""
Scalar = str | int | float | bool | None


class Example(Frozen):
    """One failing row: its 0-based position in the window and a few of its values. Never a private column's."""

    row: int
    values: dict[str, Scalar]


class Measured(Frozen):
    """A number with its unit, its interval where one is known, and how many rows it rests on."""

    kind: Literal["measured"] = "measured"
    value: float
    unit: str
    n: int
    interval: Interval | None = None


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
