"""The three pillars as they stand in a packet. Field names are relied on by other programs: extend, don't rename."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from dawnwatch.model.base import Frozen
from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.measurement import Example, Interval, Scalar, Significance
from dawnwatch.model.needed import Needed
from dawnwatch.model.score_meaning import Calibration, ExpectedAuc, OperatingPoint

__all__ = [
    "Auc",
    "BinPerformance",
    "BinShare",
    "Clock",
    "DomainClassifier",
    "Drift",
    "Drop",
    "Example",
    "FeatureDrift",
    "FeatureLoss",
    "Novelty",
    "OutputDrift",
    "OverTime",
    "Performance",
    "Quality",
    "QualityCheck",
    "QualityKind",
    "Scalar",
    "Serving",
    "ServingReading",
    "SlicePerformance",
    "Symptom",
    "UnseenValue",
    "VersionPerformance",
]

QualityKind = Literal["schema", "missingness", "range", "duplicates"]
ServingReading = Literal[
    "agrees", "constant", "lagged", "shuffled", "rescaled", "reversed", "skewed", "alike", "unexplained"
]


class QualityCheck(Frozen):
    """One check of the data's validity. `column` is null where it concerns the whole table."""

    name: str
    kind: QualityKind
    column: str | None
    outcome: Outcome
    failed_rows: int | None
    rows: int
    threshold: float | None
    """Largest share of failing rows that still passes (the check fails strictly above it)."""
    rule: str
    """What is required, in words."""
    message: str
    """What was found, in words."""
    breakdown: dict[str, int] = {}
    """`failed_rows` by kind: null, nan, empty, below, above, infinite …"""
    examples: list[Example] = []


class Quality(Frozen):
    """Pillar 1: is the data valid?"""

    outcome: Outcome
    checks: list[QualityCheck]


class BinShare(Frozen):
    """One bin of a feature: its share of the rows in each window (unsmoothed) and its part of the PSI."""

    bin: str
    reference: float
    current: float
    contribution: float


class UnseenValue(Frozen):
    """A category that the reference never held."""

    value: str
    rows: int
    undercount: int = 0
    """How many rows `rows` may lack at most: 0 unless the window held over a thousand such values."""


class Clock(Frozen):
    """Rows in which a feature that followed from the time of day contradicts the logged time of its row.

    A change of mix brings other hours and leaves each row with the value of its own, so this is a fault of the data.
    """

    hours: list[int]
    """How far ahead of the logged time the clock is that explains most of them, from -11 to 12; further ones where they
    explain nearly as much."""
    share: float
    """Of the sampled rows, those that contradict their time."""
    interval: Interval
    """Of `share`, at the run's `confidence`."""
    reference_share: float
    """The same share in the drift baseline; at most 2 %, or the hour would not have told the value."""
    fit: float
    """Share of the contradicting rows that are right on that clock, of those it puts at a known hour."""
    by_chance: float
    """The same share if these rows had any other value, each as often as in the drift baseline."""
    rows: int
    """Sampled rows that were asked."""
    shown: bool
    """Whether both are more than chance at the run's error budget, and the clock explains nine tenths."""
    message: str


