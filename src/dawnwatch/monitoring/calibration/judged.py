"""Drawn windows, judged: what each check measured of each, and which of them would have called someone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf, log

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.budget import Budget, too_few
from dawnwatch.checks.drift.section import drift_section
from dawnwatch.checks.needs import Bins, RunContext
from dawnwatch.checks.performance.scores import Scores
from dawnwatch.checks.performance.section import performance_section
from dawnwatch.checks.quality.section import quality_section
from dawnwatch.checks.registry import all_checks
from dawnwatch.checks.runner import Found, judge_all, measure
from dawnwatch.config import Config
from dawnwatch.model.calibration import ThresholdName
from dawnwatch.model.enums import Pillar, Severity
from dawnwatch.model.measurement import Counted, Measured, Measurement, NotComputed
from dawnwatch.stats.auc import AucEstimate, auc_from_counts
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.severity import first_rule

__all__ = ["Measures", "Subject", "judged", "measured", "severity_of", "size_of", "with_bins", "with_scores"]

Ints = NDArray[np.int64]
CALIBRATED = {"psi": "drift.psi", "auc_drop": "performance.auc_drop", "missing": "quality.missing"}
"""Checks whose threshold is calibrated, by its name."""
LEAST = 1e-300


@dataclass(frozen=True, order=True)
class Subject:
    """What one threshold is held against: a feature, a column, the AUC overall or of a slice."""

    threshold: ThresholdName
    name: str


@dataclass(frozen=True)
class Measures:
    """What one drawn window measured.

    Attributes
    ----------
    found : all of it, as the runner gives it
    budget : what its tests share; None where size alone is judged
    """

    run: RunContext
    found: list[Found]
    budget: Budget | None

    def subjects(self) -> Iterator[tuple[Subject, Found]]:
        """Yield what has a threshold to calibrate."""
        for found in self.found:
            for threshold, check in CALIBRATED.items():
                if found.spec.name == check:
                    yield Subject(threshold, _name(found)), found  # type: ignore[arg-type]

    def evidence(self, measurement: Measurement) -> float:
        """Return how much stands against chance: 1 or more counts, and inf where size alone is judged.

        The logarithm of the p-value over that of the largest that counts; 0 where too few units are there to be tested.
        """
        if self.budget is None or not isinstance(measurement, Measured):
            return inf
        chance = measurement.chance
        if chance is None or too_few(measurement, self.budget.least) is not None:
            return 0.0
        return log(max(chance.p_value, LEAST)) / log(self.budget.each)


def judged(run: RunContext) -> Measures:
    """Measure a drawn pair by every check of drift and performance, and the share of missing values."""
    missing = [spec for spec in all_checks() if spec.name == CALIBRATED["missing"]]
    found = [
        *measure(run, Pillar.QUALITY, missing),
        # A drawn pair has no rows that a classifier could be asked of.
        *measure(run, Pillar.DRIFT, [spec for spec in all_checks() if spec.threshold != "domain"]),
        *measure(run, Pillar.PERFORMANCE),
    ]
    return Measures(run, found, Budget.of([(one.spec, one.measurement) for one in found], run.config))


def severity_of(measures: Measures, config: Config) -> Severity:
    """Return the severity of a drawn pair under a configuration, by the rules in force."""
    run = replace(measures.run, config=config)
    results = judge_all(measures.found, config)
    of = {pillar: [result for result in results if result.spec.pillar is pillar] for pillar in Pillar}
    evidence = Evidence(
        quality_section(of[Pillar.QUALITY]),
        drift_section(of[Pillar.DRIFT], run, trained_on=None),
        performance_section(of[Pillar.PERFORMANCE], run, baseline="", score_source=""),
    )
    return first_rule(config.rules, evidence.facts).severity


def measured(found: Found, current: object) -> Measured | None:
    """Return what the check says of another current window; None where nothing could be computed."""
    measurement = found.spec.function(found.subject.reference, current)
    return measurement if isinstance(measurement, Measured) else None


def with_bins(view: Bins, table: Ints) -> Bins:
    """Return a feature's view with other rows in its bins, shape (bins, groups)."""
    return replace(view, counts=table.sum(axis=1), groups=table, window=replace(view.window))


def with_scores(view: Scores, table: Ints) -> Scores:
    """Return the view of labels and scores with others, shape (groups, label, score bin)."""
    auc: AucEstimate | None = auc_from_counts(*table.sum(axis=0)[:2, :-1])
    return replace(view, auc=auc, groups=table, window=replace(view.window))


def size_of(found: Found) -> float | None:
    """Return the size that is held against the threshold; None where it was not computed."""
    measurement = found.measurement
    if isinstance(measurement, NotComputed):
        return None
    return measurement.share if isinstance(measurement, Counted) else measurement.value


def _name(found: Found) -> str:
    current = found.subject.current
    if isinstance(current, Scores):
        return "overall" if current.slice is None else " = ".join(current.slice)
    return found.subject.column or "the whole table"
