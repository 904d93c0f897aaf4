"""Pillar 3 as it stands in a packet: is the model still accurate? Fields may be added, and none renamed."""

from __future__ import annotations

from typing import Literal

from dawnwatch.model.auc import Auc, BinPerformance, Drop, SlicePerformance, VersionPerformance
from dawnwatch.model.base import Frozen
from dawnwatch.model.enums import Outcome
from dawnwatch.model.estimates import Estimates
from dawnwatch.model.maturity import Maturity
from dawnwatch.model.over_time import OverTime
from dawnwatch.model.score_meaning import Calibration, ExpectedAuc, OperatingPoint
from dawnwatch.model.serving import Serving, Symptom

__all__ = ["ALIKE", "Performance"]

ALIKE = 0.05
"""P-value of "the slices of this column fell alike" from which on no one of them is held apart from the others."""


class Performance(Frozen):
    """Pillar 3: is the model still accurate?"""

    metric: Literal["auc"] = "auc"
    reference: Auc
    current: Auc
    drop: Drop
    outcome: Outcome
    """failed: degraded; warned: a drop above the threshold but within noise."""
    slices: list[SlicePerformance]
    threshold: float
    confidence: float
    significance: Literal["tested", "interval", "off"]
    """`interval` in packets of before 1.1: a drop counted where its interval excluded zero."""
    expected: bool = True
    """False where it could not be judged although the configuration expected labels and scores."""
    reason: str | None = None
    method: str
    """Exact from the rows, or from score bins with their bound."""
    baseline: str
    score_source: str
    bins: list[BinPerformance] = []
    """Every bin of every watched feature in which both windows hold enough rows, and the known and the new units; from
    score bins, with their bound. Where a unit is known those of features have no interval: they are not counted by it.
    """
    expected_auc: ExpectedAuc | None = None
    """Null in packets of before this was estimated, and where labels or scores are not configured."""
    estimates: Estimates | None = None
    """Null in packets of before these were made, without labels or scores, and where they are switched off."""
    calibration: Calibration | None = None
    """Null where scores are not declared probabilities, or there are too few labels."""
    operating_point: OperatingPoint | None = None
    """Null where `[model] threshold` is not set, or there are too few labels."""
    notes: list[str] = []
    """What the slices and the baseline show together, in words."""
    homogeneity: dict[str, float] = {}
    """By declared slice column the p-value of "its slices all fell alike", by units where they are known; no entry
    where fewer than two of its slices could be compared."""
    over_time: OverTime | None = None
    """Null where no history was looked for, or the current window has no AUC."""
    unscored: str | None = None
    """How many rows of the current window have no score; null where all have one, or none has."""
    symptoms: list[Symptom] = []
    """Signs of broken serving; empty where the model was asked again, or no score was logged."""
    versions: list[VersionPerformance] = []
    """Every version in the window, most rows first; empty where `[roles] model_version` names no column."""
    serving: Serving | None = None
    """Null where there is no model, or no logged score, to compare."""
    maturity: Maturity | None = None
    """Null where all but a hundredth of the rows have a label and none is too young to be judged."""
    cautions: list[str] = []

    def fell_apart(self, part: SlicePerformance) -> bool:
        """Whether a slice fell beyond the threshold and chance, and those of its column did not all fall alike."""
        return part.outcome is Outcome.FAILED and self.homogeneity.get(part.column, 1.0) < ALIKE

    @property
    def auc_title(self) -> str:
        """What the AUC of all rows is called: "weighted AUC" where rows weigh the inverse chance of having a label."""
        return "weighted AUC" if self.maturity is not None and self.maturity.of_record == "weighted" else "AUC"