class FeatureDrift(Frozen):
    """How one feature's distribution moved. `psi` and `band` are null where `reason` says why not.

    `interval`, `by_chance` and what `significance` could have shown are of the PSI, whatever `method` is: the test is
    of the shares of the bins, not of one distance.
    """

    name: str
    kind: Literal["categorical", "numeric"]
    psi: float | None
    band: Band | None
    outcome: Outcome
    yellow: float
    red: float
    reference_rows: int
    current_rows: int
    bins: list[BinShare] = []
    moved_most: str | None = None
    """The bin with the largest part of the PSI, in words."""
    by_chance: float | None = None
    """What PSI averages by chance alone where nothing moved: for independent rows (bins in use - 1)(1 / rows then +
    1 / rows now), and that many times the design effect where a unit is known."""
    by_chance_limit: float | None = None
    """What PSI stays below 19 times in 20 by chance alone where nothing moved: rows independent, or units where a unit
    is known. Null where it was not tested, and in older packets."""
    interval: Interval | None = None
    """Of `psi`, at the run's `confidence`; near zero it covers the truth more often than that."""
    significance: Significance | None = None
    """Whether `psi` is more than chance; null where size alone is judged."""
    unseen: list[UnseenValue] = []
    """Up to 10 of the most frequent values the reference never held."""
    clock: Clock | None = None
    """Null where under 1 % of the rows contradict their time, where the hour did not tell the value, and in older
    packets."""
    reason: str | None = None
    method: str = "psi"
    """The distance that `band`, `yellow` and `red` are of, as in the configuration."""
    distances: dict[str, float] = {}
    """Every distance that could be read off the bins, the PSI among them, by the same names; those that need an order
    of numbers alone. Empty in older packets."""

    @property
    def size(self) -> float | None:
        """What its bands are held against: the PSI, or the distance that was chosen in its place."""
        return self.psi if self.method == "psi" else self.distances.get(self.method)


class OutputDrift(FeatureDrift):
    """How the distribution of the scores, or of the labels, moved; of a label `psi` is over its two values.

    It stands apart from the features, and is no part of `drift.outcome` unless it raises severity.
    """

    what: Literal["prediction", "label"]
    against: str
    """The window it is compared with: the performance baseline."""
    raises: bool
    """Whether a rule of this run's severity table asks for it; else it informs."""
    reading: str
    """What it tells in this run and what not, in words."""


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


class Auc(Frozen):
    """Area under the ROC curve in one window; `value` is null where it could not be computed."""

    value: float | None
    interval: Interval | None
    n: int
    """Rows with both a label and a score."""
    positives: int
    bound: float = 0.0
    """Largest possible error of `value` from score bins; 0 where it is exact."""
    variance: float | None = None
    """Of `value` between windows like this one: between groups of units where they are known, else DeLong's."""


class Drop(Frozen):
    """Reference minus current: positive means worse."""

    value: float | None
    interval: Interval | None
    confidence: float
    """Level of `interval`, which is of this drop alone; `significance` takes account of all tests of the run."""
    outcome: Outcome = Outcome.NOT_COMPUTED
    """What this drop alone came to; `performance.outcome` takes the slices in."""
    significance: Significance | None = None
    """Whether the drop is more than chance; null where size alone is judged."""
    needed: Needed | None = None
    """What the window lacks to tell this drop, or one as large as the threshold, from noise; null where it lacks
    nothing."""


class SlicePerformance(Frozen):
    """One value of a declared slice column."""

    column: str
    value: str
    reference: Auc
    current: Auc
    drop: Drop
    outcome: Outcome
    reason: str | None = None

    @property
    def name(self) -> str:
        """Which slice it is, such as "device = mobile"."""
        return f"{self.column} = {self.value}"


class BinPerformance(Frozen):
    """One bin of a watched feature that is no declared slice, or the known or new units: for reading, not judged."""

    column: str
    value: str
    reference: Auc
    current: Auc


class OverTime(Frozen):
    """Whether the model has been worse over several windows, however often one looks. It informs severity of nothing.

    A window counts once, whichever runs were made on it; labels that came later count as one more batch.
    """

    windows: int
    """Windows that count, the current one among them."""
    batches: int
    """Windows, and late labels of windows."""
    left_out: int
    """Earlier windows without an AUC or its variance, of too few units, or that share a time with one that counts."""
    tolerance: float
    level: float
    """Chance that there is ever an alarm while no run of windows is truly worse on average than the tolerance."""
    worse: bool
    drop: float | None = None
    """Mean drop, by labelled rows, over the run of batches that says most clearly that the model is worse."""
    low: float | None = None
    """Lower bound on the mean of the true drops over that run, which holds at all times at once."""
    since: datetime | None = None
    """When the run's first window begins, or was judged where that is not known."""
    fired: str | None = None
    """Identity of the packet whose labels made it certain; null while nothing is."""
    fired_at: datetime | None = None
    """When that packet's window begins, or was judged where that is not known."""
    notes: list[str] = []
    """What could not be counted, one line each."""
    text: str
    """All of it in words."""


