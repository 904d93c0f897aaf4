"""Scoring, on packets made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dawnwatch.drills.reveal import answers
from dawnwatch.drills.scoring import score
from dawnwatch.drills.truth import Truth
from dawnwatch.model.enums import Band, Outcome, Pillar, Severity
from dawnwatch.model.history import Onset

START = datetime(2026, 1, 1, tzinfo=UTC)


def truth(pillar: str | None, column: str | None = None, value: str | None = None, **more: Any) -> Truth:
    given = {
        "kind": "made by hand",
        "strength": "middle",
        "seed": 0,
        "data": "shop",
        "pillar": pillar,
        "column": column,
        "value": value,
        "onset": None,
        "onset_row": None,
        "harmful": True,
        "action": "fix_pipeline",
        "cause": None if pillar is None else "quality",
        "rows": 100,
        "affected_rows": 20,
        "measure": None,
        "target": None,
        "reached": None,
        "told": "something was done",
    }
    return Truth.model_validate({**given, **more})


def bins(**contributions: float) -> list[Any]:
    return [
        SimpleNamespace(bin=name, contribution=part, reference=0.5, current=0.5) for name, part in contributions.items()
    ]


def feature(
    name: str, band: str, *, unseen: tuple[str, ...] = (), significant: bool | None = None, **contributions: float
) -> Any:
    """A feature that moved; `significant` is None where size alone is judged."""
    seen = [SimpleNamespace(value=value) for value in unseen]
    moved = max(contributions, key=lambda key: contributions[key], default=None)
    sure = None if significant is None else SimpleNamespace(significant=significant)
    found = {"bins": bins(**contributions), "unseen": seen, "moved_most": moved, "significance": sure}
    return SimpleNamespace(name=name, band=Band(band), **found)


def check(column: str | None, *, outcome: str = "failed", kind: str = "range", message: str = "") -> Any:
    return SimpleNamespace(column=column, outcome=Outcome(outcome), kind=kind, message=message)


def part(column: str, value: str, outcome: str = "failed") -> Any:
    return SimpleNamespace(column=column, value=value, outcome=Outcome(outcome))


def finding(pillar: str, subject: str | None, text: str = "") -> Any:
    return SimpleNamespace(pillar=Pillar(pillar), subject=subject, text=text)


def packet(
    *,
    checks: tuple[Any, ...] = (),
    features: tuple[Any, ...] = (),
    novelty: Any = None,
    outputs: tuple[Any, ...] = (),
    calibration: Any = None,
    versions: tuple[Any, ...] = (),
    facts: tuple[str, ...] = (),
    self_watch: tuple[Any, ...] = (),
    slices: tuple[Any, ...] = (),
    performance: str = "passed",
    severity: str = "low",
    verdict: str = "wait",
    **diagnosis: Any,
) -> Any:
    return SimpleNamespace(
        severity=Severity(severity),
        facts=list(facts),
        self_watch=list(self_watch),
        quality=SimpleNamespace(checks=list(checks)),
        drift=SimpleNamespace(features=list(features), novelty=novelty, outputs=list(outputs)),
        performance=SimpleNamespace(
            outcome=Outcome(performance), slices=list(slices), calibration=calibration, versions=list(versions)
        ),
        decision=SimpleNamespace(verdict=verdict),
        diagnosis=SimpleNamespace(**{"findings": [], "onsets": [], **diagnosis}),
    )


@pytest.mark.parametrize(("severity", "alarm"), [("low", False), ("medium", False), ("high", True), ("critical", True)])
def test_a_clean_window_is_an_alarm_or_none(severity: str, alarm: bool) -> None:
    found = score(packet(severity=severity), truth(None, action="wait"))
    assert (found.alarm, found.detected, found.place, found.action) == (alarm, None, None, True)


def test_quality_counts_at_the_right_column() -> None:
    wanted = truth("quality", "amount")
    assert score(packet(checks=(check("amount"),)), wanted).detected is True
    other = score(packet(checks=(check("price"),)), wanted)
    assert (other.pillar, other.column, other.detected) == (True, False, False)
    assert score(packet(checks=(check("amount", outcome="passed"),)), wanted).detected is False


def test_the_schema_names_its_columns_in_words() -> None:
    found = score(
        packet(checks=(check(None, kind="schema", message="missing: amount; extra: b"),)), truth("quality", "amount")
    )
    assert found.detected is True


def test_a_fault_of_whole_rows_is_that_of_a_check_without_a_column() -> None:
    wanted = truth("quality")
    assert score(packet(checks=(check(None, kind="duplicates"),)), wanted).detected is True
    assert score(packet(checks=(check("amount"),)), wanted).detected is False


@pytest.mark.parametrize(("band", "found"), [("RED", True), ("YELLOW", True), ("GREEN", False)])
def test_drift_counts_in_a_band(band: str, found: bool) -> None:
    assert score(packet(features=(feature("device", band),)), truth("drift", "device")).detected is found


def test_drift_within_noise_is_none() -> None:
    wanted = truth("drift", "device")
    for significant in (True, False):
        told = packet(features=(feature("device", "YELLOW", significant=significant),))
        assert (score(told, wanted).pillar, score(told, wanted).detected) == (significant, significant)
    assert shown_of(wanted, told)["pillar"] == ("none", False)


def test_of_two_values_one_gains_what_the_other_loses() -> None:
    wanted = truth("drift", "bought", "1")
    told = packet(outputs=(output("bought", "RED", significant=True, **{"0": 0.2, "1": 0.1}),))
    assert shown_of(wanted, told)["value"] == ("0, 1", True)


def test_a_mark_stands_beside_what_it_was_given_for() -> None:
    message = "4,000 rows came, and at least 6,000 are expected"
    fewer = SimpleNamespace(fact="rows_missing", message=message)
    told = packet(facts=("rows_missing",), self_watch=(fewer,), performance="failed")
    assert shown_of(truth("quality"), told)["pillar"] == (f"quality: {message}; also performance", True)
    # Only what is marked wrong stands without a reason.
    assert shown_of(truth("quality"), packet())["pillar"] == ("none", False)
    strange = packet(
        outputs=(output("score", "GREEN", significant=True),), novelty=SimpleNamespace(unit="rider", shown=True)
    )
    found = shown_of(truth("drift", "rider"), strange)["pillar"]
    assert found == ("drift: more rows of a rider that the baseline lacks", True)
    scores = shown_of(truth("drift", "score"), strange)["pillar"]
    assert scores == ("drift: score moved by more than chance (GREEN)", True)


def test_the_drift_of_another_feature_is_not_it() -> None:
    found = score(packet(features=(feature("hour", "RED"),)), truth("drift", "device"))
    assert (found.pillar, found.detected) == (True, False)


def test_the_value_is_what_moved_most_or_was_never_seen() -> None:
    wanted = truth("drift", "device", "mobile")
    assert score(packet(features=(feature("device", "RED", mobile=0.2, web=0.1),)), wanted).value is True
    assert score(packet(features=(feature("device", "RED", mobile=0.1, web=0.2, till=0.1),)), wanted).value is False
    new = feature("device", "RED", unseen=("mobile",), web=0.2)
    assert score(packet(features=(new,)), wanted).value is True


def test_a_slice_must_be_the_right_one() -> None:
    wanted = truth("performance", "device", "mobile")
    right = packet(performance="failed", slices=(part("device", "mobile"), part("device", "web", "passed")))
    assert (score(right, wanted).detected, score(right, wanted).value) == (True, True)
    other = packet(performance="failed", slices=(part("device", "web"),))
    assert (score(other, wanted).detected, score(other, wanted).value) == (True, False)
    whole = packet(performance="failed", slices=(part("device", "mobile", "passed"),))
    assert (score(whole, wanted).pillar, score(whole, wanted).detected) == (True, False)


def test_scores_that_do_not_fit_are_degraded_performance() -> None:
    assert score(packet(performance="failed"), truth("performance", "score")).detected is True
    assert score(packet(performance="warned"), truth("performance", "score")).detected is False


def test_causes_are_ranked_before_findings() -> None:
    causes = [
        SimpleNamespace(cause="mix", column="device", value=None),
        SimpleNamespace(cause="quality", column=None, value=None),
        SimpleNamespace(cause="quality", column="amount", value=None),
    ]
    found = score(packet(causes=causes, findings=[finding("quality", "amount")]), truth("quality", "amount"))
    assert (found.place, found.top(1), found.top(3)) == (2, False, True)
    assert score(packet(causes=causes[:1]), truth("quality", "amount")).place is None
    wrong = [SimpleNamespace(cause="quality", column="price", value=None)]
    assert score(packet(causes=wrong), truth("quality", "amount")).place is None


def test_without_causes_findings_are_ranked() -> None:
    findings = [finding("drift", "hour"), finding("drift", "device"), finding("performance", None, "AUC fell")]
    for causes in ({}, {"causes": []}):
        told = packet(findings=findings, features=(feature("device", "RED"),), performance="failed", **causes)
        assert score(told, truth("drift", "device")).place == 2
        assert score(told, truth("performance", "score")).place == 3
        assert score(told, truth("quality", "amount")).place is None
        assert score(told, truth("performance", "device", "mobile")).place is None
    fell = {"findings": [finding("performance", None, "in device = mobile it fell")], "performance": "failed"}
    told = packet(slices=(part("device", "mobile"),), **fell)
    assert score(told, truth("performance", "device", "mobile")).place == 1


def test_a_finding_about_what_was_not_detected_is_not_the_answer() -> None:
    told = packet(findings=[finding("performance", None, "the slices moved within noise")])
    assert score(told, truth("performance", "score")).place is None


def onset(pillar: str, column: str | None, hour: int | None, value: str | None = None) -> Onset:
    """An onset at this hour of the first day, sure to two hours; not dated where None."""
    at = None if hour is None else START.replace(hour=hour)
    early, late = (None, None) if at is None else (at - timedelta(hours=2), at + timedelta(hours=2))
    return Onset(pillar=Pillar(pillar), column=column, value=value, at=at, earliest=early, latest=late, text="")


def test_the_onset_is_compared_where_the_packet_dates_it() -> None:
    wanted = truth("drift", "device", onset=START.replace(hour=6), onset_row=4)
    assert score(packet(), wanted).onset_error is None
    assert score(packet(onsets=[onset("drift", "device", None)]), wanted).onset_error is None
    told = score(packet(onsets=[onset("drift", "device", 7)]), wanted)
    assert (told.onset_error, told.onset_held) == (1.0, True)
    far = score(packet(onsets=[onset("drift", "device", 10)]), wanted)
    assert (far.onset_error, far.onset_held) == (4.0, False)
    assert score(packet(onsets=[onset("drift", "device", 7)]), truth("drift", "device")).onset_error is None


output = feature


@pytest.mark.parametrize(
    ("band", "significant", "found"),
    [
        ("GREEN", False, False),
        ("GREEN", True, True),
        ("RED", False, False),
        ("RED", None, True),
        ("GREEN", None, False),
    ],
)
def test_labels_count_beyond_chance_and_by_size_where_that_alone_is_judged(
    band: str, significant: bool | None, found: bool
) -> None:
    wanted = truth("drift", "bought", "1")
    scored = score(packet(outputs=(output("bought", band, significant=significant, **{"1": 0.03}),)), wanted)
    assert (scored.pillar, scored.detected, scored.value) == (found,) * 3
    other = score(packet(outputs=(output("score", "RED", significant=True),)), wanted)
    assert (other.pillar, other.detected) == (False, False)


@pytest.mark.parametrize(("changed", "found"), [(True, True), (False, False), (None, False)])
def test_what_is_off_as_chances_is_found_by_the_calibration_alone(changed: bool | None, found: bool) -> None:
    wanted = truth("performance", "score", measure="ece", target=0.08, reached=0.08)
    calibration = None if changed is None else SimpleNamespace(changed=changed)
    assert score(packet(calibration=calibration, performance="failed"), wanted).detected is found


def test_a_worse_version_is_found_by_its_name() -> None:
    wanted = truth("performance", "model_version", "v2")
    for version, outcome, right in (("v2", "failed", True), ("v1", "failed", False), ("v2", "passed", False)):
        told = packet(versions=(SimpleNamespace(version=version, outcome=Outcome(outcome)),))
        found = score(told, wanted)
        assert (found.pillar, found.detected, found.value) == (outcome == "failed", outcome == "failed", right)
    # The model as a whole is worse, and which version it lies in is not said.
    found = score(packet(performance="failed"), wanted)
    assert (found.pillar, found.detected) == (True, False)


def test_rows_that_did_not_come_are_a_fault_of_whole_rows() -> None:
    assert score(packet(facts=("rows_missing",)), truth("quality")).detected is True
    assert score(packet(), truth("quality")).detected is False


def test_where_nothing_is_wrong_there_is_no_cause_to_find() -> None:
    found = score(packet(), truth(None, action="wait", cause="mix"))
    assert (found.detected, found.top(1), found.top(3), found.action) == (None, None, None, True)


def test_the_onset_of_something_else_is_not_it() -> None:
    others = [onset("quality", "device", 7), onset("drift", "hour", 7), onset("performance", None, 7)]
    assert score(packet(onsets=others), truth("drift", "device", onset=START, onset_row=4)).onset_error is None
    whole, part = onset("performance", None, 3), onset("performance", "device", 4, "mobile")
    told = packet(onsets=[whole, part], performance="failed")
    assert score(told, truth("performance", "score", onset=START, onset_row=4)).onset_error == 3.0
    assert score(told, truth("performance", "device", "mobile", onset=START, onset_row=4)).onset_error == 4.0


def test_the_answers_stand_beside_the_truth() -> None:
    wanted = truth("drift", "device", "mobile", cause="mix", action="wait", onset=START, onset_row=1234)
    told = packet(
        features=(feature("device", "RED", mobile=0.3),), findings=[finding("drift", "device", "device is RED")]
    )
    shown = {answer.question: answer for answer in answers(wanted, told, score(told, wanted))}
    assert shown["pillar"][1:] == ("drift", "drift: device moved (RED)", True)
    assert shown["column"][1:] == ("device", "device", True)
    assert shown["value"][1:] == ("mobile", "mobile", True)
    assert shown["cause"].truth.startswith("mix: ")
    assert shown["cause"][2:] == ("device is RED", True)
    assert shown["onset"][1:] == ("row 1,234, 2026-01-01 00:00 UTC", "not dated", None)
    assert shown["action"][1:] == ("wait", "wait", True)


def shown_of(wanted: Truth, told: Any) -> dict[str, tuple[str, bool | None]]:
    """What the packet says of each question, and the mark for it."""
    return {one.question: (one.packet, one.found) for one in answers(wanted, told, score(told, wanted))}


def test_the_columns_and_values_beside_a_mark_are_those_it_was_given_for() -> None:
    slices = (part("device", "mobile"), part("device", "web"))
    versions = tuple(
        SimpleNamespace(version=name, outcome=Outcome(came)) for name, came in (("v2", "failed"), ("v1", "passed"))
    )
    wanted = truth("performance", "model_version", "v2")
    shown = shown_of(wanted, packet(performance="failed", slices=slices, versions=versions))
    assert (shown["column"], shown["value"]) == (("model_version", True), ("v2", True))
    # No version was found to rank worse: the slices that fell are no answer to which version it is.
    shown = shown_of(wanted, packet(performance="failed", slices=slices))
    assert (shown["column"], shown["value"]) == (("none", False), ("none", False))

    features = (feature("hour", "RED", night=0.4), feature("device", "YELLOW", unseen=("watch",), mobile=0.1))
    shown = shown_of(truth("drift", "device", "watch"), packet(features=features))
    assert (shown["column"], shown["value"]) == (("hour, device", True), ("mobile, watch", True))
    # What is asked of no column, or no value, is held against none.
    shown = shown_of(truth("performance", "score"), packet(performance="failed", slices=slices))
    assert (shown["column"], shown["value"]) == (("not asked", None), ("not asked", None))


def test_the_cause_is_named_with_its_column_and_version() -> None:
    version = SimpleNamespace(column="model_version", value="v2")
    cause = SimpleNamespace(cause="serving", column="model_version", top_slices=[version])
    told = packet(causes=[cause], performance="failed")
    wanted = truth("performance", "model_version", "v2", cause="serving")
    assert shown_of(wanted, told)["cause"] == ("serving of model_version = v2", True)


def test_a_date_beside_the_onset_is_that_of_what_the_truth_is_about() -> None:
    wanted = truth("performance", "score", onset=START, onset_row=4)
    whole, part_of = onset("performance", None, 3), onset("performance", "device", 4, "mobile")
    told = shown_of(wanted, packet(onsets=[whole, part_of], performance="failed"))
    assert told["onset"] == ("about 2026-01-01 03:00 UTC (AUC): 3.0 hours off, outside its interval", False)
    whole = onset("performance", None, None)
    told = shown_of(wanted, packet(onsets=[whole, part_of], performance="failed"))
    assert told["onset"] == ("not dated; AUC in device = mobile is lower since about 2026-01-01 04:00 UTC", None)


def test_of_a_clean_window_only_alarm_and_action_are_right_or_wrong() -> None:
    told = packet(severity="high", features=(feature("device", "RED"),), verdict="cannot_tell")
    shown = {answer.question: answer.found for answer in answers(truth(None), told, score(told, truth(None)))}
    assert shown == {"pillar": False, "column": None, "value": None, "cause": None, "onset": None, "action": False}


def test_new_units_are_found_where_more_of_them_were_shown() -> None:
    strange = truth("drift", "rider", cause="novelty", action="wait")
    told = {"findings": [finding("drift", "rider")]}
    for shown, place in ((True, 1), (False, None), (None, None)):
        found = score(packet(novelty=SimpleNamespace(unit="rider", shown=shown), **told), strange)
        assert (found.pillar, found.column, found.place) == (bool(shown), bool(shown), place)
    other = score(packet(novelty=SimpleNamespace(unit="plane", shown=True), **told), strange)
    assert other.column is False
