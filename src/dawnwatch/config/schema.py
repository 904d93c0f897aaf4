"""What stands in dawnwatch.toml, table by table. Unknown keys are refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from dawnwatch.config.calibrate import CalibrateConfig
from dawnwatch.config.column import ColumnConfig
from dawnwatch.config.plan import PlanConfig
from dawnwatch.config.policy import DEFAULT_RULES, DEFAULT_SLA, PolicyRule, check_rules, parse_hours
from dawnwatch.config.thresholds import ThresholdsConfig
from dawnwatch.config.values import Flag, Name, Number, Share, Table, Value, Whole, check_destination
from dawnwatch.model.distances import PSI, Method
from dawnwatch.model.enums import Severity

__all__ = [
    "AlertsConfig",
    "CostsConfig",
    "DataConfig",
    "DriftConfig",
    "FeedConfig",
    "LabelsConfig",
    "ModelConfig",
    "PerformanceConfig",
    "ProjectConfig",
    "RolesConfig",
    "ScheduleConfig",
    "ServingConfig",
    "SignificanceConfig",
]


class ProjectConfig(Table):
    """Who owns the model and whom to notify."""

    name: str = "unnamed model"
    owner: str | None = None
    notify: list[str] = []
    seed: Annotated[Whole, Field(ge=0)] = 0


class DataConfig(Table):
    """Where the windows are; paths are relative to the file that names them."""

    reference: str | None = None
    holdout: str | None = None
    holdout_kind: str | None = None
    """How the holdout was drawn, in words, e.g. "random 20% of the reference"."""
    training: str | None = None
    by_unit: str | None = None
    """Rows of whole units that the model never learned from: how good it is on new ones."""
    current: str | None = None
    results: str = "monitoring_results"
    extra_columns: Literal["pass", "fail"] = "fail"
    """Whether a column that the reference does not have fails the schema check."""


class RolesConfig(Table):
    """Which columns play which part."""

    label: Name | None = None
    score: Name | None = None
    score_kind: Literal["probability", "ranking"] = "ranking"
    timestamp: Name | None = None
    label_time: Name | None = None
    """When a row's label came; empty where it has none yet."""
    unit: Name | None = None
    keys: list[Name] = []
    slices: list[Name] = []
    model_version: Name | None = None
    """Which version of the model scored a row."""

    @model_validator(mode="after")
    def _no_column_plays_two_parts(self) -> RolesConfig:
        if self.label is not None and self.label == self.score:
            raise ValueError(f"label and score name the same column {self.label!r}; a score must not be the label")
        if self.model_version is not None and self.model_version in {self.label, self.score, self.unit}:
            raise ValueError(f"model_version names {self.model_version!r}, which is the label, the score or the unit")
        if self.label_time is not None and self.timestamp is None:
            raise ValueError("label_time says when a label came, and without timestamp nothing says how long it took")
        if self.label_time is not None and self.label_time in {self.timestamp, self.label, self.score, self.unit}:
            raise ValueError(
                f"label_time names {self.label_time!r}, which plays another part; name the column that says when the "
                "label came"
            )
        return self


class LabelsConfig(Table):
    """When labels come and what they look like."""

    expected: Literal["with_data", "late"] = "with_data"
    positive: Value = 1
    mature_after: str = "auto"
    """Rows younger than this are told apart and not judged by their labels: a number with h, d or w. `auto`: from the
    arrival times of labels where `[roles] label_time` is set, else `none`, which judges all."""
    mature_share: Annotated[Number, Field(gt=0, le=1)] = 0.95
    """For `auto`: the age by which this share of the labels that ever come has come."""
    weighting: Literal["beside", "judge", "off"] = "beside"
    """Whether the AUC is weighted by the inverse chance of having a label: beside the raw one, which is judged, or in
    its place where a bias is shown, or never."""

    @field_validator("mature_after")
    @classmethod
    def _parses(cls, text: str) -> str:
        if text != "auto":
            parse_hours(text)
        return text


