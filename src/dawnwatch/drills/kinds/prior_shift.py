"""More rows of the rarer label, rows of either label as they were."""

from __future__ import annotations

import pyarrow as pa

from dawnwatch.drills.rarer import rarer_label
from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene

__all__ = ["prior_shift"]


@kind("prior_shift", pillar="drift", cause="mix", action="recalibrate", measure="label_share")
def prior_shift(scene: Scene) -> Recipe:
    """The rarer outcome becomes commoner, and nothing else changes: whole rows are exchanged by their label.

    The features of either label are distributed as before (label shift), so the ranking is as good as it was, and
    scores that are read as chances, or held against a threshold, are off.
    """
    label, rarer = scene.data.label, rarer_label(scene)
    out = scene.after(scene.column(label) != rarer)
    spare = scene.spare(lambda drawn: drawn[label].to_numpy() == rarer, len(out))

    def apply(dose: int) -> pa.Table:
        return scene.exchanged(out[:dose], spare.slice(0, dose))

    told = f"rows with {label} = {1 - rarer} made way for rows with {label} = {rarer}, of further units,"
    return Recipe(apply, min(len(out), spare.num_rows), told, label, str(rarer))
