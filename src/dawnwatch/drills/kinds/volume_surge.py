"""More rows than before, each as it was."""

from __future__ import annotations

import numpy as np

from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene

__all__ = ["volume_surge"]


@kind(
    "volume_surge",
    pillar=None,
    cause="mix",
    action="wait",
    harm="no",
    measure="rows",
    applies=lambda data: data.time is not None,
)
def volume_surge(scene: Scene) -> Recipe:
    """More people come: whole units are added from the onset on, and nothing else changes."""
    spare = scene.spare(lambda drawn: np.ones(drawn.num_rows, dtype=bool), scene.rows - scene.onset)
    told = "more people came: rows of further units were added, as many as are"
    return Recipe(lambda dose: scene.added(spare.slice(0, dose)), spare.num_rows, told)
