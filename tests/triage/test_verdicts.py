"""The table of actions: each row is reached by evidence, says why, and says what would change it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from dawnwatch.checks.registry import all_checks
from dawnwatch.config.policy import FACTS
from dawnwatch.model.auc import Drop, VersionPerformance
from dawnwatch.model.causes import Cause, CauseName, CauseSlice, Split
from dawnwatch.model.enums import Band, Outcome, Pillar, Severity
from dawnwatch.model.feature_drift import BinShare, Clock
from dawnwatch.model.history import Event, Onset
from dawnwatch.model.maturity import Cohort, Maturity
from dawnwatch.model.needed import Needed
from dawnwatch.model.self_watch import Watch
from dawnwatch.model.serving import Serving, Symptom
from dawnwatch.triage.decide import actions, decide
from dawnwatch.triage.diagnose import diagnose
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.headline import headline
from dawnwatch.triage.reasons import REASONS
from dawnwatch.triage.severity import sla_for
from dawnwatch.triage.standing import REPLAYED
from dawnwatch.triage.verdicts import CLASSES, VERDICTS, first_verdict
from tests.triage.builders import (
    auc,
    calibration,
    evidence,
    feature,
    not_computed,
    performance,
    quality_check,
    strangers,
    told,
)

FELL: dict[str, Any] = {"drop": 0.1, "interval": (0.05, 0.15), "outcome": "failed"}
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def part(cause: CauseName, column: str | None = None, *, amount: float = 0.09, low: float = 0.05) -> Cause:
    return Cause(cause=cause, column=column, amount=amount, interval=(low, 0.13))


def fallen(*parts: Cause, **more: Any) -> Evidence:
    return evidence(judged=performance(**FELL, **more), split=Split(parts=list(parts)))


def version(name: str, outcome: str, *, before: float = 0.5) -> VersionPerformance:
    drop = Drop(value=0.1, interval=(0.05, 0.15), confidence=0.95, outcome=Outcome(outcome))
    return VersionPerformance(
        version=name,
        rows=50,
        share=0.5,
        reference_share=before,
        auc=auc(0.6),
        others=auc(0.7),
        drop=drop,
        against="others",
        score_psi=None,
        outcome=Outcome(outcome),
    )


def paired(amount: float, low: float = 0.05) -> Cause:
    """What version b costs beside the model at hand, asked again for the same rows."""
    part = CauseSlice(column="version", value="b", amount=amount, interval=(low, 0.13))
    return Cause(cause="serving", column="version", amount=amount, interval=(low, 0.13), top_slices=[part])


def watched(fact: str, name: str = "freshness") -> Watch:
    return Watch(
        name=name,
        subject="drift",
        outcome=Outcome.FAILED,
        value=1.0,
        limit=0.5,
        unit="h",
        fact=fact,
        message="late",
    )


SERVING = Serving(
    outcome=Outcome.FAILED,
    score="score",
    reading="constant",
    rows=100,
    differ=90,
    interval=(0.8, 0.95),
    reference_share=0.0,
    threshold=0.01,
    tolerance=1e-6,
    message="90 of 100 scores are not the model's",
)
SIGN = Symptom(name="link", score="score", outcome=Outcome.FAILED, value=0.5, interval=None, limit=0.1, message="loose")
DEPLOY = Event(at=NOW, text="model 7", kind="Deploy", recorded_at=NOW)
SINCE = Onset(
    pillar=Pillar.PERFORMANCE,
    column=None,
    at=NOW,
    earliest=NOW,
    latest=NOW,
    method="rows",
    events=[DEPLOY],
    text="since",
)
FEW = performance(0.1, None, "warned")
UNTESTED = FEW.model_copy(update={"drop": FEW.drop.model_copy(update={"significance": told(None)})})

ELSEWHERE = feature("hour", 0.5, "RED").model_copy(
    update={
        "clock": Clock(
            hours=[8],
            share=0.3,
            interval=(0.2, 0.4),
            reference_share=0.0,
            fit=1.0,
            by_chance=0.3,
            rows=100,
            shown=True,
            message="the values of hour do not go with the time of their rows",
        )
    }
)

LATE = watched("reference_stale", "label_delay").model_copy(
    update={"subject": "label", "outcome": Outcome.WARNED, "fact": None}
)

UNDATED = LATE.model_copy(update={"outcome": Outcome.NOT_COMPUTED, "value": None})
TAKEN_OVER = feature("item", 0.5, "RED").model_copy(
    update={
        "reference_rows": 5000,
        "current_rows": 5000,
        "bins": [
            BinShare(bin=f"i{n}", reference=0.05, current=0.1 if n < 4 else 0.0375, contribution=0.0) for n in range(20)
        ],
    }
)

CASES: list[tuple[str, str, Evidence]] = [
    ("wrong scores", "fix_pipeline", fallen(part("concept"), serving=SERVING)),
    ("invalid data", "fix_pipeline", evidence([quality_check("missing", "failed", "age")])),
    ("another clock", "fix_pipeline", evidence(features=[ELSEWHERE])),
    (
        "lagging feature",
        "fix_pipeline",
        evidence(judged=performance(**FELL), watch=(watched("feature_lagged", "lagged_feature"),)),
    ),
    (
        "blinded pillar",
        "fix_pipeline",
        evidence(judged=performance(**FELL), watch=(watched("pillar_blinded", "blinded"),)),
    ),
    ("broken feed", "fix_pipeline", evidence(watch=(watched("data_late"),))),
    ("fewer rows", "cannot_tell", evidence(watch=(watched("rows_missing", "row_rate"),))),
    ("better on the same rows", "rollback", fallen(paired(0.09), versions=[version("b", "failed")])),
    ("worse version", "rollback", fallen(part("concept"), versions=[version("b", "failed"), version("a", "passed")])),
    ("doubtful scores", "fix_pipeline", fallen(part("concept"), symptoms=[SIGN])),
    (
        "doubtful features",
        "fix_pipeline",
        evidence(judged=performance(symptoms=[SIGN.model_copy(update={"reading": "features", "column": "hour"})])),
    ),
    (
        "began at a deploy",
        "cannot_tell",
        evidence(judged=performance(**FELL), split=Split(parts=[part("concept")]), onsets=(SINCE,)),
    ),
    (
        "new units",
        "cannot_tell",
        evidence(judged=performance(**FELL), split=Split(parts=[part("novelty", "rider")]), novelty=strangers(0.8)),
    ),
    ("changed concept", "retrain", fallen(part("concept"))),
    ("new values", "retrain", fallen(part("novelty", "device"))),
    ("harm shown", "cannot_tell", fallen(part("mix"))),
    ("not judged", "cannot_tell", evidence(not_judged=("drift.psi of age could not be judged: gone",))),
    ("drift without accuracy", "cannot_tell", evidence(features=[feature("age", 0.5, "RED")], judged=not_computed())),
    ("accuracy unknown", "wait", evidence(judged=not_computed())),
    ("drop not tested", "cannot_tell", evidence(judged=UNTESTED)),
    (
        "scores apart",
        "cannot_tell",
        evidence(judged=performance(symptoms=[SIGN.model_copy(update={"reading": "features"})])),
    ),
    ("labels to come", "wait", evidence([quality_check("missing", "failed", "label")], watch=(LATE,))),
    ("labels lacking", "cannot_tell", evidence([quality_check("missing", "failed", "label")], watch=(UNDATED,))),
    ("level of the scores", "recalibrate", evidence(judged=performance(calibration=calibration(0.08, 1e-5)))),
    ("few took over", "cannot_tell", evidence(features=[TAKEN_OVER])),
    ("no harm shown", "wait", evidence()),
]


@pytest.mark.parametrize(("rule", "verdict", "seen"), CASES, ids=[case[0] for case in CASES])
def test_each_row_is_reached_and_says_why_and_what_would_change_it(rule: str, verdict: str, seen: Evidence) -> None:
    found = decide(seen)
    assert (found.rule, found.verdict) == (rule, verdict)
    for sentences in (found.reasons, found.would_change):
        assert sentences
        assert all(sentences)
    assert set(found.classes) <= set(CLASSES)


def test_the_cases_are_all_rows_and_every_row_has_its_words() -> None:
    # Those that a replay alone reaches are in test_standing.
    assert [case[0] for case in CASES] == [row.name for row in VERDICTS if row.name not in REPLAYED]
    assert set(REASONS) == {row.name for row in VERDICTS} - REPLAYED


def test_rows_ask_known_facts_and_the_last_asks_nothing() -> None:
    for row in VERDICTS:
        assert {*row.all, *row.any, *row.none} <= FACTS.keys() | CLASSES.keys(), row.name
        assert row.text
    assert first_verdict(frozenset()) is VERDICTS[-1]
    # No row stands behind one that holds whenever it does.
    for earlier, later in product(VERDICTS[:-1], VERDICTS):
        if VERDICTS.index(earlier) < VERDICTS.index(later) and not earlier.any and not earlier.none:
            assert not set(earlier.all) <= set(later.all), (earlier.name, later.name)


def test_checks_that_settle_are_registered() -> None:
    names = {check.name for check in all_checks()}
    settled = [one for *_, seen in CASES for one in decide(seen).settles]
    assert len(settled) > 10
    assert {one.check for one in settled} <= names


def test_a_concept_within_noise_or_a_smaller_part_is_no_ground_for_retraining() -> None:
    assert decide(fallen(part("concept", low=-0.01))).rule == "harm shown"
    assert decide(fallen(part("concept", amount=0.04), part("mix", amount=0.06, low=0.01))).rule == "harm shown"
    unclear = part("concept").model_copy(update={"resolvable": False})
    assert decide(fallen(unclear)).rule == "harm shown"


def test_a_deploy_needs_to_be_one_and_within_the_bounds() -> None:
    campaign = SINCE.model_copy(update={"events": [DEPLOY.model_copy(update={"kind": "campaign"})]})
    seen = evidence(judged=performance(**FELL), split=Split(parts=[part("concept")]), onsets=(campaign,))
    assert decide(seen).verdict == "retrain"
    reasons = decide(next(seen for rule, _, seen in CASES if rule == "began at a deploy")).reasons
    assert "model 7 (2026-03-01 00:00 UTC)" in reasons[1]


def test_the_model_at_hand_asked_for_the_same_rows_settles_what_a_deploy_leaves_open() -> None:
    new, worse = [version("b", "not_computed", before=0.0)], [version("b", "failed"), version("a", "passed")]
    assert decide(fallen(paired(0.09), versions=new)).verdict == "rollback"
    # It does no better: the world has changed, whatever the versions' own rows seem to say.
    for versions in (new, worse):
        found = decide(fallen(paired(0.01, low=-0.02), part("concept"), versions=versions))
        assert "same_rows_no_better" in found.classes
        assert found.rule == "changed concept"
    # Too wide to tell, and a version read off other rows than the rest: what the versions' rows say stands.
    assert decide(fallen(paired(0.09, low=-0.02), versions=worse)).rule == "worse version"
    unpaired = paired(0.09).model_copy(update={"resolvable": False})
    assert decide(fallen(unpaired, versions=worse)).rule == "worse version"


def test_a_critical_page_says_what_the_decision_says() -> None:
    fell = fallen(part("concept"))
    assert decide(fell).verdict == "retrain"
    first, second = actions(fell, Severity.CRITICAL, sla_for(Severity.CRITICAL, 4, NOW))[:2]
    assert first.action == "Page the owner: retrain, and hold every other deploy"
    assert second.action.startswith("Retrain on recent rows")
    assert "roll" not in f"{first.action} {first.reason}".lower()


@pytest.mark.parametrize("severity", ["critical", "high"])
def test_rolling_back_is_a_step_where_it_is_the_verdict_with_what_shows_it(severity: str) -> None:
    worse = fallen(paired(0.09), versions=[version("b", "failed")])
    taken = actions(worse, Severity(severity), sla_for(Severity(severity), 4, NOW))
    assert decide(worse).verdict == "rollback"
    # Rolling back and taking the version out of service are one step.
    assert [s.action for s in taken if s.action.startswith(("Roll back", "Take "))] == ["Take version b out of service"]
    found = fallen(paired(0.09), versions=[version("b", "passed")])
    taken = actions(found, Severity(severity), sla_for(Severity(severity), 4, NOW))
    (step,) = [step for step in taken if step.action == "Roll back to the version that ranks better"]
    assert step.reason == decide(found).reasons[1]
    kept = fallen(part("concept"))
    assert not any("Roll back" in s.action for s in actions(kept, Severity.HIGH, sla_for(Severity.HIGH, 24, NOW)))


def test_the_summary_says_what_is_at_fault_and_not_that_inputs_moved() -> None:
    late = diagnose(evidence([quality_check("missing", "failed", "label")], watch=(LATE,))).summary
    assert late.startswith("Labels are still to come, so that what rests on them is of the rows that have one")
    label = quality_check("missing", "failed", "label")
    fell = diagnose(evidence([label], watch=(LATE,), judged=performance(**FELL))).summary
    assert fell.startswith("The model ranks worse than on its baseline")
    other = diagnose(evidence(features=[ELSEWHERE])).summary
    assert other == "Rows hold another row's or hour's hour; what drift and performance show may be its consequence."


def test_labels_to_come_excuse_no_other_fault() -> None:
    label, other = quality_check("missing", "failed", "label"), quality_check("missing", "failed", "age")
    assert decide(evidence([label, other], watch=(LATE,))).rule == "invalid data"
    even = LATE.model_copy(update={"outcome": Outcome.PASSED})
    assert decide(evidence([label], watch=(even,))).rule == "invalid data"
    shown = evidence([label], watch=(LATE,), judged=performance(**FELL), split=Split(parts=[part("concept")]))
    assert decide(shown).rule == "changed concept"
    assert "Of the data only labels lack that are still to come" in decide(shown).reasons[-1]


def test_a_label_feed_that_stopped_is_the_fault_and_is_told_once() -> None:
    label, other = quality_check("missing", "failed", "label"), quality_check("missing", "failed", "age")
    silent = watched("label_feed_stopped", "label_feed").model_copy(
        update={"subject": "label", "message": "no label has come since noon"}
    )
    found = evidence([label], watch=(silent,))
    assert (decide(found).rule, decide(found).classes) == ("broken feed", ["labels_stopped"])
    assert headline(found).startswith(f"The label feed has stopped ({label.message}): no label has come since noon;")
    assert diagnose(found).summary.startswith("The label feed has stopped")
    assert decide(evidence([label, other], watch=(silent,))).rule == "invalid data"
    fell = evidence([label], watch=(silent,), judged=performance(**FELL), split=Split(parts=[part("concept")]))
    assert "Of the data only labels lack, whose feed has stopped" in decide(fell).reasons[-1]


def test_only_new_versions_are_a_deploy_too() -> None:
    new = [version("b", "not_computed", before=0.0)]
    found = decide(fallen(part("concept"), versions=new))
    assert found.rule == "began at a deploy"
    assert "All rows are scored by b" in found.reasons[1]


def test_what_recalibrating_takes() -> None:
    for now, p_value in [(0.04, 1e-9), (0.2, 0.02)]:  # too small; not sure enough
        assert decide(evidence(judged=performance(calibration=calibration(now, p_value)))).verdict == "wait"
    harmed = fallen(part("mix"), calibration=calibration(0.2, 1e-9))
    assert decide(harmed).rule == "harm shown"


def test_how_many_labels_by_which_day_stand_in_the_decision() -> None:
    needed = Needed(why="within_noise", size=0.1, of="rider", now=90, more=40, per_day=10.0, by=NOW)
    noise = performance(0.1, (-0.05, 0.15), "warned")
    noise = noise.model_copy(update={"drop": noise.drop.model_copy(update={"needed": needed})})
    found = decide(evidence(judged=noise))
    assert needed.text in found.would_change
    assert [(one.check, one.needed) for one in found.settles] == [("performance.auc_drop", needed)]


@pytest.mark.parametrize(
    "rule", ["labels to come", "labels lacking", "level of the scores", "few took over", "no harm shown"]
)
def test_every_row_that_asks_for_a_drop_says_what_it_takes_to_see_one(rule: str) -> None:
    needed = Needed(why="too_coarse", size=0.05, of="label", now=900, more=400, per_day=10.0, by=NOW)
    seen = next(seen for name, _, seen in CASES if name == rule)
    drop = seen.performance.drop.model_copy(update={"needed": needed})
    found = decide(replace(seen, performance=seen.performance.model_copy(update={"drop": drop})))
    assert found.rule == rule
    assert needed.text in found.would_change
    assert f"by {NOW:%Y-%m-%d}" in needed.text
    assert [one.needed for one in found.settles if one.check == "performance.auc_drop"] == [needed]


@pytest.mark.parametrize(
    ("after", "said"), [(48.0, "over, for the newest rows on 2026-03-04 (for"), (None, "over (for")]
)
def test_labels_to_come_have_their_day_where_their_delay_is_known(after: float | None, said: str) -> None:
    day = Cohort(
        start=datetime(2026, 3, 1, tzinfo=UTC),
        end=datetime(2026, 3, 2, tzinfo=UTC),
        rows=9,
        labelled=0,
        share=0.0,
        interval=(0.0, 0.3),
        age_hours=12.0,
    )
    found = Maturity(
        as_of=day.end,
        period="day",
        rows=9,
        labelled=0,
        judged_rows=0,
        judged_labelled=0,
        mature_after_hours=after,
        cohorts=[day],
        of_record="none",
        message="none has come",
    )
    seen = next(seen for name, _, seen in CASES if name == "labels to come")
    told = decide(replace(seen, performance=seen.performance.model_copy(update={"maturity": found})))
    assert said in told.would_change[0]


def test_a_band_that_could_be_chance_is_said() -> None:
    seen = evidence(features=[feature("hour", 0.5, "RED", significance=told(False))])
    assert f"hour is {Band.RED} by size" in decide(seen).reasons[-1]


def test_the_page_has_the_table_as_it_is() -> None:
    page = Path("docs/packet.md").read_text("utf-8")
    rows = [
        line.split(" | ")
        for line in page.partition("## Actions")[2].partition("\n## ")[0].splitlines()
        if line.startswith("| ")
    ][1:]
    told = [(row[0].removeprefix("| "), row[1], row[-1].strip(" |`")) for row in rows]
    assert told == [(row.name, row.asks, row.verdict) for row in VERDICTS]
    for row, cells in zip(VERDICTS, rows, strict=True):
        assert all(f"`{fact}`" in cells[2] for fact in [*row.all, *row.any, *row.none]), row.name
