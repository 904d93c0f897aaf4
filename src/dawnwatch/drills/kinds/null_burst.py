"""A feed that breaks off."""

from __future__ import annotations

from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene, put

__all__ = ["null_burst"]


@kind("null_burst", pillar="quality", cause="quality", action="fix_pipeline", measure="rows", upstream=True)
def null_burst(scene: Scene) -> Recipe:
    """A feature's feed breaks off now and then, and nulls take its place."""
    column, rows = scene.data.number, scene.after()
    return Recipe(lambda dose: put(scene.table, column, rows[:dose], None), len(rows), f"{column} became null", column)
