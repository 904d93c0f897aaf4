"""A column that went missing: the whole window, whatever the strength."""

from __future__ import annotations

from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene

__all__ = ["dropped_column"]


@kind("dropped_column", pillar="quality", cause="quality", action="fix_pipeline", upstream=True)
def dropped_column(scene: Scene) -> Recipe:
    """A feature is no longer in the log."""
    column = scene.data.category
    return Recipe(lambda dose: scene.table.drop_columns([column]), scene.rows, f"{column} was dropped", column)
