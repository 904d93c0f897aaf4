"""A feature that belongs to an earlier row of the same unit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene, put

__all__ = ["earlier_row", "feature_lag"]


@kind(
    "feature_lag",
    pillar="performance",
    cause="quality",
    action="fix_pipeline",
    measure="auc_drop",
    upstream=True,
)
def feature_lag(scene: Scene) -> Recipe:
    """The feature store lags: a row gets the value that its unit's row before had.

    Each value is one that the unit really had, so no distribution moves, and the model gives what it must for it: only
    that it is the same as the row before, and goes with the label less well, shows it.
    """
    column, before = scene.data.served, earlier_row(scene.column(scene.data.unit))
    rows = scene.after(before >= 0)
    values = scene.column(column)
    return Recipe(
        lambda dose: put(scene.table, column, rows[:dose], values[before[rows[:dose]]]),
        len(rows),
        f"{column} became that of the {scene.data.unit}'s row before",
        column,
    )


def earlier_row(units: NDArray[np.str_]) -> NDArray[np.intp]:
    """Return the position of the row before of each row's unit; -1 for a unit's first.

    Examples
    --------
    >>> earlier_row(np.array(["a", "b", "a", "a"])).tolist()
    [-1, -1, 0, 2]
    """
    order = np.argsort(units, kind="stable")
    before = np.full(len(units), -1)
    again = units[order[1:]] == units[order[:-1]]
    before[order[1:][again]] = order[:-1][again]
    return before
