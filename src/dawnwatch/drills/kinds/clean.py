"""A window in which nothing happened."""

from __future__ import annotations

from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene

__all__ = ["clean"]


@kind("clean", pillar=None, cause=None, action="wait", harm="no")
def clean(scene: Scene) -> Recipe:
    """Nothing happened: the window is as the pool's units make it."""
    return Recipe(lambda dose: scene.table, 0, "nothing was injected")
