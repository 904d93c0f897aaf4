"""The shipped packet: the worked example's known numbers, and no row of anyone's data."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from dawnwatch.explain.example import example, stripped
from dawnwatch.model.enums import Band, Severity
from dawnwatch.model.json_schema import packet_schema
from tests.explain.packets import with_policy
from tests.report import sample_packet


def test_it_is_a_packet_of_todays_schema() -> None:
    held = json.loads(files("dawnwatch.explain").joinpath("metropulse.json").read_bytes())
    Draft202012Validator(json.loads(packet_schema())).validate(held)
    assert example().model_dump(mode="json") == held


def test_it_holds_the_known_numbers() -> None:
    packet = example()
    assert packet.severity is Severity.CRITICAL
    assert packet.rule == "degraded_and_red_drift"
    psi = {feature.name: feature.psi for feature in packet.drift.features}
    assert psi == {
        "device_type": pytest.approx(0.29, abs=0.01),
        "hour_bucket": pytest.approx(0.55, abs=0.01),
    }
    assert {feature.band for feature in packet.drift.features} == {Band.RED}
    assert packet.performance.reference.value == pytest.approx(0.757, abs=0.003)
    assert packet.performance.current.value == pytest.approx(0.699, abs=0.003)
    mobile = next(b for f in packet.drift.features for b in f.bins if b.bin == "mobile")
    assert (round(mobile.reference, 2), round(mobile.current, 2)) == (0.33, 0.6)


def test_it_holds_aggregates_only() -> None:
    packet = example()
    assert not [check for check in packet.quality.checks if check.examples]
    assert packet.profile is None
    assert packet == stripped(packet)


def test_stripping_takes_the_rows_and_nothing_else() -> None:
    packet = with_policy(sample_packet.failed_quality()).model_copy(update={"profile": "profiles/a.profile"})
    assert [check for check in packet.quality.checks if check.examples]
    left = stripped(packet).model_dump()
    whole = packet.model_dump()
    for check in whole["quality"]["checks"]:
        check["examples"] = []
    whole["profile"] = None
    assert left == whole
