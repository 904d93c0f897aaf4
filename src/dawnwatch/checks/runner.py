"""Running the checks: every subject of every check, each judged on its own, none able to end the run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dawnwatch.checks.needs import RunContext, Subject
from dawnwatch.checks.registry import CheckSpec, all_checks
from dawnwatch.config import Config
from dawnwatch.errors import one_line
from dawnwatch.model.enums import Outcome, Pillar
from dawnwatch.model.measurement import Counted, Measured, Measurement, NotComputed

__all__ = ["Result", "judge", "run_checks"]


@dataclass(frozen=True)
class Result:
    """One check on one subject: what was measured, and what it came to."""

    spec: CheckSpec
    subject: Subject
    measurement: Measurement
    outcome: Outcome
    limit: float | None

    @property
    def unexpected(self) -> bool:
        """Whether something that was configured could not be judged."""
        return self.outcome is Outcome.ERRORED or (
            isinstance(self.measurement, NotComputed) and not self.measurement.expected
        )


def run_checks(run: RunContext, pillar: Pillar, checks: Iterable[CheckSpec] | None = None) -> list[Result]:
    """Run a pillar's checks on all their subjects. A check that faults becomes an `errored` result."""
    results = []
    for spec in all_checks() if checks is None else checks:
        if spec.pillar is not pillar:
            continue
        try:
            subjects = list(spec.needs.subjects(run))  # type: ignore[attr-defined]
        except Exception as error:
            results.append(_errored(spec, Subject(None, None, None), error, run.config))
            continue
        for subject in subjects:
            try:
                measurement = spec.function(subject.reference, subject.current)
                if measurement is None:
                    continue
                outcome = judge(spec, measurement, subject.column, run.config)
            except Exception as error:
                results.append(_errored(spec, subject, error, run.config))
                continue
            results.append(Result(spec, subject, measurement, outcome, _limit(spec, subject, run.config)))
    return results


def judge(spec: CheckSpec, measurement: Measurement, column: str | None, config: Config) -> Outcome:
    """Hold a measurement against its threshold.

    PSI warns and fails at or above its bounds. Shares of failing rows and the AUC's drop fail strictly above
    theirs; a drop whose interval includes zero only warns, unless significance is off.
    """
    if isinstance(measurement, NotComputed):
        return Outcome.NOT_COMPUTED
    if isinstance(measurement, Counted):
        limit = _limit(spec, Subject(column, None, None), config) or 0.0
        return Outcome.FAILED if measurement.share > limit else Outcome.PASSED
    match spec.threshold:
        case "psi":
            bands = config.psi_for(column or "")
            if measurement.value >= bands.red:
                return Outcome.FAILED
            return Outcome.WARNED if measurement.value >= bands.yellow else Outcome.PASSED
        case "auc_drop":
            return _judge_drop(measurement, config)
        case _:
            raise ValueError(f"{spec.name} measures a number, and thresholds.{spec.threshold} judges failing rows")


def _judge_drop(measurement: Measured, config: Config) -> Outcome:
    if measurement.value <= config.thresholds.auc_drop.max:
        return Outcome.PASSED
    certain = measurement.interval is not None and measurement.interval[0] > 0
    if config.performance.significance == "off" or certain:
        return Outcome.FAILED
    return Outcome.WARNED


def _limit(spec: CheckSpec, subject: Subject, config: Config) -> float | None:
    match spec.threshold:
        case "missing":
            return config.missing_for(subject.column or "").max
        case "range":
            return config.thresholds.range.max
        case "duplicates":
            return config.thresholds.duplicates.max
        case "auc_drop":
            return config.thresholds.auc_drop.max
        case "psi":
            return config.psi_for(subject.column or "").red
        case "none":
            return 0.0


def _errored(spec: CheckSpec, subject: Subject, error: Exception, config: Config) -> Result:
    # The message of an exception may quote a value, which a private column must not show.
    columns = config.columns if subject.column is None else [subject.column]
    private = any(config.column(name).private for name in columns)
    text = type(error).__name__ if private else f"{type(error).__name__}: {one_line(error)}"
    reason = NotComputed(reason=f"the check faulted: {text}")
    return Result(spec, subject, reason, Outcome.ERRORED, None)
