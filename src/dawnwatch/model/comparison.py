"""Runs side by side, and why the severity moved from each to the next. What `dawnwatch compare --json` prints."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from dawnwatch.model.auc import Auc, Drop, SlicePerformance
from dawnwatch.model.base import Frozen
from dawnwatch.model.causes import Cause as FallCause
from dawnwatch.model.drift import DomainClassifier
from dawnwatch.model.enums import Outcome, Severity
from dawnwatch.model.feature_drift import FeatureDrift, OutputDrift
from dawnwatch.model.packet import ThresholdInForce
from dawnwatch.model.quality import QualityCheck
from dawnwatch.model.weak_slices import SliceSearch, WeakSlice

__all__ = [
    "COMPARISON_VERSION",
    "Attribution",
    "Cause",
    "Change",
    "CheckRow",
    "ComparedRun",
    "Comparison",
    "FeatureRow",
    "Flip",
    "OutputRow",
    "SliceRow",
    "Step",
    "WeakSliceRow",
]

COMPARISON_VERSION = "1.0"

Cause = Literal["thresholds", "policy", "data", "baseline", "model", "settings", "software"]
"""What may differ between two runs: `data` is the current window, `baseline` whatever it is compared with, `settings`
what else the configuration says and a packet does not list."""

Attribution = Literal["alone", "either", "together", "unknown"]
"""What the causes did: each `alone` could not be missed and sufficed; `either` of them suffices without the other;
only `together` they suffice; `unknown` where the packets cannot tell."""


class Change(Frozen):
    """One thing that differs between two runs, both values in words."""

    cause: Cause
    what: str
    before: str
    after: str


class Flip(Frozen):
    """A fact that holds in one of two runs only, what it rests on there, and what moved it."""

    fact: str
    holds: bool
    """Whether it holds in the later run."""
    grounds: list[str]
    """The measured values that make it hold, in the run in which it does; the most telling first."""
    attribution: Attribution
    causes: list[Cause]
    text: str


class Step(Frozen):
    """From one run to the next: what differs, which facts flipped, and why the severity moved."""

    before: str
    after: str
    """Names of the two runs, as in `runs`."""
    severity_before: Severity
    severity_after: Severity
    changes: list[Change]
    same: list[Cause]
    """What the packets prove to be equal."""
    unproved: list[str]
    """What the packets can show neither equal nor different, in words."""
    flips: list[Flip]
    attribution: Attribution | None
    """Null where the severity did not move."""
    causes: list[Cause]
    text: str
    """Why the severity moved, or that it did not."""


class ComparedRun(Frozen):
    """One packet of the comparison, without its rows of detail."""

    name: str
    """Its label, told apart by its time where two have the same."""
    source: str
    """The file it was read from."""
    id: str
    label: str | None
    project: str
    created_at: datetime
    severity: Severity
    rule: str
    rule_text: str
    sla_hours: float | None
    facts: list[str]
    thresholds: list[ThresholdInForce]
    domain: DomainClassifier | None = None
    """How well all features at once tell its windows apart."""
    quality: Outcome
    drift: Outcome
    performance: Outcome
    reference: Auc
    current: Auc
    drop: Drop
    auc_threshold: float
    reason: str | None
    """Why the AUC's drop was not computed."""
    causes: list[FallCause] = []
    """The parts of the fall, the largest first; empty where none was shown."""
    slice_search: SliceSearch | None = None
    """How weak slices were searched for; null where the AUC was not computed, and in older packets."""


class FeatureRow(Frozen):
    """One watched feature in every run, without its bins; null where a run does not watch it."""

    name: str
    runs: list[FeatureDrift | None]


class OutputRow(Frozen):
    """The scores or the labels in every run, without their bins; null where a run has none."""

    name: str
    runs: list[OutputDrift | None]


class SliceRow(Frozen):
    """One declared slice in every run; null where a run has none such."""

    column: str
    value: str
    runs: list[SlicePerformance | None]


class WeakSliceRow(Frozen):
    """One slice that nobody declared, in every run; null where a run did not name it."""

    text: str
    """Its conditions in words, by which it is the same slice."""
    runs: list[WeakSlice | None]


class CheckRow(Frozen):
    """One quality check in every run, without examples; null where a run did not make it."""

    name: str
    column: str | None
    runs: list[QualityCheck | None]


class Comparison(Frozen):
    """Two or more runs, in the order they were asked for."""

    schema_version: str = COMPARISON_VERSION
    runs: list[ComparedRun]
    steps: list[Step]
    """One for each pair of neighbours."""
    features: list[FeatureRow]
    """Largest PSI of any run first."""
    slices: list[SliceRow]
    """Largest fall of any run first."""
    outputs: list[OutputRow] = []
    """The scores and the labels in every run."""
    weak_slices: list[WeakSliceRow] = []
    """Largest part of any run's fall first; empty where none was found, and of older packets."""
    checks: list[CheckRow]
    """Those that did not pass in some run first."""
    warnings: list[str] = []
