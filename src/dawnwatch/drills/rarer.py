"""Which label is the rarer one in a window: the one with room to become more."""

from __future__ import annotations

from dawnwatch.drills.scene import Scene

__all__ = ["rarer_label"]


def rarer_label(scene: Scene) -> int:
    """Return the label, 0 or 1, that fewer rows of the window have; 0 where both are as many."""
    return int(scene.column(scene.data.label).mean() < 0.5)
