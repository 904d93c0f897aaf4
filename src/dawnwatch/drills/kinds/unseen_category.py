"""A category the reference never held."""

from __future__ import annotations

from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene, put

__all__ = ["NEW", "unseen_category"]

NEW = "brand-new"


@kind(
    "unseen_category", pillar="drift", cause="novelty", action="retrain", harm="measured", measure="rows", upstream=True
)
def unseen_category(scene: Scene) -> Recipe:
    """A release brings a category that nobody told the model of."""
    column, rows = scene.data.category, scene.after()
    return Recipe(
        lambda dose: put(scene.table, column, rows[:dose], NEW), len(rows), f"{column} became {NEW!r}", column, NEW
    )
