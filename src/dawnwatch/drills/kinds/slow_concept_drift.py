"""A concept that moves little by little."""

from __future__ import annotations

import numpy as np

from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene, put

__all__ = ["slow_concept_drift"]


@kind("slow_concept_drift", pillar="performance", cause="concept", action="retrain", measure="auc_drop")
def slow_concept_drift(scene: Scene) -> Recipe:
    """From the onset on a growing share of rows follows the opposite of what the model learned."""
    label, rows = scene.data.label, scene.after()
    flipped = 1 - scene.column(label)
    # A row that stands twice as far behind the onset is twice as likely to be among the first so many.
    ramp = (rows - scene.onset + 1) / (scene.rows - scene.onset)
    rows = rows[np.argsort(scene.rng.random(len(rows)) / ramp, kind="stable")]
    return Recipe(
        lambda dose: put(scene.table, label, rows[:dose], flipped[rows[:dose]]),
        len(rows),
        f"{label} was flipped, ever more often,",
    )
