"""Drawn windows are judged as any other: against the runner, and against windows of the same rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import Monitor, open_source
from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.runner import judge_all
from dawnwatch.config import Config
from dawnwatch.model.enums import Outcome, Severity
from dawnwatch.model.measurement import Measured
from dawnwatch.monitoring.calibration.cut import cut
from dawnwatch.monitoring.calibration.drawn import pair
from dawnwatch.monitoring.calibration.history import History
from dawnwatch.monitoring.calibration.judged import judged, severity_of, size_of
from dawnwatch.monitoring.calibration.schedule import blocks_of, schedule
from tests.monitoring.calibration.log import config, log

ROWS, WINDOW = 12_000, 2000


def history(settings: Config, table: pa.Table) -> History:
    source = open_source(table)
    plan = Monitor(settings).fit(table)._fitted().plan
    pool = cut(source, plan, blocks_of(source, "at", schedule("1d", str(WINDOW)), ROWS), ["kind"])
    return History(plan, blocks_of(source, "at", schedule("1d", str(WINDOW)), ROWS), pool, pool, WINDOW)


@pytest.mark.parametrize("unit", [True, False])
@pytest.mark.parametrize("judge", ["tested", "off"])
def test_what_counts_is_what_the_runner_says(unit: bool, judge: str) -> None:
    thresholds = {"psi": {"red": 0.002, "yellow": 0.001}, "auc_drop": {"max": 0.001}, "missing": {"max": 0.02}}
    settings = config(
        unit=unit, roles={"slices": ["kind"]}, significance={"judge": judge, "level": 0.5}, thresholds=thresholds
    )
    past = history(settings, log(ROWS, 1, per_unit=5))
    outcomes = set()
    for seed in range(12):
        measures = judged(pair(past, settings, np.random.default_rng(seed)))
        results = {id(r.measurement): r for r in judge_all(measures.found, settings)}
        for subject, found in measures.subjects():
            size, result = size_of(found), results[id(found.measurement)]
            limit = thresholds[subject.threshold].get("red", thresholds[subject.threshold].get("max", 0.0))
            assert size is not None
            beyond = size >= limit if subject.threshold == "psi" else size > limit
            assert (beyond and measures.evidence(found.measurement) >= 1) == (result.outcome is Outcome.FAILED)
            outcomes.add(result.outcome)
    assert {Outcome.FAILED, Outcome.PASSED} <= outcomes


def test_a_drawn_window_measures_what_a_window_of_the_same_rows_does() -> None:
    """All units once, from the stretch that is a window's: the newest window, beside the whole reference."""
    settings = config(unit=True, roles={"slices": ["kind"]})
    table = log(ROWS, 3, per_unit=5)
    past = history(settings, table)
    length, start = past.blocks.length, past.blocks.count - past.blocks.length

    class Whole:
        common = start

        def current(self, cells, share):  # type: ignore[no-untyped-def]
            return cells.run(start, length)

        def reference(self, cells, share):  # type: ignore[no-untyped-def]
            return cells.whole()

    from dawnwatch.monitoring.calibration import drawn

    kind, rng = Whole(), np.random.default_rng(1)
    windows = [
        drawn._window(past, of)
        for of in (
            drawn._reference(past, kind, kind, past.data),
            drawn._current(past, kind, kind, rng),
        )
    ]
    run = RunContext(settings, windows[0], windows[0], windows[1])
    found = {(s.threshold, s.name): f.measurement for s, f in judged(run).subjects()}
    monitor = Monitor(settings).fit(table)
    newest = table.slice(ROWS - WINDOW)
    seen = monitor.observe(newest)
    real = RunContext(settings, seen.baselines.drift, seen.baselines.performance, seen.current)
    assert past.units_from(start).units == WINDOW / 5
    for subject, one in judged(real).subjects():
        theirs, ours = one.measurement, found[subject.threshold, subject.name]
        if subject.threshold == "missing" or not isinstance(theirs, Measured):
            continue
        assert isinstance(ours, Measured)
        # Coarse score bins stand for the scores, where a run has the rows themselves.
        assert ours.value == pytest.approx(theirs.value, abs=1e-12 if subject.threshold == "psi" else 2e-3)


def test_severity_is_that_of_the_rules_in_force() -> None:
    calm = config(unit=True)
    past = history(calm, log(ROWS, 1, per_unit=5))
    tight = config(
        unit=True, significance={"judge": "off"}, thresholds={"psi": {"red": 1e-6}, "auc_drop": {"max": 0.0}}
    )
    rng = np.random.default_rng(1)
    assert severity_of(judged(pair(past, calm, rng)), calm) in {Severity.LOW, Severity.MEDIUM}
    measures = judged(pair(past, tight, np.random.default_rng(1)))
    expected = {Severity.HIGH, Severity.CRITICAL}
    assert severity_of(measures, tight) in expected
