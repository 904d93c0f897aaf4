"""Metrics before their labels come, beside what labels then realise, as they stand in a packet."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from dawnwatch.model.base import Frozen
from dawnwatch.model.measurement import Interval

__all__ = ["Estimate", "EstimateRecord", "EstimatedMetric", "Estimates", "MetricName", "PastEstimate"]

MetricName = Literal["auc", "accuracy", "precision", "recall", "f1"]


class EstimatedMetric(Frozen):
    """One metric: estimated without labels, and beside it what the labels that came realise."""

    name: MetricName
    value: float | None
    """Estimate over all scored rows; null where `reason` says why there is none."""
    interval: Interval | None = None
    """Where the realised metric of these rows should lie, once all their labels have come."""
    before: float | None = None
    """Realised on the performance baseline."""
    on_labelled: float | None = None
    """Estimate on the labelled rows alone; null, as all below, where too few labels have come."""
    realised: float | None = None
    """What their labels come to, on the same rows."""
    realised_interval: Interval | None = None
    error: float | None = None
    """`on_labelled` less `realised`; above zero the scores promise more than they keep."""
    error_interval: Interval | None = None
    error_p_value: float | None = None
    """Chance of at least such an error where labels still go with scores as the estimate assumes.

    Where some labels are still to come, whichever class has its own first: the larger one of the rows as they are, and
    as that order would have them."""
    reason: str | None = None


class Estimate(Frozen):
    """All metrics by one method. Estimates, and no measurements."""

    method: Literal["cbpe", "pape"]
    """`cbpe`: chances read off the performance baseline's scores and labels. `pape`: the same of the baseline weighted
    to the current window's mix of features."""
    metrics: list[EstimatedMetric] = []
    calibrator: Literal["none", "platt", "isotonic"] | None = None
    """How scores became chances."""
    calibration_error: float | None = None
    """Expected calibration error of these chances on rows of the baseline that they were not fitted to."""
    uncalibrated_error: float | None = None
    """That of the scores as they are; null where they are no chances."""
    outside: float | None = None
    """Share of the sampled current rows that the baseline has no rows, or none to speak of, to stand for."""
    effective_rows: float | None = None
    """Rows of the baseline in effect after weighting, (Σ w)² / Σ w²."""
    effective_share: float | None = None
    """The same as a share of its sampled rows."""
    reason: str | None = None
    """Why it cannot tell; null where it can."""

    def metric(self, name: MetricName) -> EstimatedMetric | None:
        """Return one of the metrics; None where it is not among them."""
        return next((one for one in self.metrics if one.name == name), None)


class PastEstimate(Frozen):
    """What was estimated of one earlier window, and what its labels came to."""

    packet: str
    """Identity of the packet that estimated first."""
    at: datetime
    """When the window begins, or was judged where that is not known."""
    method: Literal["cbpe", "pape"]
    value: float
    interval: Interval
    realised: float

    @property
    def held(self) -> bool:
        """Whether the interval holds what was realised."""
        return self.interval[0] <= self.realised <= self.interval[1]


class EstimateRecord(Frozen):
    """How right the estimated AUC was in earlier windows of the same model, whose labels have come."""

    windows: list[PastEstimate]
    """Earliest first."""
    held: int
    """Of these, windows whose interval held the realised AUC."""
    bias: float
    """Mean of estimate less realised."""
    mean_absolute_error: float
    text: str


class Estimates(Frozen):
    """What the metrics should be by the scores alone, and whether the labels that came bear it out."""

    answer: Literal["pape", "cbpe", "cannot_tell"]
    """The method to go by; `cannot_tell` where the window is not like the baseline, whatever stands in `methods`."""
    reason: str | None = None
    """Why it cannot be told."""
    rows: int
    """Scored rows of the current window, labelled or not."""
    unscored: int
    """Rows without a score, which nothing is estimated of."""
    labelled: int
    """Scored rows whose labels have come and are read, announced to be late or not."""
    threshold: float | None = None
    """`[model] threshold`; without one only the AUC is estimated."""
    methods: list[Estimate] = []
    weighted: bool = False
    """Whether what is realised is of rows weighted by the inverse chance of having a label."""
    gap: bool = False
    """Whether estimate and realised metric differ by more than chance: labels no longer go with scores as they did."""
    gap_p_value: float | None = None
    """The smallest of the metrics', times their number."""
    gap_level: float | None = None
    """What it is held against."""
    beside: str | None = None
    """Estimate and realised metric on the same rows, in words; null where no labels have come."""
    record: EstimateRecord | None = None
    """Null where no history was looked for, or it holds no estimate whose labels have come."""
    confidence: float
    """Of all intervals."""
    message: str

    @property
    def chosen(self) -> Estimate | None:
        """The estimate to go by; None where it cannot be told."""
        return next((one for one in self.methods if one.method == self.answer), None)

    @property
    def apart(self) -> EstimatedMetric | None:
        """The metric whose error stands for all: the AUC, unless it agrees and another does not.

        None before labels come.
        """
        both = [] if self.chosen is None else [one for one in self.chosen.metrics if one.error is not None]
        if not both:
            return None
        told = [1.0 if one.error_p_value is None else one.error_p_value for one in both]
        silent = self.gap and self.gap_level is not None and len(both) * told[0] > self.gap_level
        return both[told.index(min(told))] if silent else both[0]
