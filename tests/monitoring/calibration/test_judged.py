"""Drawn windows are judged as any other: against the checks and sections of a run, and windows of the same rows."""

from __future__ import annotations

from dataclasses import replace
from math import isinf
from typing import Any

import numpy as np
import pytest

from dawnwatch import Monitor
from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.runner import judge_all
from dawnwatch.config import Config
from dawnwatch.config.policy import INFORMING
from dawnwatch.model.enums import Outcome, Severity
from dawnwatch.model.measurement import Measured
from dawnwatch.monitoring.calibration import drawn
from dawnwatch.monitoring.calibration.found import Incidents, probed
from dawnwatch.monitoring.calibration.history import History
from dawnwatch.monitoring.calibration.judged import Judge, Measures, Subject
from dawnwatch.monitoring.calibration.severity import Facts, Table
from dawnwatch.stats.resampling import Cells, RowDraw
from dawnwatch.triage.severity import first_rule
from tests.monitoring.calibration.by_checks import ByChecks, history, size_of
from tests.monitoring.calibration.log import config, log

ROWS, WINDOW = 12_000, 2000
TOL = 1e-9
TIGHT = {"psi": {"red": 0.002, "yellow": 0.001}, "auc_drop": {"max": 0.001}, "missing": {"max": 0.02}}
TWO = {"kind": {"monitor": True}, "note": {"monitor": True}, "score": {"monitor": True}}


def of(settings: Config, seed: int = 1) -> History:
    return history(settings, log(ROWS, seed, per_unit=5), rows=ROWS, window=WINDOW)


def measures_of(judge: Judge, seed: int) -> Measures:
    return judge.judged(np.random.default_rng(seed))


def by_subject(judge: Judge, measures: Measures) -> dict[Subject, tuple[float | None, float]]:
    """The size and the evidence of every subject."""
    found: dict[Subject, tuple[float | None, float]] = {}
    for subject, share in zip(judge.columns, measures.missing.tolist(), strict=True):
        found[subject] = (share, float("inf"))
    evidence = measures.evidence_of(measures.shifts.p_value)
    for subject, *both in zip(judge.features, measures.shifts.psi.tolist(), evidence.tolist(), strict=True):
        found[subject] = (both[0], both[1])
    for subject, one in measures.falls:
        found[subject] = (size_of(one), measures.evidence(one.measurement))
    return found


@pytest.mark.parametrize("unit", [True, False])
@pytest.mark.parametrize("judge", ["tested", "off"])
def test_what_counts_is_what_the_runner_says(unit: bool, judge: str) -> None:
    settings = config(
        unit=unit,
        roles={"slices": ["kind"]},
        significance={"judge": judge, "level": 0.5},
        thresholds=TIGHT,
        columns=TWO,
    )
    past, outcomes = of(settings), set()
    of_draws = Judge(past, settings)
    for seed in range(12):
        ours, checks = by_subject(of_draws, measures_of(of_draws, seed)), ByChecks.of(past, settings, seed)
        results = {id(result.measurement): result for result in judge_all(checks.found, settings)}
        assert list(ours) == [subject for subject, _ in checks.subjects()]
        for subject, found in checks.subjects():
            (size, evidence), result = ours[subject], results[id(found.measurement)]
            assert size == pytest.approx(size_of(found), rel=TOL)
            limits: dict[str, float] = TIGHT[subject.threshold]  # type: ignore[assignment]
            limit = limits.get("red", limits.get("max", 0.0))
            assert size is not None
            beyond = size >= limit if subject.threshold == "psi" else size > limit
            assert (beyond and evidence >= 1) == (result.outcome is Outcome.FAILED)
            outcomes.add(result.outcome)
    assert {Outcome.FAILED, Outcome.PASSED} <= outcomes


ASKS = [
    {"name": "leading", "severity": "high", "any": ["red_prediction_drift", "red_label_drift"]},
    {"name": "doubtful", "severity": "critical", "all": ["serving_doubtful"]},
    {"name": "rest", "severity": "low"},
]
CASES: dict[str, dict[str, Any]] = {
    "tested": {"significance": {"level": 0.5}},
    "size": {"significance": {"judge": "off"}},
    "strict": {"significance": {"level": 1e-6}},
    "few": {"significance": {"min_units": 100_000}},
    "asks": {
        "policy": ASKS,
        "significance": {"judge": "off"},
        "thresholds": {**TIGHT, "prediction": {"yellow": 0.001, "red": 0.002}},
    },
    "spiked": {"policy": ASKS, "serving": {"spike": 0.0001}},
    "distance": {"drift": {"method": "hellinger"}, "significance": {"level": 0.5}},
    "calm": {"thresholds": {}},
    "late": {"labels": {"expected": "late"}},
    "unlabelled": {"roles": {"label": None}},
}


