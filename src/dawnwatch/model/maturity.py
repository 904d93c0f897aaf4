"""Which rows' labels have come, and what the metric rests on, as it stands in a packet."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from dawnwatch.model.base import Frozen
from dawnwatch.model.measurement import Interval

__all__ = ["ArrivalPoint", "Cohort", "Maturity", "OfRecord", "WeightedAuc", "WeightedMetric"]

OfRecord = Literal["all", "mature", "weighted", "none"]
"""What the judged AUC is of: all rows with a label; those old enough; the former or the latter weighted to stand for
the rows without; nothing, since no row is old enough."""


class Cohort(Frozen):
    """Rows of one day or hour by the time of their prediction."""

    start: datetime
    end: datetime
    rows: int
    """Sampled rows with a score."""
    labelled: int
    share: float
    """Of them with a label, in [0, 1]."""
    interval: Interval
    """Of the share, between groups of units."""
    age_hours: float
    """Of its middle row, when the labels were looked at."""
    mature: bool | None = None
    """Whether all its rows were old enough to be judged, which is false of a period cut through by `judged_until`; null
    where no age is asked."""


class ArrivalPoint(Frozen):
    """The share of labels that have come by an age."""

    age_hours: float
    share: float
    interval: Interval
    negatives: float | None = None
    """The same of rows whose label turned out 0, in the baseline, where all have come; null where it is not known."""
    positives: float | None = None


class WeightedMetric(Frozen):
    """A measure at the threshold in use, of the labelled rows as they are and weighted."""

    name: Literal["precision", "recall", "f1", "cost"]
    raw: float
    value: float
    interval: Interval


class WeightedAuc(Frozen):
    """The AUC of the labelled rows weighted by the inverse chance of having a label, beside the raw one."""

    value: float
    interval: Interval
    raw: float
    raw_interval: Interval
    confidence: float
    rows: int
    """Labelled rows of the sample that the weights were found on."""
    effective_rows: float
    """As many rows weighted alike would tell as much, (Σ w)² / Σ w²."""
    biased: bool
    """Whether it was shown that labels came of some rows rather than of others."""
    bias: float | None = None
    """AUC of telling rows with a label from rows without by their features, on units kept apart; 0.5 is chance."""
    bias_interval: Interval | None = None
    """At 99.9%."""
    excess_positives: float | None = None
    """How much more often weighted rows are positive than the baseline's at the same score; null where it is not asked.
    Beyond chance positives may come first, which weights by features would take for a bias of theirs."""
    excess_positives_interval: Interval | None = None
    granting_class: float | None = None
    """The weighted AUC, were it that one class has its labels sooner and scores mean what they meant."""
    class_odds: float | None = None
    """By which a positive would then have its label before a negative of the same kind."""
    by_class: bool = False
    """Whether rows were weighted by the class's share by their age, from the baseline's arrival times."""
    by: list[str]
    """What else the chance was modelled by."""
    metrics: list[WeightedMetric] = []
    """Empty where `[model] threshold` is not set."""
    assumes: list[str]


class Maturity(Frozen):
    """From what share of the rows, and which part of the window, the metric comes."""

    as_of: datetime
    """When the labels were looked at; ages are counted up to it."""
    period: Literal["day", "hour"] | None = None
    """Length of a cohort; null where rows have no time."""
    rows: int
    labelled: int
    judged_rows: int
    """Rows old enough to be judged; all where no age is asked."""
    judged_labelled: int
    auc_rows: int = 0
    """Rows with a score and a label which the judged AUC is of; 0 where there is none."""
    judged_until: datetime | None = None
    """Rows predicted later are told apart and not judged; null where all are."""
    mature_after_hours: float | None = None
    """Null where no age is asked."""
    mature_after_from: Literal["configured", "baseline", "current"] | None = None
    """Where the age comes from: the configuration, or the arrival times of a window."""
    cohorts: list[Cohort] = []
    """Oldest first, off the sample of units; a curve only where labels take as long as they did."""
    curve: list[ArrivalPoint] = []
    """From arrival times (`[roles] label_time`), youngest age first; empty without."""
    curve_of: Literal["baseline", "current"] | None = None
    weighted: WeightedAuc | None = None
    not_weighted: str | None = None
    """Why not, where labels lack and nothing was weighted."""
    cannot_tell: list[str] = []
    """Slices without any label, of which nothing can be told."""
    of_record: OfRecord
    message: str
    """All this in one line."""
