"""The triage packet: everything a person or a program reads later. Extend it, don't rename its fields."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from dawnwatch.model.base import Frozen
from dawnwatch.model.causes import Cause, Harm, LabelShift, PairGroup
from dawnwatch.model.drift import Drift
from dawnwatch.model.enums import Band, Pillar, Severity
from dawnwatch.model.history import Event, Onset, OtherBaseline
from dawnwatch.model.needed import Needed
from dawnwatch.model.performance import Performance
from dawnwatch.model.quality import Quality
from dawnwatch.model.self_watch import Watch
from dawnwatch.model.weak_slices import SliceSearch, WeakSlice

__all__ = [
    "SCHEMA_VERSION",
    "Action",
    "Decision",
    "Diagnosis",
    "ErrorBudget",
    "Finding",
    "HumanDecision",
    "Provenance",
    "RuleInForce",
    "Settles",
    "Sla",
    "ThresholdInForce",
    "TopDrifter",
    "TriagePacket",
    "Verdict",
    "WindowFacts",
]

SCHEMA_VERSION = "1.3"

Verdict = Literal["fix_pipeline", "rollback", "retrain", "recalibrate", "wait", "cannot_tell"]


class Sla(Frozen):
    """How soon someone must act. `hours` and `due_at` are null where nothing is due."""

    hours: float | None
    due_at: datetime | None
    text: str

    @property
    def when(self) -> str:
        """`text` without the rollback that 0.1 named in every critical packet, whatever its decision."""
        return self.text.replace(", consider rollback", "")


class Action(Frozen):
    """One recommended step, in the order of the list."""

    action: str
    reason: str


class TopDrifter(Frozen):
    """A feature in the YELLOW or RED band by its size, largest PSI first."""

    name: str
    psi: float
    band: Band
    moved_most: str | None
    significant: bool | None = None
    """Whether its shift is more than chance; null where that cannot be told, or size alone is judged."""
    method: str = "psi"
    """The distance that `band` is of."""
    size: float | None = None
    """What it came to by that distance; null in older packets, which knew the PSI alone."""


class Finding(Frozen):
    """One thing the run saw that a reader must know, most telling first."""

    pillar: Pillar
    subject: str | None
    text: str


class Diagnosis(Frozen):
    """What the evidence shows, and what it cannot show."""

    summary: str
    findings: list[Finding]
    cautions: list[str]
    unresolved: list[str]
    """Questions this packet's evidence cannot answer."""
    baselines: list[OtherBaseline] = []
    """The current window against earlier ones; empty where no earlier run was looked for."""
    events: list[Event] = []
    """Recorded events since the end of the last good window, or within the current one where there is none."""
    onset: Onset | None = None
    """Since when it is so: the first of `onsets`, which is of the gravest thing found, dated or not. Others that are
    dated are of a slice or of another thing."""
    onsets: list[Onset] = []
    """One for each failed quality check, each fall of the AUC that is more than chance and beyond its threshold, and
    each feature that has drifted, in this order."""
    weak_slices: list[WeakSlice] = []
    """Slices that nobody declared and that got worse or became more, largest part of the drop first."""
    slice_search: SliceSearch | None = None
    """How they were searched for; null where the AUC was not computed, and in older packets."""
    causes: list[Cause] = []
    """Where the metric fell by more than its threshold and more than chance: parts that add up to the fall of
    `performance.drop`, the largest first. Empty where it did not fall; then `findings` are what there is to say."""
    harms: list[Harm] = []
    """What each feature's changed mix alone takes from the metric, whether it fell or not."""
    pairs: list[PairGroup] = []
    """The AUC within known units, within new ones, and across."""
    label_shift: LabelShift | None = None
    """How the positives' share moved: another reading of the data, and no part of the fall."""
    ruled_out: list[str] = []
    """What is no part of the fall, a sentence each."""


class Settles(Frozen):
    """Something that would change a decision, so far as a check of dawnwatch tells it."""

    check: str
    """Registered name, such as "performance.auc_drop"."""
    subject: str | None = None
    """The slice, column or version it is about; null where it is about all rows."""
    text: str
    """What it would have to come to."""
    needed: Needed | None = None
    """How many more labels or units that takes, and by which day; null where no more are needed, or nobody can say."""


