"""What stands in dawnwatch.toml, table by table. Unknown keys are refused."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from dawnwatch.config.policy import DEFAULT_RULES, DEFAULT_SLA, PolicyRule, check_rules, parse_hours
from dawnwatch.model.base import Severity

__all__ = [
    "AlertsConfig",
    "AucDropThreshold",
    "ColumnConfig",
    "ColumnType",
    "DataConfig",
    "LabelsConfig",
    "ModelConfig",
    "PerformanceConfig",
    "ProjectConfig",
    "PsiThreshold",
    "RangeRule",
    "RolesConfig",
    "ShareThreshold",
    "Table",
    "ThresholdsConfig",
    "yellow_for",
]

ColumnType = Literal["integer", "number", "string", "boolean", "timestamp", "other"]
Share = Annotated[float, Field(ge=0, le=1)]
YELLOW_DEFAULT = 0.10
RED_DEFAULT = 0.20


def yellow_for(red: float) -> float:
    """Return the yellow bound that goes with a red bound when only the red one was given."""
    return min(YELLOW_DEFAULT, red / 2)


class Table(BaseModel):
    """One table of the file: strict about keys, numbers finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ProjectConfig(Table):
    """Who owns the model and whom to notify."""

    name: str = "unnamed model"
    owner: str | None = None
    notify: list[str] = []
    seed: int = 0


class DataConfig(Table):
    """Where the windows are; paths are relative to the file that names them."""

    reference: str | None = None
    holdout: str | None = None
    holdout_kind: str | None = None
    """How the holdout was drawn, in words, e.g. "random 20 % of the reference"."""
    training: str | None = None
    current: str | None = None
    results: str = "monitoring_results"
    extra_columns: Literal["pass", "fail"] = "fail"
    """Whether a column that the reference does not have fails the schema check."""


class RolesConfig(Table):
    """Which columns play which part."""

    label: str | None = None
    score: str | None = None
    score_kind: Literal["probability", "ranking"] = "ranking"
    timestamp: str | None = None
    unit: str | None = None
    keys: list[str] = []
    slices: list[str] = []


class LabelsConfig(Table):
    """When labels come and what they look like."""

    expected: Literal["with_data", "late"] = "with_data"
    positive: bool | int | float | str = 1


class ModelConfig(Table):
    """The deployed model, used where the log has no score column."""

    path: str | None = None
    version: str | None = None
    features: list[str] = []
    categorical: list[str] = []
    trusted: list[str] = []
    """Type names a skops file may hold beyond those skops trusts."""


class PsiThreshold(Table):
    """Bands of the population stability index."""

    yellow: Annotated[float, Field(gt=0)] = YELLOW_DEFAULT
    red: Annotated[float, Field(gt=0)] = RED_DEFAULT
    because: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _yellow_follows_red(cls, data: Any) -> Any:
        if isinstance(data, dict) and "yellow" not in data and isinstance(data.get("red"), int | float):
            return {**data, "yellow": yellow_for(float(data["red"]))}
        return data

    @model_validator(mode="after")
    def _ordered(self) -> PsiThreshold:
        if self.yellow > self.red:
            raise ValueError(f"yellow ({self.yellow:g}) must not exceed red ({self.red:g})")
        return self


class ShareThreshold(Table):
    """The largest share of failing rows that still passes; strictly above it fails."""

    max: Share = 0.05
    because: str | None = None


class AucDropThreshold(Table):
    """The largest fall of the AUC that still passes; strictly above it fails."""

    max: Share = 0.05
    because: str | None = None


class ThresholdsConfig(Table):
    """The trade-offs. Every one carries its justification in `because`."""

    psi: PsiThreshold = PsiThreshold()
    missing: ShareThreshold = ShareThreshold()
    auc_drop: AucDropThreshold = AucDropThreshold()
    range: ShareThreshold = ShareThreshold(max=0.0)
    duplicates: ShareThreshold = ShareThreshold(max=0.0)


class PerformanceConfig(Table):
    """How the AUC's fall is judged."""

    significance: Literal["interval", "off"] = "interval"
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    min_rows: Annotated[int, Field(ge=2)] = 100
    """A slice with fewer scored rows in either window is not judged."""
    min_per_class: Annotated[int, Field(ge=1)] = 20
    """Nor is one with fewer positives or negatives."""
    exact_rows: Annotated[int, Field(ge=0)] = 5_000_000
    """Up to this many rows the AUC comes from the rows, beyond from score bins with a bound."""


class RangeRule(Table):
    """Bounds of a numeric column."""

    min: float | None = None
    max: float | None = None
    min_inclusive: bool = True
    max_inclusive: bool = True

    @model_validator(mode="after")
    def _ordered(self) -> RangeRule:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min ({self.min:g}) must not exceed max ({self.max:g})")
        return self


class ColumnConfig(Table):
    """What one column must look like, and whether its drift is watched."""

    type: ColumnType | None = None
    kind: Literal["categorical", "numeric"] | None = None
    """How drift bins it; by its type where not given."""
    required: bool = True
    monitor: bool | None = None
    """Watch its distribution. Model features are watched unless this is false, which needs a `because`."""
    private: bool = False
    """Counts only: no value of this column is ever shown."""
    because: str | None = None
    range: RangeRule | None = None
    allowed: list[str | int | float | bool] | None = None
    pattern: str | None = None
    psi: PsiThreshold | None = None
    missing: ShareThreshold | None = None

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"is not a regular expression: {error}") from None
        return pattern


class AlertsConfig(Table):
    """Whom to tell, from which severity on."""

    at: Severity = Severity.MEDIUM
    to: list[str] = []


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
    thresholds: ThresholdsConfig = ThresholdsConfig()
    performance: PerformanceConfig = PerformanceConfig()
    columns: dict[str, ColumnConfig] = {}
    policy: list[PolicyRule] = DEFAULT_RULES
    sla: SlaConfig = SlaConfig()
    alerts: AlertsConfig = AlertsConfig()
    scenario: dict[str, Any] = {}
    """Settings of the script that makes the data; dawnwatch keeps but does not read them."""

    @field_validator("policy")
    @classmethod
    def _complete(cls, rules: list[PolicyRule]) -> list[PolicyRule]:
        check_rules(rules)
        return rules
