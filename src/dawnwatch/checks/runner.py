"""Running the checks: every subject of every check, each judged on its own, none able to end the run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dawnwatch.checks.budget import Budget
from dawnwatch.checks.needs import RunContext, Subject
from dawnwatch.checks.registry import CheckSpec, all_checks
from dawnwatch.config import Config
from dawnwatch.config.thresholds import Bands
from dawnwatch.errors import one_line
from dawnwatch.model.distances import Method
from dawnwatch.model.enums import Outcome, Pillar
from dawnwatch.model.measurement import Counted, Measurement, NotComputed, Significance

__all__ = ["Found", "Result", "bands_of", "judge", "judge_all", "measure"]


@dataclass(frozen=True)
class Found:
    """One check on one subject, before any threshold: what was measured."""

    spec: CheckSpec
    subject: Subject
    measurement: Measurement
    faulted: bool = False


@dataclass(frozen=True)
class Result:
    """What a measurement came to."""

    spec: CheckSpec
    subject: Subject
    measurement: Measurement
    outcome: Outcome
    limit: float | None
    significance: Significance | None = None
    """None where it was not tested, or size alone is judged."""

    @property
    def unexpected(self) -> bool:
        """Whether something that was configured could not be judged."""
        return self.outcome is Outcome.ERRORED or (
            isinstance(self.measurement, NotComputed) and not self.measurement.expected
        )


def measure(run: RunContext, pillar: Pillar, checks: Iterable[CheckSpec] | None = None) -> list[Found]:
    """Run a pillar's checks on all their subjects. No fault of a check ends the run."""
    found = []
    for spec in all_checks() if checks is None else checks:
        if spec.pillar is not pillar:
            continue
        try:
            subjects = list(spec.needs.subjects(run))  # type: ignore[attr-defined]
        except Exception as error:
            found.append(_faulted(spec, Subject(None, None, None), error, run.config))
            continue
        for subject in subjects:
            try:
                measurement = spec.function(subject.reference, subject.current)
            except Exception as error:
                found.append(_faulted(spec, subject, error, run.config))
                continue
            if measurement is not None:
                found.append(Found(spec, subject, measurement))
    return found


def judge_all(found: Sequence[Found], config: Config, besides: Sequence[float] = ()) -> list[Result]:
    """Hold what a run measured against its thresholds and its one error budget; see `judge`, and `Budget.of`."""
    budget = Budget.of([(one.spec, one.measurement) for one in found], config, besides)
    results = []
    for one in found:
        try:
            if one.faulted:
                results.append(Result(one.spec, one.subject, one.measurement, Outcome.ERRORED, None))
                continue
            significance = None if budget is None else budget.judge(one.spec, one.measurement, config)
            column = one.subject.column
            outcome = judge(one.spec, one.measurement, column, config, significance)
            limit = _limit(one.spec, column, config)
            results.append(Result(one.spec, one.subject, one.measurement, outcome, limit, significance))
        except Exception as error:
            fault = _faulted(one.spec, one.subject, error, config)
            results.append(Result(one.spec, one.subject, fault.measurement, Outcome.ERRORED, None))
    return results


def judge(
    spec: CheckSpec,
    measurement: Measurement,
    column: str | None,
    config: Config,
    significance: Significance | None = None,
) -> Outcome:
    """Hold a measurement against its threshold.

    PSI, and any distance in its place, warns and fails at or above its bounds. Shares of failing rows and the AUC's
    drop fail strictly above theirs. What is tested counts only where it is significant too: a failure that is not only
    warns, a warning passes.
    """
    if isinstance(measurement, NotComputed):
        return Outcome.NOT_COMPUTED
    if isinstance(measurement, Counted):
        limit = _limit(spec, column, config) or 0.0
        return Outcome.FAILED if measurement.share > limit else Outcome.PASSED
    shown = significance is None or significance.significant
    match spec.threshold:
        case "psi" | "distance" | "prediction" | "label":
            bands = bands_of(spec, column, measurement.method, config)
            if measurement.value >= bands.red:
                return Outcome.FAILED if shown else Outcome.WARNED
            return Outcome.WARNED if measurement.value >= bands.yellow and shown else Outcome.PASSED
        case "domain":
            if measurement.value <= config.thresholds.domain.max:
                return Outcome.PASSED
            return Outcome.FAILED if shown else Outcome.WARNED
        case "auc_drop":
            if measurement.value <= config.thresholds.auc_drop.max:
                return Outcome.PASSED
            return Outcome.FAILED if shown else Outcome.WARNED
        case _:
            raise ValueError(f"{spec.name} measures a number, and thresholds.{spec.threshold} judges failing rows")


def bands_of(spec: CheckSpec, column: str | None, method: Method, config: Config) -> Bands:
    """Return the bands that a shift is held against: a feature's, or those of the scores or labels."""
    match spec.threshold:
        case "prediction":
            return config.thresholds.prediction
        case "label":
            return config.thresholds.label
        case _:
            return config.bands_for(column or "", method)


def _limit(spec: CheckSpec, column: str | None, config: Config) -> float | None:
    match spec.threshold:
        case "missing":
            return config.missing_for(column or "").max
        case "range":
            return config.thresholds.range.max
        case "duplicates":
            return config.thresholds.duplicates.max
        case "domain":
            return config.thresholds.domain.max
        case "auc_drop":
            return config.thresholds.auc_drop.max
        case "psi" | "distance" | "prediction" | "label":
            return None  # two bounds, of the distance that was measured: the drift section has them
        case "serving":
            return config.serving.max
        case "none":
            return 0.0


def _faulted(spec: CheckSpec, subject: Subject, error: Exception, config: Config) -> Found:
    # The message of an exception may quote a value, which a private column must not show.
    columns = config.columns if subject.column is None else [subject.column]
    private = any(config.column(name).private for name in columns)
    text = type(error).__name__ if private else f"{type(error).__name__}: {one_line(error)}"
    return Found(spec, subject, NotComputed(reason=f"the check faulted: {text}"), faulted=True)
