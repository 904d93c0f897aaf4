"""A default in the place of scores."""

from __future__ import annotations

import numpy as np

from dawnwatch.drills.data.base import SCORE
from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene, put

__all__ = ["constant_scores"]


@kind("constant_scores", pillar="performance", cause="serving", action="fix_pipeline", measure="auc_drop")
def constant_scores(scene: Scene) -> Recipe:
    """The model does not answer in time, and a default stands for its score."""
    rows = scene.after()
    default = float(np.median(scene.column(SCORE)))
    return Recipe(
        lambda dose: put(scene.table, SCORE, rows[:dose], default), len(rows), f"the score became {default:.4f}", SCORE
    )
