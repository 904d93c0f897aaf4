"""Scores that rank as before and promise other chances than come true."""

from __future__ import annotations

import numpy as np

from dawnwatch.drills.data.base import SCORE
from dawnwatch.drills.rarer import rarer_label
from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene, put

__all__ = ["calibration_shift"]

EDGE = 1e-6
"""Chances are taken from this to 1 less this, as the log odds of 0 have no bound."""


@kind("calibration_shift", pillar="performance", cause="concept", action="recalibrate", measure="ece")
def calibration_shift(scene: Scene) -> Recipe:
    """The odds of the rarer outcome shrink by one factor in all rows: scores rank as before and are off as chances.

    Features and scores stay. A label flips as soon as the factor is small enough for its row, whose chance of staying
    is a uniform draw; so the first so many flips are what one factor brings, whatever it is. (The other way, flips of
    the many would bury the few, and the AUC would fall.)
    """
    label, rarer = scene.data.label, rarer_label(scene)
    rows = scene.after(scene.column(label) == rarer)
    score = scene.column(SCORE)[rows]
    chance = np.clip(score if rarer == 1 else 1 - score, EDGE, 1 - EDGE)
    left = chance * np.maximum(scene.rng.random(len(rows)), EDGE)
    factor = chance / (1 - chance) * (1 - left) / left
    rows = rows[np.argsort(factor, kind="stable")]
    return Recipe(
        lambda dose: put(scene.table, label, rows[:dose], 1 - rarer),
        len(rows),
        f"the odds of {label} = {rarer} shrank alike at every score, so that {label} flipped",
        SCORE,
    )
