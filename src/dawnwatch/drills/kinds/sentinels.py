"""A number that means "none"."""

from __future__ import annotations

from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene, put

__all__ = ["SENTINEL", "sentinels"]

SENTINEL = -999.0


@kind("sentinels", pillar="quality", cause="quality", action="fix_pipeline", measure="rows", upstream=True)
def sentinels(scene: Scene) -> Recipe:
    """A job writes -999 where it has no value, far out of the range of what is measured."""
    column, rows = scene.data.number, scene.after()
    return Recipe(
        lambda dose: put(scene.table, column, rows[:dose], SENTINEL), len(rows), f"{column} became {SENTINEL:g}", column
    )
