"""A column of another type: the whole window, whatever the strength."""

from __future__ import annotations

import pyarrow as pa

from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene

__all__ = ["retyped_column"]


@kind("retyped_column", pillar="quality", cause="quality", action="fix_pipeline", upstream=True)
def retyped_column(scene: Scene) -> Recipe:
    """A number comes as text, which the model cannot read."""
    column = scene.data.number
    at = scene.table.schema.get_field_index(column)
    table = scene.table.set_column(at, column, scene.table[column].cast(pa.string()))
    return Recipe(lambda dose: table, scene.rows, f"{column} became text", column)
