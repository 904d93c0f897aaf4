"""The severity of a drawn window, from the few numbers it follows from: under any thresholds, without another draw.

The facts are those of `triage.evidence.Evidence`, which is handed the parts of a packet that it reads and no others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isnan

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.budget import Budget, Verdict
from dawnwatch.checks.drift.shifts import band_of
from dawnwatch.checks.performance.scores import Scores
from dawnwatch.checks.performance.section import outcome_with_slices
from dawnwatch.checks.performance.symptoms import symptoms
from dawnwatch.checks.registry import CheckSpec, all_checks
from dawnwatch.checks.runner import Found, bands_of, judge
from dawnwatch.config import Config
from dawnwatch.model.auc import Drop, SlicePerformance, VersionPerformance
from dawnwatch.model.drift import Drift
from dawnwatch.model.enums import Band, Outcome, Severity
from dawnwatch.model.feature_drift import FeatureDrift, OutputDrift
from dawnwatch.model.measurement import Measured, Measurement, NotComputed, Significance
from dawnwatch.model.performance import Performance
from dawnwatch.model.quality import Quality, QualityCheck
from dawnwatch.model.serving import Symptom
from dawnwatch.monitoring.calibration.judged import Judge, Measures
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.severity import first_rule

__all__ = ["Facts", "Table"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Test:
    """One measurement that a check made, without the window it was made of."""

    spec: CheckSpec
    column: str | None
    slice: tuple[str, str] | None
    measurement: Measurement
    faulted: bool
    significance: Significance | None
    """None where it was not tested, or size alone is judged."""


@dataclass(frozen=True)
class Facts:
    """What the severity of one drawn window follows from.

    Attributes
    ----------
    missing : share of rows without a value of every judged column, shape (columns,)
    psi, p_values : of every feature judged by its PSI, shape (features,); NaN where there is none
    few : why features could not be tested
    budget : what the tests share; None where size alone is judged
    tests : all other measurements
    doubts : signs that scores are not the model's
    """

    missing: Floats
    psi: Floats
    p_values: Floats
    few: str | None
    budget: Budget | None
    tests: tuple[Test, ...]
    doubts: tuple[Symptom, ...]

    @classmethod
    def of(cls, measures: Measures) -> Facts:
        """Return what is to be kept of a judged window."""
        run, budget = measures.pair.run, measures.budget
        return cls(
            missing=measures.missing,
            psi=measures.shifts.psi,
            p_values=measures.shifts.p_value,
            few=measures.few,
            budget=None if budget is None else replace(budget, q_values={}),
            tests=tuple(_test(found, budget) for found in measures.found),
            doubts=tuple(one for one in symptoms(run) if one.outcome is Outcome.FAILED),
        )

    def verdict(self, p_value: float) -> Verdict | None:
        """Return whether a feature's shift is more than chance, by its p-value, NaN where there is no test."""
        return None if self.budget is None else self.budget.says(self.few, None if isnan(p_value) else p_value)