class Decision(Frozen):
    """The action the evidence supports, with what would change it."""

    verdict: Verdict
    reasons: list[str]
    would_change: list[str]
    rule: str | None = None
    """The row of the table of actions that gave the verdict, the first that holds; null in older packets."""
    classes: list[str] = []
    """What that table asks beside `facts` and holds here, such as `mostly_concept`."""
    settles: list[Settles] = []
    """The checks that would change the decision; empty in older packets."""


class HumanDecision(Frozen):
    """Room for what a person decided; all null until then."""

    decision: Verdict | None = None
    by: str | None = None
    note: str | None = None
    at: datetime | None = None


class ThresholdInForce(Frozen):
    """A threshold this run used, and why it is what it is."""

    name: str
    column: str | None = None
    value: dict[str, float]
    because: str | None
    source: Literal["default", "config", "override"]


class RuleInForce(Frozen):
    """A row of the severity table: it holds where every fact in `all`, one in `any` (if given), none in `none` does."""

    name: str
    severity: Severity
    all: list[str] = []
    any: list[str] = []
    none: list[str] = []
    text: str
    """The condition in words."""
    sla_hours: float | None
    """How soon its severity must be acted on; null where nothing is due."""


class ErrorBudget(Frozen):
    """How the run told a shift or a fall from chance: tests of features, the overall drop and declared slices."""

    judge: Literal["tested", "off"]
    """`off`: size alone decided."""
    level: float
    """Chance that a run in which nothing changed calls anything significant, at most: all its tests share it."""
    tests: int
    """How many tests were made, each at `level` / `tests`."""
    min_units: int
    """Units below which nothing was tested."""


class WindowFacts(Frozen):
    """Which rows a window held. The fingerprint is equal for equal rows, in any order or file format."""

    source: str
    rows: int
    fingerprint: str
    fingerprint_without_label: str | None = None
    """Equal for equal rows before and after their labels came; null in older packets."""
    first_at: datetime | None = None
    last_at: datetime | None = None
    """Times of the first and the last row by the column `[roles] timestamp`, taken as UTC where it has no zone; null
    where there is none, it is private, or its numbers are no times."""


class Provenance(Frozen):
    """What produced this packet."""

    dawnwatch: str
    python: str
    libraries: dict[str, str]
    config_hash: str
    seed: int | None
    started_at: datetime
    finished_at: datetime
    drift_baseline: WindowFacts
    performance_baseline: WindowFacts | None
    training_rows: WindowFacts | None
    current: WindowFacts
    model: str | None
    model_version: str | None = None
    """As configured; two models of one name are told apart by it."""
    score_source: str
    warnings: list[str] = []
    notes: dict[str, Any] = Field(default_factory=dict)
    """Facts the caller adds, such as a scenario's injected drift."""


class TriagePacket(Frozen):
    """What the on-call engineer reads: Detect, Diagnose, Decide, Document."""

    schema_version: str = SCHEMA_VERSION
    id: str
    created_at: datetime
    project: str
    label: str | None
    owner: str | None
    notify: list[str]
    severity: Severity
    rule: str
    rule_text: str
    sla: Sla
    headline: str
    actions: list[Action]
    top_drifters: list[TopDrifter]
    quality: Quality
    drift: Drift
    performance: Performance
    diagnosis: Diagnosis
    decision: Decision
    thresholds: list[ThresholdInForce]
    provenance: Provenance
    human_decision: HumanDecision
    policy: list[RuleInForce] = []
    """The severity table of this run; the first rule that holds gave `severity`."""
    facts: list[str] = []
    """The named facts that hold in this run, of those the rules ask for."""
    error_budget: ErrorBudget | None = None
    """Null in packets of before 1.1."""
    profile: str | None = None
    """File name, beside the packet, of the counts it was read off; what-if answers come from them."""
    self_watch: list[Watch] = []
    """What the monitor looked at of its own feed, failures first: rows and labels on time, pillars not blinded."""
    could_not_judge: list[str] = []
    """What was configured and unexpectedly could not be judged, in sentences that say so and why; not empty means exit
    code 3 (or 1)."""
