"""A slice in which the label means the opposite."""

from __future__ import annotations

from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene, put

__all__ = ["concept_flip"]


@kind("concept_flip", pillar="performance", cause="concept", action="retrain", measure="auc_drop")
def concept_flip(scene: Scene) -> Recipe:
    """In one slice people now do the opposite of what they did: its labels flip, its features stay."""
    label, (column, value) = scene.data.label, scene.data.slice
    rows = scene.after(scene.column(column) == value)
    flipped = 1 - scene.column(label)
    return Recipe(
        lambda dose: put(scene.table, label, rows[:dose], flipped[rows[:dose]]),
        len(rows),
        f"{label} was flipped where {column} = {value}",
        column,
        value,
    )
