"""Fewer rows than before, each as it was."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene

__all__ = ["volume_drop"]


@kind(
    "volume_drop",
    pillar="quality",
    cause="quality",
    action="cannot_tell",
    measure="rows",
    applies=lambda data: data.time is not None,
)
def volume_drop(scene: Scene) -> Recipe:
    """One writer of the log stops: no row of its units comes any more from the onset on.

    Which units a writer has follows from a hash of their names, so the rows that come are like those that do not. From
    the log alone rows that were lost cannot be told from people who stayed away; that takes the number sent.
    """
    names, rows = scene.column(scene.data.unit), scene.after()
    # Unit by unit, in random order, so that a writer's units are lost whole.
    order = {name: place for place, name in enumerate(scene.rng.permutation(np.unique(names)).tolist())}
    lost = np.array(sorted(rows.tolist(), key=lambda row: (order[names[row]], row)), dtype=np.intp)

    def apply(dose: int) -> pa.Table:
        kept = np.ones(scene.rows, dtype=bool)
        kept[lost[:dose]] = False
        return scene.table.filter(pa.array(kept))

    return Recipe(apply, len(lost), "a writer stopped, and the rows of its units were lost")
