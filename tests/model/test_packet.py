"""The packet's types: what may stand in them, and that they come back as they were written."""

from __future__ import annotations

import json
import math
from itertools import permutations

import pytest
from pydantic import ValidationError

from dawnwatch import Outcome, Severity, TriagePacket
from dawnwatch.model.auc import Auc, Drop
from dawnwatch.model.measurement import Counted, Measured, NotComputed
from dawnwatch.model.packet import SCHEMA_VERSION

# The issue's own lists; other programs rely on these names.
TOP = [
    "schema_version",
    "id",
    "created_at",
    "label",
    "owner",
    "severity",
    "rule",
    "sla",
    "headline",
    "actions",
    "top_drifters",
    "quality",
    "drift",
    "performance",
    "diagnosis",
    "decision",
    "thresholds",
    "provenance",
    "human_decision",
]
QUALITY_CHECK = ["name", "column", "outcome", "failed_rows", "rows", "threshold", "examples"]
FEATURE = ["name", "kind", "psi", "band", "bins"]
BIN = ["bin", "reference", "current", "contribution"]
PERFORMANCE = ["metric", "reference", "current", "drop", "outcome", "slices"]
SLICE = ["column", "value", "reference", "current", "drop"]


def test_fields_other_programs_rely_on(packet: TriagePacket) -> None:
    saved = json.loads(packet.model_dump_json())
    assert set(TOP) <= set(saved)
    assert all(set(QUALITY_CHECK) <= set(check) for check in saved["quality"]["checks"])
    assert all(set(FEATURE) <= set(feature) for feature in saved["drift"]["features"])
    assert all(set(BIN) <= set(part) for feature in saved["drift"]["features"] for part in feature["bins"])
    performance = saved["performance"]
    assert set(PERFORMANCE) <= set(performance)
    assert all(set(SLICE) <= set(part) for part in performance["slices"])
    for place in (performance, *performance["slices"]):
        assert {"value", "interval", "n", "positives"} <= set(place["reference"])
        assert {"value", "interval", "n", "positives"} <= set(place["current"])
        assert {"value", "interval"} <= set(place["drop"])
    assert len(performance["slices"]) == 3
    assert saved["schema_version"] == SCHEMA_VERSION


def test_shares_sum_to_one_and_contributions_to_the_psi(packet: TriagePacket) -> None:
    for feature in packet.drift.features:
        assert math.isclose(sum(part.reference for part in feature.bins), 1, abs_tol=1e-9)
        assert math.isclose(sum(part.current for part in feature.bins), 1, abs_tol=1e-9)
        assert feature.psi is not None
        assert math.isclose(sum(part.contribution for part in feature.bins), feature.psi, abs_tol=1e-9)


def test_round_trip(packet: TriagePacket) -> None:
    text = packet.model_dump_json()
    again = TriagePacket.model_validate_json(text)
    assert again == packet
    assert again.model_dump_json() == text


def test_a_packet_cannot_be_changed(packet: TriagePacket) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        packet.severity = Severity.LOW  # type: ignore[misc]


def test_fields_of_a_later_minor_version_are_ignored(packet: TriagePacket) -> None:
    later = json.loads(packet.model_dump_json())
    later["invented"] = 1
    later["performance"]["invented"] = {"a": [1]}
    assert TriagePacket.model_validate(later) == packet


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_there_is_no_nan(number: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        Measured(value=number, unit="nats", n=1)
    with pytest.raises(ValidationError, match="finite"):
        Auc(value=number, interval=None, n=1, positives=1)
    with pytest.raises(ValidationError, match="finite"):
        Drop(value=0.1, interval=(number, 1.0), confidence=0.95)


def test_the_share_of_failing_rows() -> None:
    assert Counted(failed=1, rows=4, rule="r", message="m").share == 0.25
    assert Counted(failed=0, rows=0, rule="r", message="m").share == 0
    assert not NotComputed(reason="r").expected


def test_the_worst_outcome_and_that_not_computed_is_no_pass() -> None:
    order = [Outcome.FAILED, Outcome.ERRORED, Outcome.WARNED, Outcome.NOT_COMPUTED, Outcome.PASSED]
    for count in range(1, 4):
        for outcomes in permutations(order, count):
            assert Outcome.worst(list(outcomes)) is min(outcomes, key=order.index)
    assert Outcome.worst([]) is Outcome.NOT_COMPUTED
    assert Outcome.worst([Outcome.PASSED, Outcome.NOT_COMPUTED]) is not Outcome.PASSED


def test_severities_rank() -> None:
    assert [severity.rank for severity in Severity] == [3, 2, 1, 0]
    assert [severity.value for severity in Severity] == ["critical", "high", "medium", "low"]
