"""Events that are sent twice."""

from __future__ import annotations

import pyarrow as pa

from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene

__all__ = ["replayed_duplicates"]


@kind("replayed_duplicates", pillar="quality", cause="quality", action="fix_pipeline", measure="rows")
def replayed_duplicates(scene: Scene) -> Recipe:
    """A batch of events is replayed: its rows stand in the log twice, score and all."""
    table, onset = scene.table, scene.onset

    def apply(dose: int) -> pa.Table:
        end = onset + dose
        return pa.concat_tables([table.slice(0, end), table.slice(onset, dose), table.slice(end)])

    return Recipe(apply, scene.rows - onset, "a batch was replayed, so that there are copies")
