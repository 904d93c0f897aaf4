"""The decision that stands once the actions were replayed: one table, with what the replay shows beside the packet."""

from __future__ import annotations

from typing import Any

import pytest

from dawnwatch.explain.example import example
from dawnwatch.model.needed import Needed
from dawnwatch.model.packet import Settles, TriagePacket
from dawnwatch.model.replay import Advice, Replay
from dawnwatch.triage.decide import COMPARE, FREEZE, RETRAIN
from dawnwatch.triage.standing import REPLAYED, replay_classes, settled, standing
from dawnwatch.triage.verdicts import VERDICTS, first_verdict
from tests.report.sample_replay import FOUND, candidate


def packet(*facts: str, classes: tuple[str, ...] = (), **more: Any) -> TriagePacket:
    """The example's packet with other facts, decided as the table says of them."""
    base = example()
    row = first_verdict({*facts, *classes})
    own = base.decision.model_copy(update={"verdict": row.verdict, "rule": row.name, "classes": sorted(classes)})
    return base.model_copy(update={"facts": list(facts), "decision": own} | more)


def replay(verdict: str, name: str | None = None, **more: Any) -> Replay:
    advice = Advice.model_validate({"verdict": verdict, "candidate": name, "text": f"It says {verdict}"})
    return FOUND.model_copy(update={"advice": advice} | more)


FELL = packet("performance_degraded", "red_drift", classes=("mostly_new_units",))
CASES = [
    ("rollback", "earlier model replayed", "Roll back to may"),
    ("retrain", "retraining replayed", "Put the model of the replay in the deployed one's place: may"),
    ("recalibrate", "recalibration replayed", "Put over the scores: may"),
    ("wait", "nothing better replayed", "Keep the deployed model: no action that was replayed does better"),
]


@pytest.mark.parametrize(("verdict", "rule", "step"), CASES)
def test_what_was_replayed_is_the_decision_with_the_packets_own_as_history(verdict: str, rule: str, step: str) -> None:
    assert FELL.decision.verdict == "cannot_tell"
    found = settled(FELL, replay(verdict, "may"))
    assert (found.verdict, found.before) == (verdict, "cannot_tell")
    after = standing(FELL, found)
    assert (after.decision.verdict, after.decision.rule) == (verdict, rule)
    assert after.decision.reasons[0] == f"It says {verdict}"
    assert after.decision.reasons[-1] == "Before the replay: cannot tell from this evidence"
    assert after.decision.would_change
    assert after.actions[0].action == step
    assert {*FELL.decision.classes} < {*after.decision.classes}
    assert settled(FELL, found) is found
    # For showing alone: what was judged is not touched.
    changed = {"decision", "actions"}
    assert after.model_dump(exclude=changed) == FELL.model_dump(exclude=changed)


def test_what_would_change_it_says_what_is_done_in_words() -> None:
    for verdict, name, said in (
        ("rollback", "may", "Later labels on which to roll back to may is no better than to wait"),
        ("retrain", "retrain on current", "Later labels on which to retrain on current is no better than to wait"),
    ):
        assert standing(FELL, replay(verdict, name)).decision.would_change[0].startswith(said)


@pytest.mark.parametrize("verdict", ["wait", "retrain"])
def test_what_a_fall_lacks_still_stands_after_a_replay(verdict: str) -> None:
    lacking = Needed(why="within_noise", size=0.06, of="label", now=900, more=400)
    open_to = [
        Settles(check="performance.auc_drop", text="the drop is above 0.05", needed=lacking),
        Settles(check="performance.rescore", text="the logged scores are not the model's"),
    ]
    calm = packet()
    calm = calm.model_copy(update={"decision": calm.decision.model_copy(update={"settles": open_to})})
    after = standing(calm, replay(verdict, "may")).decision
    assert after.settles == open_to[:1]
    assert after.would_change[-1] == lacking.text
    assert standing(FELL, replay(verdict, "may")).decision.settles == []