@pytest.mark.parametrize("unit", [True, False])
def test_facts_and_severity_are_those_of_a_packets_sections(unit: bool) -> None:
    """Under the thresholds windows were drawn with, and under others that are only held against what was kept."""
    told: set[str] = set()
    for case in CASES.values():
        roles = {"slices": ["kind"], **case.get("roles", {})}
        settings = config(unit=unit, **{"thresholds": TIGHT, "columns": TWO, **case, "roles": roles})
        calmer = settings.model_copy(update={"thresholds": Config().thresholds})
        past = of(settings)
        judge = Judge(past, settings)
        unasked = {fact for name, fact in INFORMING.items() if not settings.counts(name)}
        for seed in range(5):
            kept, checks = Facts.of(measures_of(judge, seed)), ByChecks.of(past, settings, seed)
            for held_to in (settings, calmer):
                table, facts = Table(judge, held_to), checks.facts(held_to)
                assert table.facts_of(kept) - unasked == facts - unasked
                assert table.severity_of(kept) is first_rule(held_to.rules, facts).severity
                told |= facts
    by_unit = {"too_few_units"} if unit else set()
    assert {
        "performance_degraded",
        "drop_within_noise",
        "red_drift",
        "red_within_noise",
        "yellow_drift",
        "quality_failed",
        "red_prediction_drift",
        "serving_doubtful",
    } | by_unit <= told


@pytest.mark.parametrize("unit", [True, False])
def test_incidents_measure_what_the_check_says_of_the_same_windows(unit: bool) -> None:
    settings = config(unit=unit, columns=TWO)
    past = of(settings)
    judge = Judge(past, settings)
    incidents = {
        subject: Incidents(subject, past.data.features[subject.name].whole().sum(axis=0)) for subject in judge.features
    }
    measures = measures_of(judge, 3)
    found = probed(incidents, judge, measures, np.random.default_rng(9))
    checks = dict(ByChecks.of(past, settings, 3).subjects())
    rng = np.random.default_rng(9)
    for subject in judge.features:
        one = checks[subject]
        view: Any = one.subject.current
        windows = [view.groups, *incidents[subject].shifted(view.groups, rng)]
        for at, groups in enumerate(windows):
            # In a window of its own, which remembers no test.
            changed = replace(view, counts=groups.sum(axis=1), groups=groups, window=replace(view.window))
            measured = one.spec.function(one.subject.reference, changed)
            assert isinstance(measured, Measured)
            assert found[subject][0][at] == pytest.approx(measured.value, rel=TOL)
            evidence = measures.evidence(measured)
            assert found[subject][1][at] == pytest.approx(evidence, rel=TOL) or isinf(evidence)


def test_a_drawn_window_measures_what_a_window_of_the_same_rows_does() -> None:
    """All units once, from the stretch that is a window's: the newest window, beside the whole reference."""
    settings = config(unit=True, roles={"slices": ["kind"]})
    table = log(ROWS, 3, per_unit=5)
    past = history(settings, table, rows=ROWS, window=WINDOW)
    length, start = past.blocks.length, past.blocks.count - past.blocks.length

    class Whole:
        common = past.starts[-1]

        def current(self, cells: Cells, share: float) -> Any:
            return cells.run(start, length)

        def reference(self, cells: Cells, share: float) -> Any:
            return cells.whole()

    kind, judge = Whole(), Judge(past, settings)
    now, missing = drawn._current(past, kind, kind, np.random.default_rng(1))
    before = drawn._reference(past, kind, kind, past.data)
    windows = [drawn._window(past, side, ["kind"]) for side in (before, now)]
    run = RunContext(settings, windows[0], windows[0], windows[1])
    found = by_subject(judge, judge.measures(drawn.Pair(before.stacks, now.stacks, missing, run)))
    monitor = Monitor(settings).fit(table)
    seen = monitor.observe(table.slice(ROWS - WINDOW))
    real = RunContext(settings, seen.baselines.drift, seen.baselines.performance, seen.current)
    assert past.units_from(start).units == WINDOW / 5
    compared = 0
    for subject, one in ByChecks.reading(real, settings).subjects():
        theirs, ours = one.measurement, found[subject][0]
        if subject.threshold == "missing" or not isinstance(theirs, Measured):
            continue
        compared += 1
        # Coarse score bins stand for the scores, where a run has the rows themselves.
        assert ours == pytest.approx(theirs.value, abs=1e-12 if subject.threshold == "psi" else 2e-3)
    assert compared > 2


@pytest.mark.parametrize("unit", [True, False])
def test_missing_values_are_drawn_as_rows_are(unit: bool) -> None:
    """All columns in one call are what column after column draws from the same generator."""
    past = of(config(unit=unit, columns=TWO))
    for seed, common in enumerate(past.starts):
        at_once, one_by_one = np.random.default_rng(seed), np.random.default_rng(seed)
        found = past.drawn_gaps(at_once, common).tolist()
        for drawn_rows, gone in zip(found, past.data.missing.values(), strict=True):
            if not gone.any():
                assert drawn_rows == 0
                continue
            cells = Cells(np.stack([past.data.rows - gone, gone], axis=1)[:, None])
            draw = RowDraw(one_by_one, past.blocks.length, common, past.fills(past.data))
            assert drawn_rows == draw.current(cells, 0.0)[0, 1]
        assert at_once.random() == one_by_one.random()


def test_severity_is_that_of_the_rules_in_force() -> None:
    calm = config(unit=True)
    past = of(calm)
    tight = config(
        unit=True, significance={"judge": "off"}, thresholds={"psi": {"red": 1e-6}, "auc_drop": {"max": 0.0}}
    )

    def severity(settings: Config) -> Severity:
        judge = Judge(past, settings)
        return Table(judge, settings).severity_of(Facts.of(measures_of(judge, 1)))

    assert severity(calm) in {Severity.LOW, Severity.MEDIUM}
    assert severity(tight) in {Severity.HIGH, Severity.CRITICAL}
