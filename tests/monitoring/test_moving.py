"""What a moved threshold decides is judged again and nothing else: the same answers, in linear time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import Monitor
from dawnwatch.checks.needs import RunContext
from dawnwatch.model.what_if import Span
from dawnwatch.monitoring import moving
from dawnwatch.monitoring.axes import AXES
from dawnwatch.monitoring.moving import Moving
from dawnwatch.monitoring.observation import Observation
from dawnwatch.monitoring.weighing import weigh
from dawnwatch.monitoring.what_if import judged_under, what_if

RIDERS: dict[str, dict[str, Any]] = {
    "tested by row": {},
    "tested by unit": {"roles": {"unit": "rider"}},
    "too few units": {"roles": {"unit": "rider"}, "significance": {"min_units": 500}},
    "by size alone": {"significance": {"judge": "off"}},
    "by version": {"roles": {"model_version": "version"}},
    "from score bins": {"performance": {"exact_rows": 0}},
}


def rows(n: int, seed: int, *, moved: float, features: int = 6) -> pa.Table:
    rng = np.random.default_rng(seed)
    rider = rng.choice(rng.integers(0, 400, 60), n)
    found: dict[str, Any] = {
        f"f{i}": rng.normal(moved * i / features, 1, n) + moved * rider / 2000 for i in range(features)
    }
    gone = rng.random(n) < moved / 4
    for name in ("f0", "f1", "f4"):
        found[name] = pa.array(found[name], mask=gone | (rng.random(n) < 0.05))
    label = rng.random(n) < 0.4
    noise = rng.normal(size=n) * (1 + moved * (rider % 3) + 4 * moved * (rider % 4 == 0))
    return pa.table(
        found
        | {
            "rider": rider,
            "id": np.where(gone, 0, np.arange(n)),
            "version": np.where(rider % 4 == 0, "7", "6"),
            "home": np.char.add("zone ", (rider % 20).astype(str)),
            "part": np.array(["a", "b", "c"])[rider % 3],
            "label": label.astype(np.int8),
            "score": 1 / (1 + np.exp(-(2.0 * label + noise))),
        }
    )


def configured(more: dict[str, Any], features: int = 6) -> dict[str, Any]:
    roles = {"label": "label", "score": "score", "slices": ["part"], "keys": ["id"], **more.get("roles", {})}
    columns: dict[str, Any] = {
        f"f{i}": {"monitor": True, "range": {"min": -3.0, "max": 3.0 + i}} for i in range(features)
    }
    columns["f2"] |= {"psi": {"red": 0.05}}
    columns["f3"] |= {"psi": {"yellow": 0.2}}
    columns["f1"] |= {"missing": {"max": 0.3}}
    columns["home"] = {"monitor": True}
    columns["f0"] |= {"method": "ks"}
    return {**more, "roles": roles, "columns": columns}


@pytest.fixture(params=[(name, moved) for name in RIDERS for moved in (0.8, 0.2)], ids=str)
def watched(request: pytest.FixtureRequest) -> tuple[Monitor, Observation]:
    name, moved = request.param
    monitor = Monitor(configured(RIDERS[name])).fit(rows(1500, 0, moved=0.0))
    return monitor, monitor.observe(rows(900, 1, moved=moved))


def inside(span: Span) -> float:
    if span.low_included:
        return span.low
    return 2 * span.low + 1 if span.high is None else (span.low + span.high) / 2


@pytest.mark.parametrize("name", AXES)
def test_every_step_is_what_judging_the_whole_run_again_gives(watched: tuple[Monitor, Observation], name: str) -> None:
    monitor, seen = watched
    axis = AXES[name]
    (sweep,) = what_if(seen, monitor.config, names=[name]).sweeps
    assert len(sweep.steps) >= 2
    for step in sweep.steps:
        value = max(inside(step.span), axis.least)
        packet = judged_under(seen, axis.move(monitor.config, value))
        assert (step.severity, step.rule) == (packet.severity, packet.rule), value
        assert sweep.verdicts_at(value) == axis.verdicts(packet), value


@pytest.mark.parametrize("name", AXES)
def test_every_fact_holds_that_judging_the_whole_run_again_finds(
    watched: tuple[Monitor, Observation], name: str
) -> None:
    monitor, seen = watched
    axis = AXES[name]
    run = RunContext(monitor.config, seen.baselines.drift, seen.baselines.performance, seen.current)
    weighed = weigh(seen, run, step=lambda step: None)
    moved = Moving(weighed, monitor.config, name)
    values = {v for turn in moved.turns(monitor.config) for v in (turn, turn * 1.0001) if v > axis.least}
    for value in sorted(v for v in values if axis.most is None or v <= axis.most):
        config = axis.move(monitor.config, value)
        moved.judge(config, moved.verdicts)
        assert sorted(moved.facts(config)) == judged_under(seen, config).facts, value


@pytest.mark.parametrize("name", ["psi", "missing", "range"])
def test_twice_the_checks_are_judged_twice_as_often(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    judge = moving.judge

    def counting(*given: Any) -> Any:
        nonlocal calls
        calls += 1
        return judge(*given)

    monkeypatch.setattr(moving, "judge", counting)
    found = []
    for features in (10, 20, 40):
        calls = 0
        monitor = Monitor(configured({}, features)).fit(rows(400, 0, moved=0.0, features=features))
        what_if(monitor.observe(rows(400, 1, moved=0.8, features=features)), monitor.config, names=[name])
        found.append(calls)
    assert 0 < found[2] - found[1] <= 2.5 * (found[1] - found[0])


def test_a_check_that_faults_stays_as_it_is(
    watched: tuple[Monitor, Observation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monitor, seen = watched
    from dawnwatch.checks import registry

    spec = registry._REGISTERED["drift.psi"]

    def faulty(reference: Any, current: Any) -> Any:
        if current.name == "f4":
            raise RuntimeError("no")
        return spec.function(reference, current)

    monkeypatch.setitem(registry._REGISTERED, "drift.psi", replace(spec, function=faulty))
    (sweep,) = what_if(seen, monitor.config, names=["psi"]).sweeps
    assert "f4" not in sweep.verdicts_at(sweep.now)
    assert "f3" in sweep.verdicts_at(sweep.now)