def test_every_row_of_a_replay_is_reached() -> None:
    assert {rule for _, rule, _ in CASES} == REPLAYED
    assert {row.name for row in VERDICTS} > REPLAYED


def test_steps_that_the_replay_answers_are_gone() -> None:
    asked = [
        step.model_copy(update={"action": text})
        for step, text in zip(FELL.actions, (COMPARE, RETRAIN[0]), strict=False)
    ]
    after = standing(FELL.model_copy(update={"actions": asked}), replay("wait"))
    assert [step.action for step in after.actions[1:]] == [FREEZE]


@pytest.mark.parametrize(
    ("verdict", "page"),
    [
        ("retrain", "Page the owner: retrain, and hold every other deploy"),
        ("rollback", "Page the owner: roll back, and hold every other deploy"),
        ("wait", FREEZE),
    ],
)
def test_the_page_follows_the_decision_that_stands(verdict: str, page: str) -> None:
    asked = [FELL.actions[0].model_copy(update={"action": COMPARE})]
    after = standing(FELL.model_copy(update={"actions": asked}), replay(verdict, "retrain on current"))
    assert [step.action for step in after.actions[1:]] == [page]


@pytest.mark.parametrize(
    ("facts", "classes"), [(("quality_failed",), ()), (("serving_failed", "performance_degraded"), ("mostly_concept",))]
)
def test_rows_at_fault_outweigh_a_replay_on_them(facts: tuple[str, ...], classes: tuple[str, ...]) -> None:
    wrong = packet(*facts, classes=classes)
    after = standing(wrong, replay("retrain", "retrain on current"))
    assert after.decision.verdict == "fix_pipeline"
    assert (
        after.decision.reasons[-1] == "A replay on such rows decides nothing; by itself it would say: It says retrain"
    )
    assert after.actions == wrong.actions
    assert settled(wrong, replay("retrain")).verdict == "fix_pipeline"


def test_a_replay_that_cannot_tell_leaves_the_packets_decision() -> None:
    concept = packet("performance_degraded", classes=("mostly_concept",))
    after = standing(concept, replay("cannot_tell"))
    assert (after.decision.verdict, after.decision.rule) == ("retrain", "changed concept")
    assert after.decision.reasons[-1] == "The replay does not change it. It says cannot_tell"


def test_retraining_that_gains_nothing_takes_back_what_the_concept_asked_for() -> None:
    concept = packet("performance_degraded", classes=("mostly_concept",))
    assert concept.decision.verdict == "retrain"
    assert standing(concept, replay("wait")).decision.verdict == "wait"


def test_scores_whose_level_is_off_are_recalibrated_though_nothing_ranks_better() -> None:
    off = packet(classes=("level_moved",))
    assert standing(off, replay("wait")).decision.rule == "level of the scores"
    early = packet("quality_failed", classes=("labels_to_come",))
    assert standing(early, replay("recalibrate")).decision.rule == "labels to come"


def test_an_earlier_model_that_does_no_better_settles_what_a_deploy_leaves_open() -> None:
    deploy = packet("performance_degraded", classes=("began_at_deploy", "mostly_concept"))
    assert deploy.decision.rule == "began at a deploy"
    waiting = FOUND.candidates[0]
    worse = replay("cannot_tell", candidates=[waiting, candidate("may", "rollback", 0.66, 0.64)])
    assert replay_classes(worse) == {"older_no_better"}
    after = standing(deploy, worse).decision
    assert (after.verdict, after.rule) == ("retrain", "changed concept")
    assert "What then holds of this packet is the row 'changed concept'" in after.reasons[-2]
    # A version that ranks worse than others' rows do, too: the same rows say more.
    versions = packet("version_worse", "performance_degraded")
    assert (versions.decision.verdict, standing(versions, worse).decision.rule) == ("rollback", "harm shown")
    unclear = replay("cannot_tell", candidates=[waiting, candidate("may", "rollback", 0.70, 0.64, half=0.05)])
    assert replay_classes(unclear) == frozenset()
    assert standing(versions, unclear).decision.verdict == "rollback"
