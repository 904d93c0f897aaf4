"""Labels that are still to come, and not of all rows alike."""

from __future__ import annotations

import numpy as np

from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene, put

__all__ = ["NEGATIVE", "SLICE", "late_labels"]

SLICE = 4
"""How much more often a label is late in the slice than elsewhere."""
NEGATIVE = 2
"""How much more often a 0 is late than a 1: something that happened is known sooner than that nothing did."""


@kind(
    "late_labels",
    pillar="quality",
    cause="maturity",
    action="wait",
    harm="no",
    measure="rows",
    undecidable=lambda data: data.time is None,
)
def late_labels(scene: Scene) -> Recipe:
    """Labels are late, the newest rows first, in one slice more than elsewhere, and 0 more than 1.

    The labels that are there are right, and those that are not will come. What is computed of them is of other rows
    than the window's: fewer of the slice, older, and with more positives. Where rows have no time nothing says that
    the newest lack them, and labels to come cannot be told from labels that were lost.
    """
    label, (column, value) = scene.data.label, scene.data.slice
    rows = scene.after()
    weight = (rows - scene.onset + 1) / (scene.rows - scene.onset)
    weight = weight * np.where(scene.column(column)[rows] == value, SLICE, 1)
    weight = weight * np.where(scene.column(label)[rows] == 0, NEGATIVE, 1)
    # The first so many by the smallest exponential draw are a sample without replacement by weight.
    rows = rows[np.argsort(scene.rng.exponential(size=len(rows)) / weight, kind="stable")]
    told = f"{label} was not there yet, most often where {column} = {value},"
    return Recipe(lambda dose: put(scene.table, label, rows[:dose], None), len(rows), told, label)
