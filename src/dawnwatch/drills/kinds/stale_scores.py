"""Scores that belong to earlier rows."""

from __future__ import annotations

import numpy as np

from dawnwatch.drills.data.base import SCORE
from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene, put

__all__ = ["BATCH", "stale_scores"]

BATCH = 0.05
"""How far behind a stale score is, as a share of the window."""


@kind("stale_scores", pillar="performance", cause="serving", action="fix_pipeline", measure="auc_drop")
def stale_scores(scene: Scene) -> Recipe:
    """One of the servers hands out the scores of the batch before."""
    lag, scores = max(round(BATCH * scene.rows), 1), scene.column(SCORE)
    rows = scene.after(np.arange(scene.rows) >= lag)
    return Recipe(
        lambda dose: put(scene.table, SCORE, rows[:dose], scores[rows[:dose] - lag]),
        len(rows),
        f"the score became that of {lag:,} rows before",
        SCORE,
        first=lag,
    )