class ModelConfig(Table):
    """The deployed model, used where the log has no score column."""

    path: str | None = None
    version: str | None = None
    features: list[Name] = []
    categorical: list[Name] = []
    trusted: list[str] = []
    """Type names a skops file may hold beyond those skops trusts."""
    trainer: str | None = None
    """`module:function` that trains the model anew, for `dawnwatch profile --by-unit` and `decide --retrain` alone."""
    threshold: Number | None = None
    """The score from which on the answer is yes; the operating point is measured where it is set."""
    folds: Annotated[Whole, Field(ge=2, le=20)] = 5
    """Folds of units, each scored by a model trained without it."""


class CostsConfig(Table):
    """What a wrong answer at `[model] threshold` costs, in one unit of the user's choice, and what an action takes."""

    false_positive: Annotated[Number, Field(ge=0)] | None = None
    false_negative: Annotated[Number, Field(ge=0)] | None = None
    unit: Annotated[str, Field(min_length=1)] | None = None
    """What they are counted in, such as EUR."""
    recalibrate_hours: Annotated[Number, Field(ge=0)] = 4.0
    rollback_hours: Annotated[Number, Field(ge=0)] = 4.0
    retrain_hours: Annotated[Number, Field(ge=0)] = 24.0
    """Hours of work of each action; of actions that a replay shows to be as good, `decide` advises what takes least."""
    hour: Annotated[Number, Field(ge=0)] | None = None
    """What an hour of work costs, in the same unit."""
    because: str | None = None

    @model_validator(mode="after")
    def _both_or_neither(self) -> CostsConfig:
        if (self.false_positive is None) is not (self.false_negative is None):
            lacking = "false_positive" if self.false_positive is None else "false_negative"
            raise ValueError(f"both kinds of error need a cost, and {lacking} has none; 0 where it costs nothing")
        return self


class FeedConfig(Table):
    """When rows and labels are due, and how old a reference may be. What is not set is not asked."""

    max_age: str = "none"
    """How old the newest row may be when a run starts: a number with h, d or w."""
    min_rows: Annotated[Whole, Field(ge=1)] | None = None
    min_rate: Annotated[Number, Field(gt=0, le=1)] | None = None
    """Fewest rows a day, as a share of the reference's."""
    label_gap: str = "none"
    """How long rows may go on without any label."""
    reference_max_age: str = "none"
    because: str | None = None

    @field_validator("max_age", "label_gap", "reference_max_age")
    @classmethod
    def _parses(cls, text: str) -> str:
        parse_hours(text)
        return text

    def hours(self, name: Literal["max_age", "label_gap", "reference_max_age"]) -> float | None:
        """Hours of a setting; None where it is not set."""
        return parse_hours(getattr(self, name))


class ServingConfig(Table):
    """When the logged scores count as the model's own."""

    tolerance: Annotated[Number, Field(gt=0)] = 1e-4
    """How far a logged score may be from the one the model gives again, in units of the larger of 1 and that score."""
    max: Share = 0.01
    """The largest share of the sampled rows that may be further apart; strictly above it the check fails."""
    spike: Share = 0.05
    """Without a model: the largest share of the rows that one score, rare in the baseline, may come to stand in."""
    link: Share = 0.2
    """How much less than in the baseline the scores may follow the features of their rows."""
    repeats: Share = 0.2
    """How many more rows than in the baseline may repeat the score of their unit's row before."""
    because: str | None = None


class SignificanceConfig(Table):
    """When a shift or a fall counts as more than chance."""

    judge: Literal["tested", "off"] = "tested"
    """`off`: size alone decides."""
    level: Annotated[Number, Field(gt=0, le=0.5)] = 0.01
    """Chance that a run in which nothing changed calls anything significant: one budget for all its tests."""
    min_units: Annotated[Whole, Field(ge=2)] = 50
    """With fewer units in either window nothing is tested, and the packet says so."""


Raises = Literal["none", "medium", "high", "critical"]


class PerformanceConfig(Table):
    """How the AUC is measured."""

    significance: Literal["interval", "off"] = "interval"
    """What `[significance] judge` was called while only accuracy was tested: `off` still means size alone."""
    confidence: Annotated[Number, Field(gt=0.5, lt=1)] = 0.95
    """Level of the intervals shown."""
    min_rows: Annotated[Whole, Field(ge=2)] = 100
    """A slice with fewer scored rows in either window is not judged."""
    min_per_class: Annotated[Whole, Field(ge=1)] = 20
    """Nor is one with fewer positives or negatives."""
    exact_rows: Annotated[Whole, Field(ge=0)] = 5_000_000
    """Up to this many rows the AUC comes from the rows, beyond from score bins with a bound."""
    estimates: Literal["weighted", "plain", "off"] = "weighted"
    """How metrics are estimated before labels come: off the baseline in the window's mix of features, or as it is."""
    outside: Share = 0.5
    """Share of the current rows that may lie where the baseline has none, above which nothing is estimated."""
    estimate_gap: Raises = "none"
    """The severity that a gap between estimate and realised metric comes to; none where it only informs."""


