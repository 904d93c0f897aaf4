"""The few most popular things take nearly all rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene

__all__ = ["FEWEST", "POPULAR", "popularity_collapse"]

POPULAR = 0.1
"""Share of the rows that the most popular values hold together before they take over."""
FEWEST = 3


@kind("popularity_collapse", pillar="drift", cause="mix", action="cannot_tell", measure="rows")
def popularity_collapse(scene: Scene) -> Recipe:
    """What hands out suggestions falls back to the most popular ones: they take the place of all others.

    The rows are real ones, so the model is as right on them as it was; wrong is what chose them. Several values gain at
    once, the most popular, and all others lose, so it is no one value that came into fashion. From the log alone it
    cannot be told from people who now want what most wanted before; that takes what chose each row.
    """
    column = scene.data.popular
    values, at = np.unique(scene.column(column), return_inverse=True)
    most = np.argsort(-np.bincount(at), kind="stable")
    held = np.cumsum(np.bincount(at)[most]) / scene.rows
    popular = values[most[: max(int(np.searchsorted(held, POPULAR)) + 1, FEWEST)]]
    out = scene.after(~np.isin(scene.column(column), popular))
    spare = scene.spare(lambda drawn: np.isin(drawn[column].to_numpy(zero_copy_only=False), popular), len(out))

    def apply(dose: int) -> pa.Table:
        return scene.exchanged(out[:dose], spare.slice(0, dose))

    told = f"rows made way for rows with one of the {len(popular)} most popular values of {column}"
    return Recipe(apply, min(len(out), spare.num_rows), told, column)
