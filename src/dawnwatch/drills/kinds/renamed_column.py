"""A column under another name: the whole window, whatever the strength."""

from __future__ import annotations

from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene

__all__ = ["renamed_column"]


@kind("renamed_column", pillar="quality", cause="quality", action="fix_pipeline", upstream=True)
def renamed_column(scene: Scene) -> Recipe:
    """A feature comes under another name, so that the model does not find it."""
    column = scene.data.number
    names = [f"{name}_v2" if name == column else name for name in scene.table.column_names]
    told = f"{column} was renamed to {column}_v2"
    return Recipe(lambda dose: scene.table.rename_columns(names), scene.rows, told, column)