class DriftConfig(Table):
    """How a shift is measured."""

    method: Method = PSI
    """The distance that is held against its bands, for every feature that does not name another. One that needs an
    order (KS, Wasserstein, energy) is for numbers alone; categories then keep the PSI."""
    prediction: Raises = "none"
    """The severity that RED drift of the scores comes to; none where it only informs."""
    label: Raises = "none"
    """The same of the labels."""
    domain: Raises = "none"
    """The same of all features at once, by the domain classifier."""
    domain_classifier: Flag = False
    """Whether a classifier is asked to tell the windows apart; it is, too, where `domain` names a severity."""

    @property
    def asks_classifier(self) -> bool:
        """Whether a classifier is asked."""
        return self.domain_classifier or self.domain != "none"


class AlertsConfig(Table):
    """Whom to tell, from which severity on."""

    at: Severity = Severity.MEDIUM
    to: list[str] = []

    @field_validator("to")
    @classmethod
    def _reachable(cls, destinations: list[str]) -> list[str]:
        for destination in destinations:
            check_destination(destination)
        return destinations


class ScheduleConfig(Table):
    """How production cuts its windows, and how often; `dawnwatch calibrate` draws windows like these."""

    every: str | None = None
    """Time between two runs: a number with h, d or w."""
    window: Annotated[str, Field(min_length=1)] | Whole | None = None
    """What a run checks: a number of rows, or time as above."""

    @field_validator("every")
    @classmethod
    def _parses(cls, text: str | None) -> str | None:
        if text is not None and parse_hours(text) is None:
            raise ValueError('must be a number with h, d or w, such as "24h"; got "none"')
        return text


class SlaConfig(Table):
    """How soon each severity must be acted on: a number with h, d or w, or "none"."""

    critical: str = DEFAULT_SLA[Severity.CRITICAL]
    high: str = DEFAULT_SLA[Severity.HIGH]
    medium: str = DEFAULT_SLA[Severity.MEDIUM]
    low: str = DEFAULT_SLA[Severity.LOW]

    @field_validator("critical", "high", "medium", "low")
    @classmethod
    def _parses(cls, text: str) -> str:
        parse_hours(text)
        return text

    def hours(self, severity: Severity) -> float | None:
        """Hours until action is due; None where nothing is due."""
        return parse_hours(getattr(self, severity.value))


class FileTables(Table):
    """All tables of dawnwatch.toml."""

    project: ProjectConfig = ProjectConfig()
    data: DataConfig = DataConfig()
    roles: RolesConfig = RolesConfig()
    labels: LabelsConfig = LabelsConfig()
    model: ModelConfig = ModelConfig()
    costs: CostsConfig = CostsConfig()
    feed: FeedConfig = FeedConfig()
    serving: ServingConfig = ServingConfig()
    thresholds: ThresholdsConfig = ThresholdsConfig()
    drift: DriftConfig = DriftConfig()
    significance: SignificanceConfig = SignificanceConfig()
    performance: PerformanceConfig = PerformanceConfig()
    columns: dict[str, ColumnConfig] = {}
    policy: list[PolicyRule] = DEFAULT_RULES
    sla: SlaConfig = SlaConfig()
    alerts: AlertsConfig = AlertsConfig()
    schedule: ScheduleConfig = ScheduleConfig()
    calibrate: CalibrateConfig = CalibrateConfig()
    plan: PlanConfig = PlanConfig()
    scenario: dict[str, Any] = {}
    """Settings of the script that makes the data; dawnwatch keeps but does not read them."""

    @field_validator("policy")
    @classmethod
    def _complete(cls, rules: list[PolicyRule]) -> list[PolicyRule]:
        check_rules(rules)
        return rules
