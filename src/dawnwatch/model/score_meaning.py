"""What scores are worth beyond their ranking, as it stands in a packet: as chances, and as answers at a threshold."""

from __future__ import annotations

from typing import Literal

from dawnwatch.model.base import Frozen
from dawnwatch.model.measurement import Interval

__all__ = ["Calibration", "ExpectedAuc", "OperatingPoint", "PointMetric", "ReliabilityBin"]


class ExpectedAuc(Frozen):
    """What the AUC should be by the scores alone, had each kept its meaning: an estimate, and no measurement.

    `value` is null where `reason` says why it cannot be told.
    """

    value: float | None
    interval: Interval | None = None
    method: Literal["cbpe"] = "cbpe"
    rows: int = 0
    """Rows with a score, whether labelled or not."""
    gap: float | None = None
    """Realised less expected AUC on the rows whose labels have come; below zero the scores mean less than they did."""
    gap_interval: Interval | None = None
    gap_p_value: float | None = None
    """Chance of at least such a gap where scores mean what they meant."""
    confidence: float
    """Of both intervals."""
    message: str
    """All this in words, with what it assumes."""
    reason: str | None = None


class ReliabilityBin(Frozen):
    """Rows of neighbouring scores: what their scores promise, and what came true."""

    predicted: float
    """Mean score."""
    observed: float
    """Share of positives."""
    rows: int


class Calibration(Frozen):
    """Are the scores the chances they claim to be? For reading, not judged."""

    ece: float
    """Expected calibration error in [0, 1]: the mean distance of score and share of positives over `bins`."""
    ece_interval: Interval
    ece_before: float
    """The same on the performance baseline."""
    in_the_large: float
    """Mean score less share of positives; above zero the scores promise too much."""
    in_the_large_interval: Interval
    in_the_large_before: float
    changed: bool
    """Whether `in_the_large` differs from the baseline's by more than chance, whatever the labels that are missing."""
    partial: bool = False
    """Whether this is of the rows that have a label, while others lack theirs."""
    p_value: float | None = None
    """Chance of at least such a difference where nothing changed, and all missing labels are of the class that explains
    most of it; null in older packets."""
    brier: float
    brier_before: float
    log_loss: float
    """In nats."""
    log_loss_before: float
    bins: list[ReliabilityBin]
    """Of about equal rows, scores increasing: the reliability diagram."""
    confidence: float
    """Of the intervals, and of `changed`."""
    message: str


class PointMetric(Frozen):
    """One measure of the answers at the threshold, in the current window and on the performance baseline."""

    name: Literal["precision", "recall", "f1", "cost"]
    """`cost` is that of wrong answers, per labelled row."""
    value: float | None
    """Null where `reason` says why it was not computed."""
    interval: Interval | None = None
    before: float | None = None
    before_interval: Interval | None = None
    change: float | None = None
    """`value` less `before`."""
    change_interval: Interval | None = None
    p_value: float | None = None
    """Of "no change"."""
    changed: bool = False
    """Whether that is more than chance, all measures of the operating point sharing one budget."""
    reason: str | None = None


class OperatingPoint(Frozen):
    """What the model's answers are worth at the threshold in use: yes from it on, no below."""

    threshold: float
    rows: int
    """Of the current window, with label and score."""
    said_yes: float
    """Share of them at or above the threshold."""
    said_yes_before: float
    metrics: list[PointMetric]
    cost_unit: str | None = None
    confidence: float
    message: str
