"""A feature that belongs to earlier rows."""

from __future__ import annotations

import numpy as np

from dawnwatch.drills.kinds.stale_scores import BATCH
from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene, put

__all__ = ["feature_lag"]


@kind(
    "feature_lag",
    pillar="performance",
    cause="quality",
    action="fix_pipeline",
    measure="auc_drop",
    upstream=True,
)
def feature_lag(scene: Scene) -> Recipe:
    """The feature store is a batch behind: a row gets the value of the row that stood there a batch before.

    Each value is one that a row really had, so no distribution moves, and the model gives what it must for it. That the
    values are those of a fixed number of rows before, and go with the label less well, shows it.
    """
    column, lag = scene.data.served, max(round(BATCH * scene.rows), 1)
    rows, values = scene.after(np.arange(scene.rows) >= lag), scene.column(column)
    return Recipe(
        lambda dose: put(scene.table, column, rows[:dose], values[rows[:dose] - lag]),
        len(rows),
        f"{column} became that of {lag:,} rows before",
        column,
        first=lag,
    )
