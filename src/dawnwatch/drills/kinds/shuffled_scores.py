"""Scores that belong to other rows."""

from __future__ import annotations

import numpy as np

from dawnwatch.drills.data.base import SCORE
from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene, put

__all__ = ["shuffled_scores"]


@kind("shuffled_scores", pillar="performance", cause="serving", action="fix_pipeline", measure="auc_drop")
def shuffled_scores(scene: Scene) -> Recipe:
    """Answers are joined to the wrong requests: rows have each other's scores."""
    rows, scores = scene.after(), scene.column(SCORE)
    return Recipe(
        lambda dose: put(scene.table, SCORE, rows[:dose], scores[np.roll(rows[:dose], 1)]),
        len(rows),
        "scores were exchanged with each other",
        SCORE,
    )
