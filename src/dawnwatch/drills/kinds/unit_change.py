"""A number in another unit of measurement."""

from __future__ import annotations

from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene, put

__all__ = ["FACTOR", "unit_change"]

FACTOR = 1000


@kind("unit_change", pillar="quality", cause="quality", action="fix_pipeline", measure="rows", upstream=True)
def unit_change(scene: Scene) -> Recipe:
    """One writer of the log sends a number in another unit, a thousand times as large."""
    column, rows = scene.data.number, scene.after()
    values = scene.column(column) * FACTOR
    return Recipe(
        lambda dose: put(scene.table, column, rows[:dose], values[rows[:dose]]),
        len(rows),
        f"{column} was multiplied by {FACTOR:,}",
        column,
    )
