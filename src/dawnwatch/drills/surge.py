"""A benign change of mix: more rows of one category, each kind of row as it was."""

from __future__ import annotations

import pyarrow as pa

from dawnwatch.drills.scene import Recipe, Scene

__all__ = ["surge"]


def surge(scene: Scene, name: str) -> Recipe:
    """Put rows of the category, of further units, in the place of rows without it.

    Whole rows are exchanged by that one feature, so how the label depends on the features stays.
    """
    column, value = scene.data.surges[name]
    out = scene.after(scene.column(column) != value)
    spare = scene.spare(lambda drawn: drawn[column].to_numpy(zero_copy_only=False) == value, len(out))
    most = min(len(out), spare.num_rows)

    def apply(dose: int) -> pa.Table:
        return scene.exchanged(out[:dose], spare.slice(0, dose))

    told = f"rows without {column} = {value} made way for rows with it, of further units,"
    return Recipe(apply, most, told, column, value)
