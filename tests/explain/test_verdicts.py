"""The drawn decision is the one that `triage.decide` takes, on every combination of facts."""

from __future__ import annotations

from itertools import product
from typing import get_args

from dawnwatch.config.policy import PolicyRule
from dawnwatch.explain.verdicts import CRITERIA, VERDICTS
from dawnwatch.model.enums import Outcome
from dawnwatch.model.packet import Verdict
from dawnwatch.report.words import VERDICT
from dawnwatch.triage.decide import decide
from dawnwatch.triage.evidence import Evidence
from tests.triage.builders import evidence, feature, not_computed, performance, quality_check

JUDGED = {
    "passed": performance(),
    "noise": performance(0.1, (-0.05, 0.15), "warned"),
    "degraded": performance(0.1, (0.05, 0.15), "failed"),
    "late": not_computed("labels come late"),
    "lost": not_computed("the scores are gone", expected=False),
}


def combinations() -> list[Evidence]:
    found = []
    for quality, bands, accuracy, blind in product(
        ["passed", "failed", "errored"], [["GREEN"], ["YELLOW"], ["RED"], ["RED", "YELLOW"]], JUDGED, [False, True]
    ):
        # What was to be judged and was not is always said: the composer adds a line for it.
        lost = accuracy == "lost" or quality == "errored" or blind
        found.append(
            evidence(
                [quality_check("missing", quality, "age")],
                [feature(f"f{i}", 0.3, band) for i, band in enumerate(bands)],
                JUDGED[accuracy],
                not_judged=("performance.auc_drop could not be judged",) if lost else (),
                blind_pillars=("performance",) if accuracy == "lost" else (),
            )
        )
    return found


def test_every_combination_of_facts_comes_to_the_same_verdict() -> None:
    seen = set()
    for case in combinations():
        rule = next(
            r
            for r in VERDICTS
            # The severity table's own reading of all, any and none.
            if PolicyRule(name=r.name, severity="low", all=r.all, any=r.any, none=r.none).holds(case.facts)
        )
        assert rule.verdict == decide(case).verdict, sorted(case.facts)
        seen.add(rule.name)
    assert seen == {rule.name for rule in VERDICTS}, "each row is reached"


def test_every_combination_differs_in_its_outcomes() -> None:
    outcomes = {(c.quality.outcome, c.performance.outcome, c.drift.outcome) for c in combinations()}
    assert {Outcome.ERRORED, Outcome.FAILED, Outcome.PASSED} <= {quality for quality, _, _ in outcomes}
    assert len({c.facts for c in combinations()}) > 30


def test_every_verdict_has_its_criteria_and_its_word() -> None:
    assert set(CRITERIA) == set(get_args(Verdict)) == set(VERDICT)
