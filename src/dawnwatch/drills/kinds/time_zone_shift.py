"""Hours on another clock."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dawnwatch.drills.data.base import part_of_day, seconds_of
from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene, put
from dawnwatch.drills.strength import psi_between

__all__ = ["SHIFTS", "time_zone_shift"]

SHIFTS = (-8, -5, 5, 8)
"""Hours that clocks in use differ by; the one that moves the window most is taken."""


@kind(
    "time_zone_shift",
    pillar="drift",
    cause="quality",
    action="fix_pipeline",
    measure="psi",
    upstream=True,
    applies=lambda data: data.hours is not None,
)
def time_zone_shift(scene: Scene) -> Recipe:
    """One of the jobs takes the part of the day from a clock in another time zone; the logged times stay."""
    column, time = str(scene.data.hours), str(scene.data.time)
    rows, seconds = scene.after(), seconds_of(scene.table, time)

    def shifted(hours: int, dose: int) -> pa.Table:
        return put(scene.table, column, rows[:dose], part_of_day(seconds, hours)[rows[:dose]])

    moved = [psi_between(scene.table[column], shifted(hours, len(rows))[column]) for hours in SHIFTS]
    hours = SHIFTS[int(np.argmax(moved))]
    return Recipe(
        lambda dose: shifted(hours, dose), len(rows), f"{column} was taken from a clock {hours:+} hours off", column
    )
