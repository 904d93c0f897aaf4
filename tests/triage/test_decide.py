"""The verdict the evidence supports, and the steps in order."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dawnwatch import Severity
from dawnwatch.model.causes import Cause, Split
from dawnwatch.model.needed import Needed
from dawnwatch.model.packet import Action
from dawnwatch.triage.decide import actions, decide
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.severity import sla_for
from tests.triage.builders import (
    evidence,
    feature,
    not_computed,
    performance,
    quality_check,
    slice_of,
    strangers,
    told,
)

RED = feature("hour", 0.55, "RED", "night 20% → 63%")
YELLOW = feature("device", 0.15, "YELLOW", "mobile 33% → 45%")
WORSE = performance(0.1, (0.05, 0.15), "failed")
NOISE = performance(0.1, (-0.05, 0.15), "warned")
LATE = not_computed("labels come late")
FAILED = [quality_check("missing", "failed", "age", "9 null of 10 rows")]
BLIND = {"not_judged": ("drift.psi of age could not be judged: gone", "another")}


@pytest.mark.parametrize(
    ("seen", "verdict", "reason"),
    [
        (evidence(), "wait", "No loss of accuracy beyond the tolerance was shown"),
        (evidence(features=[RED]), "wait", "No loss of accuracy beyond the tolerance was shown"),
        (evidence(judged=NOISE), "wait", "The AUC fell by more than its threshold, but within noise"),
        (evidence(judged=WORSE), "cannot_tell", "AUC fell from 0.800 to 0.700 (-0.100, 95% interval -0.150 to -0.050)"),
        (evidence(FAILED, [RED], WORSE, **BLIND), "fix_pipeline", "Missing in age failed: 9 null of 10 rows"),
        (evidence(features=[RED], judged=LATE), "cannot_tell", "Accuracy was not computed: labels come late"),
        (evidence(judged=LATE), "wait", "Accuracy was not computed: labels come late"),
        (evidence(**BLIND), "cannot_tell", "drift.psi of age could not be judged: gone"),
    ],
)
def test_verdicts(seen: Evidence, verdict: str, reason: str) -> None:
    decision = decide(seen)
    assert (decision.verdict, decision.reasons[0]) == (verdict, reason)
    assert decision.would_change


WORSE_IN_PART = performance(
    0.02,
    (0.0, 0.04),
    "failed",
    slices=[slice_of("device", "tablet", 0.2, "failed"), slice_of("device", "pc", 0.0, "passed")],
)
DOUBTED = performance(
    0.02,
    (0.0, 0.04),
    "warned",
    slices=[slice_of("device", "pc", 0.0, "passed"), slice_of("device", "tablet", 0.2, "warned")],
)


def test_a_slice_s_reason_is_said_of_the_slice() -> None:
    assert decide(evidence(judged=DOUBTED)).reasons[0] == (
        "In device = tablet the AUC fell by more than its threshold, but within noise"
    )
    wait = steps(evidence(judged=DOUBTED), "medium")[-1]
    assert wait.action == "Wait for more labels before acting on the drop in device = tablet"
    review = steps(evidence(judged=WORSE_IN_PART), "high")[0]
    assert review.reason.startswith("performance degraded in device = tablet; ")
    whole = steps(evidence(judged=WORSE), "high")[0]
    assert whole.reason.startswith("performance degraded; ")


def test_the_wait_for_labels_is_reasoned_by_a_drop_that_could_be_chance() -> None:
    few = slice_of("device", "fridge", 0.3, "warned")
    few = few.model_copy(update={"drop": few.drop.model_copy(update={"significance": told(None)})})
    judged = DOUBTED.model_copy(update={"slices": [few, *DOUBTED.slices]})
    wait = steps(evidence(judged=judged), "medium")[-1]
    assert (wait.action, wait.reason[:15]) == (
        "Wait for more labels before acting on the drop in device = tablet",
        "it is within no",
    )


def test_what_would_settle_a_drop() -> None:
    assert len(decide(evidence(judged=WORSE)).would_change) == 2
    settled = decide(evidence(judged=WORSE, novelty=strangers(0.86))).would_change
    assert settled[2] == (
        "The AUC on new rider values at training time (`dawnwatch profile --by-unit`): without it the drop may be no "
        "decay"
    )


@pytest.mark.parametrize(
    ("share", "before", "shown", "told_of"),
    [
        (0.31, 0.31, False, False),
        (0.31, 0.31, None, False),
        (0.31, 0.20, False, False),
        (0.31, 0.20, None, True),
        (0.86, 0.0, True, True),
        (0.31, None, None, True),
        (0.1, 0.0, True, False),
    ],
)
def test_new_units_are_a_step_where_there_are_more_of_them(
    share: float, before: float | None, shown: bool | None, told_of: bool
) -> None:
    novelty = strangers(share).model_copy(update={"baseline_share": before, "shown": shown})
    seen = evidence(judged=WORSE, novelty=novelty)
    measure = [step for step in steps(seen, "high") if step.action.startswith("Measure the model on rider values")]
    assert bool(measure) is told_of
    assert any("--by-unit" in change for change in decide(seen).would_change) is told_of


def test_a_slice_that_fell_is_what_settles_it() -> None:
    (auc,) = decide(evidence(judged=WORSE_IN_PART)).settles
    assert (auc.check, auc.subject) == ("performance.auc_drop", "device = tablet")


def steps(seen: Evidence, severity: str) -> list[Action]:
    hours = {"critical": 4, "high": 24, "medium": 336, "low": None}[severity]
    return actions(seen, Severity(severity), sla_for(Severity(severity), hours, datetime(2026, 1, 1, tzinfo=UTC)))


def test_a_critical_packet_from_top_to_bottom() -> None:
    seen = evidence(features=[RED, YELLOW], judged=WORSE, novelty=strangers(0.86))
    assert [(step.action, step.reason) for step in steps(seen, "critical")] == [
        (
            "Page the owner, freeze deploys, and compare the last good model on this window: roll back only if it does "
            "better",
            "performance degraded while inputs drifted; act now, within 4 hours",
        ),
        ("Ask what changed hour: a release, a campaign, an upstream job?", "PSI 0.55, night 20% → 63%"),
        (
            "Measure the model on rider values it never saw, and plan for them",
            "86% of the current rows come from rider values that the training rows never held",
        ),
        (
            "Retrain on recent rows and judge the candidate on later ones, in time order",
            "a random split would promise too much",
        ),
        ("Watch device over the next windows", "PSI 0.15 is in the YELLOW band"),
    ]


def test_what_blinds_comes_first_then_what_is_invalid() -> None:
    found = steps(evidence(FAILED, [RED], WORSE, **BLIND), "critical")
    assert [step.action.split(",")[0] for step in found[:3]] == [
        "Restore what could not be judged",
        "Trace missing in age upstream and fix the pipeline",
        "Page the owner and freeze deploys",
    ]
    assert found[0].reason == "drift.psi of age could not be judged: gone (and 1 more)"


def test_a_severity_of_a_users_own_table_claims_nothing_that_did_not_happen() -> None:
    for severity in Severity:
        text = " ".join(f"{step.action} {step.reason}" for step in steps(evidence(FAILED), severity.value))
        assert "degraded" not in text
        assert "drifted" not in text
        assert "drop" not in text
        assert "roll back only" not in text
    only_worse = steps(evidence(judged=WORSE), "critical")[0]
    assert only_worse.reason == "performance degraded; act now, within 4 hours"


def test_high_asks_for_a_review() -> None:
    assert steps(evidence(judged=WORSE), "high")[0].action == "Have the owner review the drop"
    first = steps(evidence(features=[RED]), "high")[0]
    assert (first.action, first.reason) == ("Have the owner review this window", "urgent review, within 24 hours")


def test_slices_that_fell_apart_are_looked_at_first() -> None:
    fell, held = slice_of("device", "tablet", 0.2, "failed"), slice_of("device", "mobile", 0.0, "passed")
    apart = performance(0.1, (0.05, 0.15), "failed", slices=[fell, held], homogeneity={"device": 0.003})
    (look,) = [step for step in steps(evidence(judged=apart), "high") if step.action.startswith("Look at")]
    assert look.action == "Look at device = tablet first"
    assert "did not fall alike (device p = 0.003)" in look.reason


@pytest.mark.parametrize("homogeneity", [{"device": 0.68}, {"region": 0.001}, {}])
def test_of_slices_that_may_have_fallen_alike_none_is_looked_at_first(homogeneity: dict[str, float]) -> None:
    slices = [slice_of("device", "tablet", 0.2, "failed"), slice_of("device", "mobile", 0.04, "passed")]
    alike = performance(0.1, (0.05, 0.15), "failed", slices=slices, homogeneity=homogeneity)
    assert not any(step.action.startswith("Look at") for step in steps(evidence(judged=alike), "high"))


def test_the_feature_that_explains_the_fall_is_asked_about_before_slices_and_other_features() -> None:
    slices = [slice_of("device", "tablet", 0.2, "failed"), slice_of("device", "mobile", 0.0, "passed")]
    fell = performance(0.1, (0.05, 0.15), "failed", slices=slices, homogeneity={"device": 0.003})
    red = [RED, feature("amount", 0.3, "RED", "> 55 10% → 39%")]
    part = Cause(cause="novelty", column="amount", amount=0.09, interval=(0.05, 0.13))
    found = evidence(features=red, judged=fell, split=Split(parts=[part]))
    said = [step.action.split(":")[0] for step in steps(found, "high")]
    where = [said.index(one) for one in ("Ask what changed amount", "Look at device = tablet first")]
    assert where == sorted(where)
    assert said.index("Look at device = tablet first") < said.index("Ask what changed hour")


def test_no_labels_are_waited_for_where_the_baseline_is_too_small() -> None:
    lacking = Needed(why="within_noise", size=0.058, of="user", now=266, more=None)
    drop = NOISE.drop.model_copy(update={"needed": lacking})
    (only,) = steps(evidence(judged=NOISE.model_copy(update={"drop": drop})), "medium")
    assert only.action == "Enlarge the performance baseline before acting on the drop"
    assert "the performance baseline itself needs more rows" in only.reason


def test_nothing_to_do_only_where_everything_was_judged() -> None:
    assert [(s.action, s.reason) for s in steps(evidence(), "low")] == [
        ("Nothing to do; keep watching", "all checks pass")
    ]
    assert [(s.action, s.reason) for s in steps(evidence(judged=LATE), "low")] == [
        ("Judge accuracy once labels and scores are there", "labels come late")
    ]
    assert [s.action for s in steps(evidence(judged=NOISE), "medium")] == [
        "Wait for more labels before acting on the drop"
    ]


def test_retraining_is_a_step_only_where_the_verdict_leaves_room_for_it() -> None:
    """First where it is the verdict; nowhere beside data or scores at fault, which a new model would learn."""
    said = {}
    for name, more in {"cannot tell": {}, "invalid": {"checks": [quality_check("missing", "failed", "age")]}}.items():
        found = evidence(judged=performance(0.1, (0.05, 0.15), "failed"), **more)
        said[name] = [step.action for step in steps(found, "high")]
    assert said["cannot tell"][-1].startswith("Retrain on recent rows")
    assert not any("Retrain" in step for step in said["invalid"])
