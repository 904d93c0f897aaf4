"""The JSON Schema that saved packets validate against."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dawnwatch import TriagePacket
from dawnwatch.model.json_schema import packet_schema


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(packet_schema())
    return found


def test_it_is_a_schema(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert packet_schema() == packet_schema()


def test_a_saved_packet_validates(schema: dict[str, Any], packet: TriagePacket) -> None:
    assert not list(Draft202012Validator(schema).iter_errors(json.loads(packet.model_dump_json())))


def test_every_field_a_packet_has_is_described(schema: dict[str, Any], packet: TriagePacket) -> None:
    saved = json.loads(packet.model_dump_json())
    assert set(schema["properties"]) == set(saved)
    # A field of a later minor version has a default, so that earlier packets stay valid.
    # What later versions brought, which packets of the first have not.
    later = {"could_not_judge", "error_budget", "facts", "policy", "profile", "self_watch"}
    assert set(saved) - set(schema["required"]) == later


def test_a_persons_decision_validates(schema: dict[str, Any], packet: TriagePacket) -> None:
    saved = json.loads(packet.model_dump_json())
    saved["human_decision"] = {"decision": "wait", "by": "Ana", "note": None, "at": "2026-01-01T08:00:00Z"}
    assert not list(Draft202012Validator(schema).iter_errors(saved))


def _spoilt(change: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def apply(saved: dict[str, Any]) -> dict[str, Any]:
        spoilt = copy.deepcopy(saved)
        change(spoilt)
        return spoilt

    return apply


@pytest.mark.parametrize(
    "spoil",
    [
        _spoilt(lambda p: p.pop("headline")),
        _spoilt(lambda p: p.pop("schema_version")),
        _spoilt(lambda p: p.update(severity="urgent")),
        _spoilt(lambda p: p["sla"].update(hours="4")),
        _spoilt(lambda p: p["quality"]["checks"][0].update(outcome="ok")),
        _spoilt(lambda p: p["quality"]["checks"][0].update(failed_rows=1.5)),
        _spoilt(lambda p: p["drift"]["features"][0].update(band="PINK")),
        _spoilt(lambda p: p["drift"]["features"][0]["bins"][0].pop("contribution")),
        _spoilt(lambda p: p["performance"]["reference"].update(value="0.7")),
        _spoilt(lambda p: p["performance"]["drop"].update(interval=[0.1])),
        _spoilt(lambda p: p["decision"].update(verdict="panic")),
        _spoilt(lambda p: p["human_decision"].update(decision="panic")),
        _spoilt(lambda p: p["thresholds"][0].update(source="guess")),
        _spoilt(lambda p: p["provenance"]["current"].pop("fingerprint")),
        _spoilt(lambda p: p["performance"]["slices"][0].pop("drop")),
    ],
)
def test_it_refuses_what_is_no_packet(
    schema: dict[str, Any], packet: TriagePacket, spoil: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    assert not Draft202012Validator(schema).is_valid(spoil(json.loads(packet.model_dump_json())))
