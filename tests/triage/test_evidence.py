"""Which facts the three sections make true."""

from __future__ import annotations

import pytest

from dawnwatch.config.policy import FACTS
from dawnwatch.triage.evidence import Evidence
from tests.triage.builders import evidence, feature, not_computed, performance, quality_check, slice_of


@pytest.mark.parametrize(
    ("seen", "facts"),
    [
        (evidence(), set()),
        (evidence(judged=performance(0.1, outcome="failed")), {"performance_degraded"}),
        (evidence(judged=performance(0.1, outcome="warned")), {"drop_within_noise"}),
        (evidence(features=[feature("a", 0.3, "RED"), feature("b", 0.15, "YELLOW")]), {"red_drift", "yellow_drift"}),
        (evidence([quality_check("schema", "failed")]), {"quality_failed"}),
        (evidence([quality_check("schema", "errored")]), {"check_errored"}),
        (evidence(judged=performance(0.0, slices=[slice_of("d", "x", 0, "errored")])), {"check_errored"}),
        (evidence(judged=not_computed()), {"accuracy_not_judged"}),
        (evidence(judged=not_computed(expected=False)), set()),
        (evidence(not_judged=("x",)), {"check_not_judged"}),
        (evidence(blind_pillars=("drift",)), {"pillar_not_judged"}),
        (evidence(features=[feature("a", None, None)]), set()),
    ],
)
def test_facts(seen: Evidence, facts: set[str]) -> None:
    assert seen.facts == facts
    assert seen.facts <= set(FACTS)


def test_the_drifted_are_worst_first() -> None:
    features = [
        feature("a", 0.15, "YELLOW"),
        feature("b", 0.12, "RED"),
        feature("c", 0.9, "RED"),
        feature("d", 0, "GREEN"),
    ]
    # A feature with bounds of its own may be RED below another's YELLOW.
    assert [f.name for f in evidence(features=features).drifted] == ["c", "a", "b"]