class Table:
    """The severity table of a configuration, with its thresholds for every subject."""

    def __init__(self, judge: Judge, config: Config) -> None:
        self._config, self._judge = config, judge
        self._bands = [config.psi_for(feature.name) for feature in judge.features]
        self._yellow = np.array([bands.yellow for bands in self._bands])
        self._most = np.array([config.missing_for(column.name).max for column in judge.columns])
        self._checks = {spec.name: spec for spec in all_checks()}

    def severity_of(self, facts: Facts) -> Severity:
        """Return the severity of a drawn window, by the rules in force."""
        return first_rule(self._config.rules, self.facts_of(facts)).severity

    def facts_of(self, facts: Facts) -> frozenset[str]:
        """Return the facts of `config.policy.FACTS` that hold for a drawn window."""
        outcomes = [(test, self._outcome(test)) for test in facts.tests]
        return Evidence(self._quality(facts), self._drift(facts, outcomes), self._performance(facts, outcomes)).facts

    def _outcome(self, test: Test) -> Outcome:
        if test.faulted:
            return Outcome.ERRORED
        return judge(test.spec, test.measurement, test.column, self._config, test.significance)

    def _quality(self, facts: Facts) -> Quality:
        spec, checks = self._checks["quality.missing"], []
        for at in np.flatnonzero(np.nan_to_num(facts.missing) > self._most):
            # Which of them is gravest is for reading: no fact follows from it.
            given = {"failed_rows": None, "rows": 0, "outcome": Outcome.FAILED}
            checks.append(
                QualityCheck.model_construct(
                    None, name=spec.short, kind=spec.kind, column=self._judge.columns[at].name, **given
                )
            )
        return Quality.model_construct(checks=checks)

    def _drift(self, facts: Facts, outcomes: list[tuple[Test, Outcome]]) -> Drift:
        features = []
        # Of what lies in the GREEN band no fact follows, unless its check faulted.
        for at in np.flatnonzero(~(facts.psi < self._yellow)):
            size, name = float(facts.psi[at]), self._judge.features[at].name
            if np.isnan(size):
                features.append(FeatureDrift.model_construct(name=name, psi=None, band=None, outcome=Outcome.ERRORED))
                continue
            significance = _significance(facts.verdict(float(facts.p_values[at])))
            band = band_of(size, self._bands[at])
            outcome = judge(self._checks["drift.psi"], Measured(size, "nats", 0), name, self._config, significance)
            features.append(
                FeatureDrift.model_construct(name=name, psi=size, band=band, outcome=outcome, significance=significance)
            )
        outputs = []
        for test, outcome in outcomes:
            if test.spec.threshold == "distance":
                features.append(FeatureDrift.model_construct(None, **self._shift(test, outcome)))
            elif test.spec.threshold in {"prediction", "label"}:
                what = test.spec.threshold
                given = {"what": what, "raises": self._config.counts(what), **self._shift(test, outcome)}
                outputs.append(OutputDrift.model_construct(None, **given))
        return Drift.model_construct(features=features, outputs=outputs, domain=None)

    def _shift(self, test: Test, outcome: Outcome) -> dict[str, object]:
        band: Band | None = None
        if isinstance(test.measurement, Measured):
            bands = bands_of(test.spec, test.column, test.measurement.method, self._config)
            band = band_of(test.measurement.value, bands)
        # Sorted by the PSI for reading only, which no fact follows from.
        return {
            "name": test.column or "",
            "psi": None,
            "band": band,
            "outcome": outcome,
            "significance": test.significance,
        }

    def _performance(self, facts: Facts, outcomes: list[tuple[Test, Outcome]]) -> Performance:
        falls = [(test, outcome) for test, outcome in outcomes if test.spec.name == "performance.auc_drop"]
        whole = next(((test, outcome) for test, outcome in falls if test.slice is None), None)
        slices = [
            SlicePerformance.model_construct(
                column=test.slice[0], value=test.slice[1], drop=_drop(test, outcome), outcome=outcome
            )
            for test, outcome in falls
            if test.slice is not None
        ]
        versions = [
            VersionPerformance.model_construct(drop=_drop(test, outcome), outcome=outcome)
            for test, outcome in outcomes
            if test.spec.name == "performance.version_gap"
        ]
        overall = Outcome.NOT_COMPUTED if whole is None else whole[1]
        return Performance.model_construct(
            drop=Drop.model_construct(value=None) if whole is None else _drop(*whole),
            outcome=outcome_with_slices(overall, [one.outcome for one in slices]),
            slices=slices,
            threshold=self._config.thresholds.auc_drop.max,
            expected=whole is None or not _unexpected(*whole),
            symptoms=list(facts.doubts),
            versions=versions,
        )


def _test(found: Found, budget: Budget | None) -> Test:
    measurement, current = found.measurement, found.subject.current
    verdict = None if budget is None or found.faulted else budget.verdict(found.spec, measurement)
    if isinstance(measurement, Measured):
        measurement = replace(measurement, chance=None, clustering=None)
    of = current.slice if isinstance(current, Scores) else None
    return Test(found.spec, found.subject.column, of, measurement, found.faulted, _significance(verdict))


def _significance(verdict: Verdict | None) -> Significance | None:
    if verdict is None:
        return None
    return Significance.model_construct(significant=verdict.significant, reason=verdict.reason)


def _drop(test: Test, outcome: Outcome) -> Drop:
    value = test.measurement.value if isinstance(test.measurement, Measured) else None
    return Drop.model_construct(value=value, outcome=outcome, significance=test.significance)


def _unexpected(test: Test, outcome: Outcome) -> bool:
    found = test.measurement
    return outcome is Outcome.ERRORED or (isinstance(found, NotComputed) and not found.expected)
