"""The level of the scores: told, ranked and acted on where it moved, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dawnwatch.model.causes import LabelShift, Split
from dawnwatch.model.enums import Pillar, Severity
from dawnwatch.model.feature_drift import OutputDrift
from dawnwatch.model.packet import Sla
from dawnwatch.triage.decide import actions, decide
from dawnwatch.triage.diagnose import diagnose
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.headline import headline
from dawnwatch.triage.level import level_findings, level_moved
from tests.triage.builders import calibration, evidence, feature, performance, told

SLA = Sla(hours=None, due_at=None, text="nothing due")


def labels(significant: bool) -> OutputDrift:
    shares = feature("late", 0.04, "GREEN").model_dump() | {"significance": told(significant)}
    return OutputDrift(**shares, what="label", against="the performance baseline", raises=False, reading="more or less")


def moved(along: float | None, *, significant: bool = True, fit: float | None = None) -> Evidence:
    shift = LabelShift(then=0.24, now=0.34, interval=(0.08, 0.12), scores_moved=0.05, fit=fit, along=along)
    found = evidence(judged=performance(calibration=calibration(-0.084, 1e-5)), split=Split(label_shift=shift))
    return replace(found, drift=found.drift.model_copy(update={"outputs": [labels(significant)]}))


def test_where_the_labels_explain_the_scores_the_labels_stand_first() -> None:
    first, second = level_findings(moved(0.7))
    assert (first.pillar, first.subject, second.pillar) == (Pillar.DRIFT, "late", Pillar.PERFORMANCE)
    assert first.text == (
        "Positives went from 24% to 34% of the labelled rows (+0.080 to +0.120); the scores moved as that alone "
        "would move them"
    )


@pytest.mark.parametrize("along", [0.3, -1.2, None])
def test_where_they_do_not_the_scores_do(along: float | None) -> None:
    first, second = level_findings(moved(along))
    assert (first.pillar, first.subject, second.subject) == (Pillar.PERFORMANCE, None, "late")


def test_packets_of_before_say_how_much_the_labels_explain() -> None:
    assert level_findings(moved(None, fit=0.7))[0].subject == "late"
    assert level_findings(moved(None, fit=0.2))[0].subject is None


def test_labels_that_moved_by_chance_are_not_told() -> None:
    assert [finding.subject for finding in level_findings(moved(0.7, significant=False))] == [None]


def test_the_headline_says_it_and_the_step_mends_it() -> None:
    found = moved(0.7)
    assert "the scores promise 0.084 (0.074 to 0.094) less than comes true" in headline(found)
    (step,) = actions(found, Severity.LOW, SLA)
    assert step.action.startswith("Recalibrate the scores on recent labels")
    assert diagnose(found).findings[0].subject == "late"


@pytest.mark.parametrize(("size", "p_value"), [(0.04, 1e-5), (0.08, 0.02)])
def test_little_or_what_may_be_chance_is_nothing_to_act_on(size: float, p_value: float) -> None:
    found = evidence(judged=performance(calibration=calibration(size, p_value)))
    assert level_moved(found) is None
    assert level_findings(found) == []
    assert "promise" not in headline(found)
    assert [step.action for step in actions(found, Severity.LOW, SLA)] == ["Nothing to do; keep watching"]


def test_beside_a_fall_it_is_told_and_does_not_lead() -> None:
    judged = performance(0.1, (0.05, 0.15), "failed", calibration=calibration(0.08, 1e-5))
    found = evidence(judged=judged)
    assert "promise" not in headline(found)
    assert not any(step.action.startswith("Recalibrate") for step in actions(found, Severity.HIGH, SLA))
    assert [finding.text for finding in level_findings(found)] == [judged.calibration.message]


@pytest.mark.parametrize(("low", "helps"), [(0.46, False), (0.5, False), (0.51, True)])
def test_where_the_model_ranks_as_chance_does_recalibrating_is_not_advised(low: float, helps: bool) -> None:
    judged = performance(0.0, (-0.01, 0.01), calibration=calibration(0.084, 1e-5))
    judged = judged.model_copy(update={"current": judged.current.model_copy(update={"interval": (low, 0.56)})})
    found = evidence(judged=judged)
    decision, said = decide(found), "Recalibrating cannot help: with an AUC of 0.800"
    assert (decision.verdict == "recalibrate") is helps
    assert any(step.action.startswith("Recalibrate") for step in actions(found, Severity.LOW, SLA)) is helps
    assert any(reason.startswith(said) for reason in decision.reasons) is not helps
    assert (said in level_findings(found)[0].text) is not helps
    # How far off the scores are is told either way.
    assert "the scores promise 0.084" in headline(found)
