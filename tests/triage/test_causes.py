"""Causes in words: their order, what most of a fall is, and what follows for actions and decision."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dawnwatch.model.causes import Cause, CauseName, CauseSlice, Harm, PairGroup, Split
from dawnwatch.triage.causes import causes, causes_sentence, harm, mostly, newcomers
from dawnwatch.triage.decide import actions, decide
from dawnwatch.triage.diagnose import diagnose
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.headline import headline
from dawnwatch.triage.severity import Severity, sla_for
from tests.triage.builders import evidence, feature, performance, slice_of, strangers, told
from tests.triage.test_decide import steps

WHEN = datetime(2026, 1, 1, tzinfo=UTC)
WORSE = performance(0.1, (0.05, 0.15), "failed")


def part(
    cause: CauseName, amount: float, *, sure: bool = True, column: str | None = None, resolvable: bool = True
) -> Cause:
    half = 0.01 if sure else 0.2
    return Cause(
        cause=cause,
        column=column,
        amount=amount,
        interval=(amount - half, amount + half),
        resolvable=resolvable,
        top_slices=[CauseSlice(column="hour", value=None, amount=amount, interval=None)] if cause == "mix" else [],
    )


def seen(*parts: Cause, judged: Any = WORSE, **more: Any) -> Evidence:
    return evidence(judged=judged, novelty=strangers(0.86), split=Split(parts=list(parts), **more))


NEW = part("novelty", 0.07, column="rider")
MIX, CONCEPT = part("mix", 0.005, sure=False), part("concept", 0.025, sure=False)


def test_the_largest_part_stands_first_and_each_has_a_sentence() -> None:
    pairs = [PairGroup(which="new", share=0.7, then=0.7, then_interval=None, now=0.69, now_interval=None)]
    found = causes(seen(NEW, MIX, CONCEPT, pairs=pairs))
    assert [(cause.cause, cause.text) for cause in found] == [
        (
            "novelty",
            "New rider values, 86% of the rows, on which the AUC was 0.700 at training time and is 0.690: 0.070 of the "
            "fall (0.060 to 0.080)",
        ),
        (
            "concept",
            "Labels that go with the scores otherwise than before, rows of one kind compared: 0.025 of the fall "
            "(-0.175 to 0.225); that is within noise",
        ),
        (
            "mix",
            "More or fewer rows of kinds that were there before, most by hour: 0.005 of the fall (-0.195 to 0.205); "
            "that is within noise",
        ),
    ]


def test_the_headline_says_what_explains_it_and_what_does_not() -> None:
    assert causes_sentence(seen(NEW, MIX, CONCEPT)) == (
        "of that novelty (new rider values) explains 0.070 (0.060 to 0.080); a changed concept 0.025 and the changed "
        "mix 0.005 are within noise"
    )
    assert causes_sentence(seen(MIX, CONCEPT)) == (
        "no single cause of it is more than noise (a changed concept 0.025, the changed mix 0.005)"
    )
    assert causes_sentence(seen()) == ""


def test_a_part_that_surely_hid_some_of_the_fall_offsets_it() -> None:
    better = part("concept", -0.055)
    harmed = seen(part("mix", 0.12), better)
    assert causes_sentence(harmed) == (
        "of that the changed mix explains 0.120 (0.110 to 0.130); a changed concept offsets the fall by 0.055 "
        "(0.045 to 0.065)"
    )
    assert causes(harmed)[-1].text == (
        "Labels that go with the scores otherwise than before, rows of one kind compared: offsets the fall by 0.055 "
        "(0.045 to 0.065)"
    )
    assert causes_sentence(seen(better, MIX)) == (
        "no single cause of that is more than noise; a changed concept offsets the fall by 0.055 (0.045 to 0.065); the "
        "changed mix 0.005 is within noise"
    )
    assert "a changed concept offsets the fall by 0.055" in headline(harmed)


def test_a_feature_whose_mix_helps_is_said_to() -> None:
    helps = [Harm(column="age", amount=-0.02, interval=(-0.03, -0.01))]
    assert harm(seen(NEW, harms=helps), "age") == "its changed mix offsets the fall by 0.020 (0.010 to 0.030)"
    held = seen(NEW, harms=helps, judged=performance(0.03))
    assert harm(held, "age") == "its changed mix gives the AUC 0.020 (0.010 to 0.030)"


def test_without_a_shown_fall_nothing_is_explained() -> None:
    held = seen(NEW, judged=performance(0.03))
    assert causes(held) == []
    assert causes_sentence(held) == ""
    assert mostly(held) is None


def test_where_a_slice_fell_and_the_whole_rose_no_fall_is_taken_apart() -> None:
    slices = [slice_of("device", "tablet", 0.2, "failed")]
    rose = performance(-0.02, (-0.05, 0.01), "failed", slices=slices)
    harms = [Harm(column="age", amount=-0.02, interval=(-0.03, -0.01))]
    found = seen(part("concept", -0.02), judged=rose, harms=harms, unresolved=["What explains the change"])
    assert (causes(found), causes_sentence(found), mostly(found)) == ([], "", None)
    assert harm(found, "age") == "its changed mix gives the AUC 0.020 (0.010 to 0.030)"
    assert "of that" not in headline(found)
    asked = diagnose(found)
    assert asked.ruled_out == []
    assert asked.unresolved[0] == (
        "What explains the fall in device = tablet: only a fall of the whole is taken apart, and that is none"
    )
    assert "What explains the change" not in asked.unresolved


def test_a_small_gain_is_no_fall_with_a_sign() -> None:
    helps = [Harm(column="age", amount=-0.002, interval=(-0.005, 0.001))]
    assert harm(seen(NEW, harms=helps), "age") == "its changed mix offsets the fall by 0.002 (-0.001 to 0.005)"
    held = seen(NEW, harms=helps, judged=performance(0.03))
    assert harm(held, "age") == "its changed mix gives the AUC 0.002 (-0.001 to 0.005)"


def test_most_is_half_of_the_fall_and_more_than_noise() -> None:
    assert mostly(seen(NEW, CONCEPT)) is NEW
    assert mostly(seen(part("concept", 0.1, sure=False))) is None
    assert mostly(seen(part("concept", 0.04))) is None


def test_where_new_units_explain_it_nothing_speaks_of_rolling_back() -> None:
    strange = seen(NEW, MIX, CONCEPT)
    assert newcomers(strange) is NEW
    sla = sla_for(Severity.CRITICAL, 4, WHEN)
    said = [f"{step.action} {step.reason}" for step in actions(strange, Severity.CRITICAL, sla)]
    assert not any("roll" in text.lower() for text in said)
    assert said[0].startswith("Page the owner: most of the drop is new rider values")
    decision = decide(strange)
    assert decision.verdict == "cannot_tell"
    assert decision.reasons[1].startswith("Most of it is no decay: novelty (new rider values) explains 0.070")
    assert not any("rollback" in text for text in decision.would_change)
    assert diagnose(strange).summary.endswith("most of it for novelty (new rider values).")


def test_the_step_that_asks_for_an_honest_baseline_tells_what_was_measured() -> None:
    def reason(*pairs: PairGroup) -> str:
        found = steps(seen(NEW, pairs=list(pairs)), "critical")
        return next(step.reason for step in found if step.action.startswith("Hold out whole rider values"))

    known, new = (
        PairGroup(which=which, share=0.5, then=then, then_interval=None, now=0.7, now_interval=None)
        for which, then in (("known", 0.7564), ("new", 0.7059))
    )
    assert reason(known, new).endswith("more than new ones can get: AUC 0.756 against 0.706 at training time")
    assert reason(known, new.model_copy(update={"then": None})).endswith("more than new ones can get")
    assert reason().endswith("more than new ones can get")


def test_where_it_cannot_be_told_the_usual_steps_stand() -> None:
    strange = seen(part("novelty", 0.07, column="rider", resolvable=False), CONCEPT)
    assert newcomers(strange) is None
    assert any("roll back only if" in step.action for step in steps(strange, "critical"))
    assert any("`dawnwatch profile --by-unit`" in text for text in decide(strange).would_change)
    (first, *_) = causes(strange)
    assert "cannot be told apart here" in first.text


def test_novelty_of_a_category_is_not_of_new_units() -> None:
    strange = seen(part("novelty", 0.07, column="device"))
    assert newcomers(strange) is None
    assert causes(strange)[0].text.startswith("Rows whose device the reference never held")


@pytest.mark.parametrize(
    ("cause", "resolvable", "begins"),
    [
        ("maturity", True, "Rows whose labels are still to come"),
        ("serving", True, "Scores that are not what the model gives"),
        ("quality", True, "Rows that break the rules of 0 failed data quality checks in age"),
        ("quality", False, "The loss of age and whatever else changed"),
        ("concept", False, "Changed mix and changed concept together"),
    ],
)
def test_what_each_cause_means(cause: CauseName, resolvable: bool, begins: str) -> None:
    column = "age" if cause == "quality" else None
    (found,) = causes(seen(part(cause, 0.1, column=column, resolvable=resolvable)))
    assert found.text.startswith(begins)


def test_the_summary_of_a_fault_with_whatever_else_ends_in_a_full_stop() -> None:
    lost = part("quality", 0.1, column="age", resolvable=False)
    said = diagnose(seen(lost)).summary
    assert said.endswith("most of it for the fault of age, with whatever else changed.")
    assert "the fault of age, with whatever else changed, explains" in headline(seen(lost))


def test_what_a_changed_mix_does_stands_beside_its_feature() -> None:
    moved = feature("hour", 0.55, "RED", "night 20% → 63%", told(True))
    harms = [Harm(column="hour", amount=0.002, interval=(-0.001, 0.005))]
    fell = evidence(features=[moved], judged=WORSE, split=Split(harms=harms))
    assert harm(fell, "hour") == "its changed mix explains 0.002 of the fall (-0.001 to 0.005)"
    assert harm(fell, "device") == ""
    held = evidence(features=[moved], split=Split(harms=harms))
    (finding,) = diagnose(held).findings
    assert finding.text.endswith("its changed mix takes 0.002 from the AUC (-0.001 to 0.005)")
