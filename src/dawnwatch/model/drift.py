"""Pillar 2 as it stands in a packet: has the data changed? Fields may be added, and none renamed."""

from __future__ import annotations

from typing import Literal

from dawnwatch.model.base import Frozen
from dawnwatch.model.enums import Outcome
from dawnwatch.model.feature_drift import FeatureDrift, OutputDrift
from dawnwatch.model.measurement import Interval, Significance

__all__ = ["DomainClassifier", "Drift", "FeatureLoss", "Novelty"]


class FeatureLoss(Frozen):
    """One feature's part in telling the windows apart."""

    name: str
    auc_lost: float
    """By how much the AUC falls where this feature is shuffled among the rows; about 0 where it gives nothing away."""


class DomainClassifier(Frozen):
    """How well a classifier tells the current window from the drift baseline by all watched features at once.

    `auc` is null where `reason` says why not. It is no part of `drift.outcome` unless it raises severity.
    """

    auc: float | None
    """One half where nothing tells them apart; asked of sampled units that the classifier never learned from."""
    interval: Interval | None
    outcome: Outcome
    threshold: float
    rows: int
    """Sampled rows of the current window that were asked of."""
    features: list[FeatureLoss] = []
    """What gives the shift away, most first."""
    left_out: list[str] = []
    """Watched features that were not looked at: private, lost, of another type, or beyond the first twenty."""
    significance: Significance | None = None
    raises: bool
    """Whether a rule of this run's severity table asks for it; else it informs."""
    text: str
    """All of it in words."""
    reason: str | None = None


class Novelty(Frozen):
    """How many rows come from units (say riders) that the training rows never held."""

    unit: str
    against: Literal["training rows", "drift baseline"]
    current_share: float
    current_rows: int
    baseline_share: float | None
    """The same share in the performance baseline; null where there is none."""
    increase: float | None = None
    """How much more of the current rows are of new units than of the baseline's; null where there is no baseline."""
    interval: Interval | None = None
    """Of `increase`, at a confidence of 1 less the run's error budget: it is tested alone, and raises no severity."""
    shown: bool | None = None
    """Whether there are more by five points and by more than chance; null where too few units tell."""
    message: str


class Drift(Frozen):
    """Pillar 2: has the data changed?"""

    outcome: Outcome
    features: list[FeatureDrift]
    baseline: str
    novelty: Novelty | None = None
    outputs: list[OutputDrift] = []
    """The scores and the labels, where there are any; empty in older packets."""
    domain: DomainClassifier | None = None
    """Null where it is switched off, and in older packets."""
    cautions: list[str] = []
