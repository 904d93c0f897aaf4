"""New units: rows of things the model never learned from."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene

__all__ = ["cold_start"]


@kind("cold_start", pillar="drift", cause="novelty", action="retrain", harm="measured", measure="rows")
def cold_start(scene: Scene) -> Recipe:
    """Units the model never learned from come in place of those it knows."""
    unit = scene.data.unit
    names = scene.column(unit)
    out = scene.after(scene.known(scene.table[unit]))
    # Unit by unit, so that whole units go, in random order, and whole units come.
    order = {name: place for place, name in enumerate(scene.rng.permutation(np.unique(names[out])).tolist())}
    out = np.array(sorted(out.tolist(), key=lambda row: (order[names[row]], row)), dtype=np.intp)
    spare = scene.spare(lambda drawn: ~scene.known(drawn[unit]), len(out))

    def apply(dose: int) -> pa.Table:
        return scene.exchanged(out[:dose], spare.slice(0, dose))

    told = f"rows of known values of {unit} made way for rows of values the model never learned from"
    return Recipe(apply, min(len(out), spare.num_rows), told, unit)
