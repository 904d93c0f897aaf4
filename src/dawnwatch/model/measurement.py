"""What a check measured, apart from what threshold it is held against and how it is shown."""

from __future__ import annotations

from typing import Literal

from dawnwatch.model.base import Frozen

__all__ = ["Interval", "Measured", "Measurement", "NotComputed"]

Interval = tuple[float, float]
"""A confidence interval, (low, high)."""


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


Measurement = Measured | NotComputed
