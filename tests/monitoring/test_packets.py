"""From tables to packets: what must hold of the packet whatever happened to the window."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dawnwatch import Outcome, TriagePacket
from dawnwatch.model.json_schema import packet_schema
from tests.monitoring.scenarios import SCENARIOS, packet_of
from tests.monitoring.windows import check, window

VALIDATOR = Draft202012Validator(json.loads(packet_schema()))

every_scenario = pytest.mark.parametrize("name", SCENARIOS)


def sentences(packet: TriagePacket) -> Iterator[str]:
    """Everything in a packet that a person reads as a sentence."""
    yield packet.headline
    yield packet.rule_text
    yield packet.sla.text
    for action in packet.actions:
        yield action.action
        yield action.reason
    yield from (check.message for check in packet.quality.checks)
    yield from (check.rule for check in packet.quality.checks if check.rule)
    yield from (feature.reason for feature in packet.drift.features if feature.reason)
    yield from (drifter.moved_most for drifter in packet.top_drifters if drifter.moved_most)
    yield from packet.drift.cautions
    yield from packet.performance.notes
    yield from packet.performance.cautions
    yield packet.diagnosis.summary
    yield from (finding.text for finding in packet.diagnosis.findings)
    yield from packet.diagnosis.cautions
    yield from packet.diagnosis.unresolved
    yield from packet.decision.reasons
    yield from packet.decision.would_change
    yield from packet.could_not_judge
    yield from packet.provenance.warnings
    if packet.drift.novelty:
        yield packet.drift.novelty.message


@every_scenario
def test_severity_rule_verdict_and_what_could_not_be_judged(name: str) -> None:
    packet, expected = packet_of(name), SCENARIOS[name]
    found = (packet.severity.value, packet.rule, packet.decision.verdict, bool(packet.could_not_judge))
    assert found == (expected.severity, expected.rule, expected.verdict, expected.blind)


@every_scenario
def test_the_saved_packet_is_valid_whole_and_free_of_nan(name: str) -> None:
    packet = packet_of(name)
    text = packet.model_dump_json(indent=2)

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    VALIDATOR.validate(json.loads(text, parse_constant=refuse))
    assert TriagePacket.model_validate_json(text) == packet


@every_scenario
def test_sentences_read_as_sentences(name: str) -> None:
    for text in sentences(packet_of(name)):
        assert text == text.strip() != "", name
        assert not re.search(r"\bNone\b|(?<!\d )\bnan\b|\binf%|  |;;|,,|\(\)|\[\]|\{|\}|; ;|\.\.|: ;|\n", text), text


@every_scenario
def test_the_headline_is_one_clear_statement(name: str) -> None:
    headline = packet_of(name).headline
    assert headline[0].isupper()
    assert headline.endswith(".")
    assert headline.count("(") == headline.count(")")
    assert "-0.000" not in headline
    assert len(headline) < 420
    # Validity stands first where it failed, then accuracy, then drift.
    places = [headline.lower().find(word) for word in ("data quality failed", "auc ", "accuracy was", "drift")]
    said = [place for place in places if place >= 0]
    assert said == sorted(said)


@every_scenario
def test_nothing_not_judged_is_called_a_pass(name: str) -> None:
    packet = packet_of(name)
    text = " ".join(sentences(packet))
    if packet.performance.drop.value is None:
        assert packet.performance.outcome in {Outcome.NOT_COMPUTED, Outcome.ERRORED}
        assert packet.performance.reason
        assert packet.rule != "all_checks_pass"
        assert "accuracy was not computed" in packet.headline.lower()
        assert "all checks pass" not in text
        assert not re.search("no loss of accuracy|ranks as well", text)
        assert "Whether the model is still accurate" in packet.diagnosis.unresolved
        assert any("Accuracy was not computed" in finding.text for finding in packet.diagnosis.findings)
    if any(check.outcome is not Outcome.PASSED for check in packet.quality.checks):
        assert packet.quality.outcome is not Outcome.PASSED
        assert "all data quality checks pass" not in text
    if packet.could_not_judge:
        assert packet.actions[0].action == "Restore what could not be judged"
        assert set(packet.could_not_judge) <= set(packet.diagnosis.cautions)
    for feature in packet.drift.features:
        assert (feature.psi is None) == (feature.band is None) == bool(feature.reason)


@every_scenario
def test_failed_quality_is_a_caution_on_the_pillars_below(name: str) -> None:
    packet = packet_of(name)
    failed = [check for check in packet.quality.checks if check.outcome is Outcome.FAILED]
    for cautions in (packet.drift.cautions, packet.performance.cautions, packet.diagnosis.cautions):
        assert any(caution.startswith("Data quality failed (") for caution in cautions) == bool(failed)
    if failed:
        assert packet.headline.startswith("Data quality failed: ")
        assert packet.decision.verdict == "fix_pipeline"
        mending = "Restore the label feed" if name == "label null" else "upstream and fix the pipeline"
        assert any(action.action.endswith(mending) for action in packet.actions)


@every_scenario
def test_the_sla_goes_with_the_severity(name: str) -> None:
    packet = packet_of(name)
    hours = {"critical": 4, "high": 24, "medium": 14 * 24, "low": None}[packet.severity.value]
    assert packet.sla.hours == hours
    assert packet.sla.due_at == (None if hours is None else packet.created_at + timedelta(hours=hours))


@every_scenario
def test_top_drifters_are_the_drifted_features_worst_first(name: str) -> None:
    packet = packet_of(name)
    drifted = [(f.name, f.psi, f.band) for f in packet.drift.features if f.band in {"RED", "YELLOW"}]
    assert [(d.name, d.psi, d.band) for d in packet.top_drifters] == sorted(drifted, key=lambda d: -(d[1] or 0))


@pytest.mark.parametrize(
    ("name", "check", "column", "message"),
    [
        ("no feature", "schema", None, "missing: device"),
        ("no features at all", "schema", None, "missing: device, age"),
        ("feature null", "missing", "device", "3,000 null of 3,000 rows"),
        ("feature NaN", "missing", "age", "3,000 nan of 3,000 rows"),
        ("feature of another type", "schema", None, "retyped: age (string instead of number)"),
        ("feature a time", "schema", None, "retyped: device (timestamp instead of string)"),
        ("no label", "schema", None, "missing: label"),
        ("label null", "missing", "label", "3,000 null of 3,000 rows"),
        ("label of three values", "label_values", "label", "1,000 of 3,000 rows hold '2' (1,000)"),
        ("score null", "missing", "score", "3,000 null of 3,000 rows"),
        ("no score", "schema", None, "missing: score"),
        ("no key", "schema", None, "missing: event"),
        ("no unit", "schema", None, "missing: user"),
        ("extra column", "schema", None, "extra: new"),
        ("replayed", "duplicates", None, "7 of 3,007 rows repeat a key"),
    ],
)
def test_what_is_wrong_in_the_window_is_a_finding(name: str, check: str, column: str | None, message: str) -> None:
    packet = packet_of(name)
    failed = {(c.name, c.column): c.message for c in packet.quality.checks if c.outcome is Outcome.FAILED}
    assert failed[check, column] == message
    assert any(message in finding.text for finding in packet.diagnosis.findings)


def test_a_feature_of_one_value_is_red_and_one_with_strangers_names_them() -> None:
    constant = packet_of("feature of one value")
    assert [(d.name, d.band.value) for d in constant.top_drifters] == [("age", "RED")]
    device = next(f for f in packet_of("unseen values").drift.features if f.name == "device")
    assert [(value.value, value.rows) for value in device.unseen] == [("watch", 3000)]


def test_late_labels_are_announced_everywhere_and_nowhere_a_pass() -> None:
    packet = packet_of("late labels")
    assert packet.performance.outcome is Outcome.NOT_COMPUTED
    assert packet.performance.expected
    assert packet.performance.current.value is None
    assert packet.could_not_judge == []
    assert "labels come late" in packet.headline
    assert "labels come late" in packet.decision.reasons[0]
    assert [action.action for action in packet.actions] == ["Judge accuracy once labels and scores are there"]
    assert packet.quality.outcome is Outcome.PASSED


def test_labels_that_should_be_there_are_a_quality_failure_and_a_fault() -> None:
    packet = packet_of("no label")
    assert not packet.performance.expected
    assert packet.quality.outcome is Outcome.FAILED
    assert packet.could_not_judge[-1] == (
        "performance.auc_drop could not be judged: the current window has no label column 'label'"
    )


def test_a_private_column_shows_no_value() -> None:
    text = packet_of("private").model_dump_json()
    assert not re.search("mobile|desktop|tablet", text)
    assert packet_of("private").top_drifters[0].moved_most == "value 1 34% → 75%"


def test_headlines_word_by_word() -> None:
    found = {name: packet_of(name).headline for name in HEADLINES}
    assert found == HEADLINES


AUC_HELD = "AUC went from 0.751 to 0.777 (+0.026, 95% interval 0.000 to +0.053), within its tolerance of 0.05"
AUC_FELL = "AUC fell from 0.751 to 0.574 (-0.176, 95% interval -0.206 to -0.147)"
GREEN = "no watched feature drifted: 2 are GREEN"
HEADLINES = {
    "healthy": f"{AUC_HELD}; {GREEN}; all data quality checks pass.",
    "better": "AUC rose from 0.751 to 0.930 (+0.180, 95% interval +0.158 to +0.201); "
    f"{GREEN}; all data quality checks pass.",
    "worse": f"{AUC_FELL}; of that a changed concept explains 0.176 (0.148 to 0.205); the changed mix 0.000 is within "
    f"noise; {GREEN}; all data quality checks pass.",
    "worse and red": f"{AUC_FELL}; of that a changed concept explains 0.187 (0.152 to 0.222); the changed mix -0.010 "
    "is within noise; drift is RED in device (PSI 0.75, mobile 34% → 75%); all data quality checks pass.",
    "yellow": f"{AUC_HELD}; drift is YELLOW in device (PSI 0.17, mobile 34% → 54%); all data quality checks pass.",
    "late labels": "Accuracy was not computed: labels come late ([labels] expected); "
    f"{GREEN}; all data quality checks pass.",
    "no feature": "Data quality failed: schema (missing: device); "
    f"{AUC_HELD}; drift and accuracy are blinded in device: the column is absent, and the model scores every row "
    "without it; no watched feature drifted: 1 is GREEN, 1 could not be judged.",
    "optional key gone": f"{AUC_HELD}; {GREEN}; 1 data quality check could not be judged.",
    "one slice fell": "AUC fell by more than 0.15 in device = tablet (-0.243); overall it went from 0.751 to 0.662 "
    "(-0.089, 95% interval -0.112 to -0.066); of that a changed concept explains 0.088 (0.065 to 0.111); the changed "
    f"mix 0.001 is within noise; {GREEN}; all data quality checks pass.",
}


def test_thresholds_in_force_stand_in_the_packet() -> None:
    settings: dict[str, Any] = {"columns": {"age": {"psi": {"red": 0.4, "because": "seasonal"}}}}
    packet = check(window(), **settings)
    assert [(t.name, t.column, t.because, t.source) for t in packet.thresholds] == [
        ("psi", None, "weighed", "config"),
        ("missing", None, "weighed", "config"),
        ("auc_drop", None, "weighed", "config"),
        ("range", None, "weighed", "config"),
        ("duplicates", None, "weighed", "config"),
        ("psi", "age", "seasonal", "config"),
    ]
    bands = {f.name: (f.yellow, f.red) for f in packet.drift.features}
    assert bands == {"age": (0.1, 0.4), "device": (0.1, 0.2)}
    assert packet.thresholds[-1].value == {"yellow": 0.1, "red": 0.4}