class Serving(Frozen):
    """Are the logged scores those the model gives for the logged features? Told on the sample of whole units."""

    outcome: Outcome
    score: str
    """The column of the logged scores."""
    reading: ServingReading | None
    """What the rows that differ look like: `constant` (one score in their place), `lagged` (that of an earlier row),
    `shuffled` (of other rows), `rescaled` (the model's on another scale), `reversed` (upside down), `skewed` (apart
    where a feature has a value), `alike` (in much the same order), or `unexplained`. Null where it was not computed."""
    rows: int
    """Sampled rows that were scored again."""
    differ: int
    """Of them, those whose logged score is further from the model's than `tolerance`."""
    interval: Interval | None
    """Of the window's share of such rows, at the run's `confidence`, units taken as independent."""
    reference_share: float | None
    """The same share in the performance baseline."""
    threshold: float
    """Largest share that still passes."""
    tolerance: float
    column: str | None = None
    """The feature the differences go with, and the value in whose rows they lie; null where there is none."""
    value: str | None = None
    message: str
    """What was found, in words."""
    examples: list[Example] = []
    """Up to five of the rows that differ, numbered in the sample."""


class Symptom(Frozen):
    """A sign, read off the log alone, that scores may not be the model's: looked for where it cannot be asked again."""

    name: Literal["spike", "link", "repeats"]
    """`spike`: a score that was rare stands in many rows; `link`: scores follow the features of their rows less than
    they did; `repeats`: rows repeat the score of their unit's row before."""
    score: str
    """The column of the logged scores."""
    outcome: Outcome
    value: float
    """Share of the rows, beyond the baseline's; for `link`, of what the features told of the scores."""
    interval: Interval | None = None
    """At the run's `confidence`, by unit; null where it is a count."""
    limit: float
    message: str


class VersionPerformance(Frozen):
    """One version of the model in the current window, beside all others there."""

    version: str
    rows: int
    share: float
    """Of the window's rows."""
    reference_share: float
    """Of the performance baseline's rows; 0 for a version it never held."""
    auc: Auc
    """On the rows this version scored, from score bins with their bound."""
    others: Auc
    """On all other rows of the window."""
    drop: Drop
    """AUC of the others minus this version's, or of the performance baseline if that is lower, as `against` says."""
    against: Literal["others", "the performance baseline"]
    score_psi: float | None
    """How far its scores are distributed from the others': PSI over 16 score bins; null where there are no others."""
    outcome: Outcome
    explains: bool = False
    """Whether the AUC fell beyond its threshold, and would not have without this version's rows."""
    reason: str | None = None


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
    """Every bin of every watched feature in which both windows hold enough rows; from score bins, with their bound."""
    expected_auc: ExpectedAuc | None = None
    """Null in packets of before this was estimated, and where labels or scores are not configured."""
    calibration: Calibration | None = None
    """Null where scores are not declared probabilities, or there are too few labels."""
    operating_point: OperatingPoint | None = None
    """Null where `[model] threshold` is not set, or there are too few labels."""
    notes: list[str] = []
    """What the slices and the baseline show together, in words."""
    over_time: OverTime | None = None
    """Null where no history was looked for, or the current window has no AUC."""
    symptoms: list[Symptom] = []
    """Signs of broken serving; empty where the model was asked again, or no score was logged."""
    versions: list[VersionPerformance] = []
    """Every version in the window, most rows first; empty where `[roles] model_version` names no column."""
    serving: Serving | None = None
    """Null where there is no model, or no logged score, to compare."""
    cautions: list[str] = []
