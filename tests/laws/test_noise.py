"""What a monitor must say of noise and of what is plainly broken, where a well-known one does not.

Evidently 0.7.23, as it comes, chooses its test by the number of rows and corrects for nothing. `make noise-bench` asks
it about these very windows.
"""

from __future__ import annotations

import pytest
from benchmarks.noise.ours import drifted, judged, missing
from benchmarks.noise.windows import BROKEN, CASES, COLUMNS, Case

from dawnwatch.model.enums import Band

UNCHANGED = [case for case in CASES if not case.drifts]
LOST = [case for case in CASES if case.drifts]
RUNS = [(case, seed) for case in UNCHANGED for seed in range(case.seeds)]


def titled(value: object) -> str:
    return value.title if isinstance(value, Case) else str(value)


@pytest.mark.parametrize(("case", "seed"), RUNS, ids=titled)
def test_where_nothing_changed_no_column_is_called_drifted(case: Case, seed: int) -> None:
    """Evidently flags 5 to 9 of 20 columns at 5,000 rows against 200, in each of ten runs; at 1,000 against 1,000 one
    column at least in half of the runs. Here all tests of a run share one percent.
    """
    packet = judged(case.pair(seed))
    assert drifted(packet) == set()
    assert not {"red_drift", "yellow_drift"} & set(packet.facts)
    assert all(f.significance is not None and f.significance.p_value is not None for f in packet.drift.features)
    assert packet.error_budget is not None
    assert packet.error_budget.tests == len(COLUMNS)


def test_uncorrected_tests_would_have_flagged_some() -> None:
    """At five percent each, twenty tests find a column in 64 of 100 runs; so the windows above are no easy ones."""
    case = UNCHANGED[0]
    tests = [[f.significance for f in judged(case.pair(seed)).drift.features] for seed in range(case.seeds)]
    flagged = [[t for t in run if t is not None and t.p_value is not None and t.p_value <= 0.05] for run in tests]
    assert sum(map(bool, flagged)) >= 3


@pytest.mark.parametrize("case", LOST, ids=titled)
def test_a_column_that_loses_its_values_is_found_and_the_others_are_judged(case: Case) -> None:
    """Evidently's drift drops what is missing before it compares, so a column that goes from 0 to 60 % NaN has not
    drifted; and one column that is null throughout ends its whole report in an error.
    """
    for seed in range(case.seeds):
        packet = judged(case.pair(seed))
        assert drifted(packet) == missing(packet) == {BROKEN}
        assert "quality_failed" in packet.facts
        found = next(feature for feature in packet.drift.features if feature.name == BROKEN)
        assert found.band is Band.RED
        assert found.moved_most is not None
        assert found.moved_most.startswith("(missing) 0%")
        assert {f.name for f in packet.drift.features if f.psi is not None} == set(COLUMNS)
        assert packet.could_not_judge == []
