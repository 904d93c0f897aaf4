"""A window with more weekends in it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.drills.data.base import seconds_of
from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene

__all__ = ["weekend", "weekend_season"]


def weekend(seconds: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which times lie on a Saturday or Sunday.

    Parameters
    ----------
    seconds : since 1970, a Thursday; shape (rows,)

    Examples
    --------
    >>> weekend(np.arange(7) * 86_400).tolist()  # Thursday to Wednesday
    [False, False, True, True, False, False, False]
    """
    return np.asarray((seconds // 86_400 + 3) % 7 >= 5)


@kind(
    "weekend_season",
    pillar=None,
    cause="mix",
    action="wait",
    harm="no",
    measure="rows",
    applies=lambda data: data.time is not None,
)
def weekend_season(scene: Scene) -> Recipe:
    """More of the window falls on weekends, whose rows are as those of every weekend."""
    time = str(scene.data.time)
    out = scene.after(~weekend(seconds_of(scene.table, time)))
    spare = scene.spare(lambda drawn: weekend(seconds_of(drawn, time)), len(out))

    def apply(dose: int) -> pa.Table:
        return scene.exchanged(out[:dose], spare.slice(0, dose))

    told = "rows of weekdays made way for rows of Saturdays and Sundays, of further units,"
    return Recipe(apply, min(len(out), spare.num_rows), told)
