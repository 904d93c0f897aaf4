"""Drawn windows as the checks and the sections of a packet read them, which a calibration must agree with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from dawnwatch import Monitor, open_source
from dawnwatch.checks.budget import Budget
from dawnwatch.checks.drift.section import drift_section
from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.estimates import keep_facts, kept_facts
from dawnwatch.checks.performance.scores import Scores
from dawnwatch.checks.performance.section import performance_section
from dawnwatch.checks.quality.section import quality_section
from dawnwatch.checks.registry import all_checks
from dawnwatch.checks.runner import Found, judge_all, measure
from dawnwatch.config import Config
from dawnwatch.model.enums import Pillar
from dawnwatch.model.measurement import Counted, Measured
from dawnwatch.model.profile import COUNTERS
from dawnwatch.monitoring.calibration.cut import cut
from dawnwatch.monitoring.calibration.drawn import Pair, pair
from dawnwatch.monitoring.calibration.history import History
from dawnwatch.monitoring.calibration.judged import Subject
from dawnwatch.monitoring.calibration.schedule import blocks_of, schedule
from dawnwatch.triage.evidence import Evidence

THRESHOLDS = {"drift.psi": "psi", "performance.auc_drop": "auc_drop", "quality.missing": "missing"}


def history(settings: Config, table: pa.Table, *, rows: int, window: int) -> History:
    source = open_source(table)
    plan = Monitor(settings).fit(table)._fitted().plan
    blocks = blocks_of(source, "at", schedule("1d", str(window)), rows)
    pool = cut(source, plan, blocks, settings.watched)
    return History(plan, blocks, pool, pool, window)


@dataclass(frozen=True)
class ByChecks:
    run: RunContext
    found: list[Found]
    budget: Budget | None

    @classmethod
    def of(cls, past: History, settings: Config, seed: int) -> ByChecks:
        """The pair that a judge draws with this seed, with every feature and missing value in its windows."""
        return cls.judging(pair(past, settings, np.random.default_rng(seed), settings.watched), past, settings)

    @classmethod
    def judging(cls, drawn: Pair, past: History, settings: Config) -> ByChecks:
        missing, profile = dict(zip(past.data.missing, drawn.missing, strict=True)), drawn.run.current.profile
        columns = {}
        for name, column in profile.columns.items():
            counts = np.zeros(len(COUNTERS), np.int64)
            counts[COUNTERS.index("null")] = missing[name]
            columns[name] = replace(column, counts=counts)
        current = replace(drawn.run.current, profile=replace(profile, columns=columns))
        keep_facts(current, kept_facts(drawn.run.current))
        return cls.reading(replace(drawn.run, current=current), settings)

    @classmethod
    def reading(cls, run: RunContext, settings: Config) -> ByChecks:
        found = [
            *measure(run, Pillar.QUALITY, [spec for spec in all_checks() if spec.name == "quality.missing"]),
            *measure(run, Pillar.DRIFT, [spec for spec in all_checks() if spec.threshold != "domain"]),
            *measure(run, Pillar.PERFORMANCE),
        ]
        return cls(run, found, Budget.of([(one.spec, one.measurement) for one in found], settings))

    def subjects(self) -> Iterator[tuple[Subject, Found]]:
        for one in self.found:
            if one.spec.name in THRESHOLDS:
                current = one.subject.current
                name = one.subject.column or ""
                if isinstance(current, Scores):
                    name = "overall" if current.slice is None else " = ".join(current.slice)
                yield Subject(THRESHOLDS[one.spec.name], name), one  # type: ignore[arg-type]

    def facts(self, settings: Config) -> frozenset[str]:
        """The facts of the packet's sections, as a run makes them."""
        run, results = replace(self.run, config=settings), judge_all(self.found, settings)
        of = {pillar: [result for result in results if result.spec.pillar is pillar] for pillar in Pillar}
        return Evidence(
            quality_section(of[Pillar.QUALITY]),
            drift_section(of[Pillar.DRIFT], run, trained_on=None),
            performance_section(of[Pillar.PERFORMANCE], run, baseline="", score_source=""),
        ).facts


def size_of(found: Found) -> float | None:
    measurement = found.measurement
    if isinstance(measurement, Counted):
        return measurement.share
    return measurement.value if isinstance(measurement, Measured) else None
