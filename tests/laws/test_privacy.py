"""A private column shows counts only: no value of it stands anywhere in a packet, whatever fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import BaselineError, Config, TriagePacket
from dawnwatch.checks import registry
from dawnwatch.checks.registry import all_checks
from tests.checks.windows import CONFIG, log, packet, put, recalled

N = 1200
WORD, NUMBER = "s3cret", 918273645.5
SECRETS = (WORD, "918273645", "9.1827", "9.183e", "918,273")
ROLES = {"score_kind": "probability", "model_version": "city"}
TIMES = {"id", "created_at", "started_at", "finished_at", "due_at"}


def settings(**tables: Any) -> Config:
    """The usual configuration with every column private."""
    base = CONFIG | {name: CONFIG.get(name, {}) | keys for name, keys in tables.items()}
    columns = {name: base["columns"].get(name, {}) | {"private": True} for name in log().schema.names}
    return Config.from_dict(base | {"columns": columns})


def shown(found: TriagePacket) -> str:
    """All of a packet's JSON, but for its times and random id, which could hold any digits."""

    def without_times(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: without_times(v) for k, v in value.items() if k not in TIMES}
        return [without_times(v) for v in value] if isinstance(value, list) else value

    return json.dumps(without_times(json.loads(found.model_dump_json())))


def some(name: str, value: Any, rows: int = 100) -> Callable[[pa.Table], pa.Table]:
    return lambda table: put(table, **{name: [value] * rows + table[name].to_pylist()[rows:]})


def secretive(table: pa.Table) -> pa.Table:
    """A log whose every column holds secrets in both windows."""
    words = np.array([f"{WORD} a", f"{WORD} b", f"{WORD} c"])
    rng = np.random.default_rng(table.num_rows)
    return put(
        table,
        device=words[rng.integers(0, 3, table.num_rows)],
        city=words[rng.integers(0, 3, table.num_rows)],
        fare=NUMBER + rng.integers(0, 5, table.num_rows) * 1e-3,
        stops=[int(NUMBER)] * table.num_rows,
        rider=[f"{WORD} {i}" for i in rng.integers(0, 50, table.num_rows)],
        event=[f"{WORD} {i}" for i in range(table.num_rows)],
    )


CURRENT: dict[str, Callable[[pa.Table], pa.Table]] = {
    "unseen category": some("device", WORD, 400),
    "not allowed": some("device", WORD, 1),
    "pattern miss": some("city", f"{WORD}!"),
    "below": some("fare", -NUMBER),
    "above": some("fare", NUMBER),
    "drifted number": lambda t: put(t, stops=np.full(N, int(NUMBER))),
    "third label": some("label", int(NUMBER)),
    "worded label": lambda t: put(t, label=[WORD] * N),
    "repeated key": some("event", int(NUMBER)),
    "repeated worded key": lambda t: put(t, event=[WORD] * N),
    "new unit": some("rider", int(NUMBER)),
    "retyped": lambda t: put(t, fare=[WORD] * N, stops=[WORD] * N, rider=[WORD] * N),
    "retyped to numbers": lambda t: put(t, device=np.full(N, NUMBER), city=np.full(N, NUMBER)),
    "nested": lambda t: put(t, device=[[WORD]] * N, label=[[WORD]] * N, event=[{WORD: 1}] * N),
    "score outside": some("score", NUMBER),
    "score as text": lambda t: put(t, score=[WORD] * N),
}
# A packet shows no single value of these, private or not.
SILENT = {"drifted number", "retyped", "retyped to numbers", "new unit", "score as text"}


@pytest.mark.parametrize("scenario", CURRENT)
def test_no_value_of_a_private_column_is_shown(scenario: str) -> None:
    damaged = CURRENT[scenario](log())
    for kind in ("ranking", "probability"):
        found = packet(damaged, settings=settings(roles={"score_kind": kind}))
        text = shown(found)
        assert [secret for secret in SECRETS if secret in text] == []
        assert all(example.values == {} for check in found.quality.checks for example in check.examples)


@pytest.mark.parametrize("scenario", [name for name in CURRENT if name not in SILENT])
def test_the_same_packet_shows_them_where_nothing_is_private(scenario: str) -> None:
    """The search finds what it looks for, so that its silence above says something."""
    tables = CONFIG | {"roles": CONFIG["roles"] | {"score_kind": "probability"}}
    text = shown(packet(CURRENT[scenario](log()), settings=Config.from_dict(tables)))
    assert any(secret in text for secret in SECRETS)


def test_a_reference_full_of_secrets_shows_none_in_bins_slices_or_ranges() -> None:
    reference = secretive(log())
    current = secretive(log(1000, seed=1))
    rules = {
        "device": {"monitor": True},
        "fare": {"monitor": True, "range": {"min": 0}},
        "stops": {"monitor": True},
        "city": {"monitor": True},
    }
    columns = {name: rules.get(name, {}) | {"private": True} for name in log().schema.names}
    roles = CONFIG["roles"] | {"slices": ["device", "fare", "city"]}
    found = packet(current, reference, Config.from_dict({"roles": roles, "columns": columns}))
    assert [secret for secret in SECRETS if secret in shown(found)] == []
    assert {s.value for s in found.performance.slices if s.column == "device"} == {"value 1", "value 2", "value 3"}
    open_text = shown(packet(current, reference, Config.from_dict({"roles": roles, "columns": rules})))
    assert WORD in open_text


@pytest.mark.parametrize("name", [spec.name for spec in all_checks()])
def test_a_check_that_quotes_a_value_in_its_fault_shows_none(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(reference: object, current: object) -> None:
        raise ValueError(f"cannot read {WORD} or {NUMBER}")

    spec = next(s for s in all_checks() if s.name == name)
    monkeypatch.setitem(registry._REGISTERED, name, replace(spec, function=broken))
    asked = settings(roles=ROLES, drift={"domain_classifier": True})
    text = shown(packet(log(), settings=asked, model=recalled))
    assert "the check faulted: ValueError" in text
    assert [secret for secret in SECRETS if secret in text] == []


def test_a_model_that_quotes_a_value_in_its_fault_shows_none() -> None:
    def model(batch: pa.RecordBatch) -> Any:
        values = batch.column("city").to_pylist()
        if WORD in values:
            raise ValueError(f"unknown category {WORD}")
        return batch.column("fare")

    data = put(log(), score=None)
    tables = {"roles": {"label": "label"}, "model": {"features": ["city", "fare"]}}
    private = Config.from_dict(tables | {"columns": {"city": {"private": True}}})
    current = put(data, city=[WORD] * N)
    found = packet(current, data, private, model=model)
    assert str(found.performance.reason).endswith("ValueError (its message may quote a private column)")
    assert WORD not in shown(found)
    with pytest.raises(BaselineError) as caught:
        packet(current, current, private, model=model)
    assert WORD not in str(caught.value)
    assert WORD in shown(packet(current, data, Config.from_dict(tables), model=model))
