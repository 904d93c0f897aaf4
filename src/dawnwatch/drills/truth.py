"""What really happened in a drill: the answer that is hidden until asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from dawnwatch.model.base import Frozen
from dawnwatch.model.enums import Pillar
from dawnwatch.model.packet import Verdict

__all__ = ["CAUSES", "MEASURES", "Cause", "Measure", "Strength", "Truth"]

Strength = Literal["weak", "middle", "strong"]
Measure = Literal["psi", "auc_drop", "rows", "label_share", "ece"]
Cause = Literal["maturity", "serving", "quality", "novelty", "mix", "concept"]

MEASURES: dict[Measure, str] = {
    "psi": "PSI",
    "auc_drop": "fall of the AUC",
    "rows": "share of the rows",
    "label_share": "shift of the label share",
    "ece": "growth of the ECE",
}
"""In whose terms strengths are, in words."""

CAUSES: dict[Cause, str] = {
    "maturity": "which rows have labels yet",
    "serving": "scores that are not what the model gives for the logged features",
    "quality": "data that are not valid, or not what they claim",
    "novelty": "units, categories or ranges the model never learned from",
    "mix": "more or fewer rows of kinds the model knows, each kind as it was",
    "concept": "the same rows now have other labels",
}
"""What each cause means, in the order in which a drop is taken apart."""


class Truth(Frozen):
    """One drill's answer. Everything is null or empty where nothing was injected."""

    kind: str
    strength: Strength
    seed: int
    data: str
    pillar: Pillar | None
    """Where a monitor can see it first; null where nothing is wrong that a pillar should say."""
    column: str | None
    """The column it is in; null where it concerns whole rows or all of them."""
    value: str | None
    """The slice or category it concerns."""
    onset: datetime | None
    """Time of the first row it can touch; null where the data have no time, or nothing has a beginning."""
    onset_row: int | None
    """Position of that row in the window before the injection."""
    harmful: bool
    """Whether data became wrong or accuracy was lost; false for a change that a good monitor lets pass."""
    action: Verdict
    """The right one."""
    cause: Cause | None
    rows: int
    """Rows of the window as the monitor gets it."""
    affected_rows: int
    measure: Measure | None
    """In whose terms its strength is: PSI of `column`, fall of the AUC, share of the rows touched, how far the share of
    positives moved, or by how much the expected calibration error grew."""
    target: float | None
    reached: float | None
    """The measure between the window before and after; within a tenth of `target`."""
    told: str
    """What was done, in plain words."""
