"""What-if answers against judging anew, value by value."""

from __future__ import annotations

from math import inf, nextafter
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawnwatch import Config, Monitor
from dawnwatch.errors import UsageError
from dawnwatch.model.what_if import Sweep
from dawnwatch.monitoring.axes import AXES
from dawnwatch.monitoring.observation import Observation
from dawnwatch.monitoring.what_if import judged_under, what_if

TABLES: dict[str, Any] = {
    "roles": {"label": "label", "score": "score", "slices": ["plan"], "keys": ["id"]},
    "columns": {
        "plan": {"monitor": True},
        "age": {"monitor": True, "range": {"min": -2.5, "max": 3.0}},
        "city": {"monitor": True, "psi": {"red": 0.3}},
        "fare": {"missing": {"max": 0.5}},
        "note": {"allowed": ["x"]},
    },
}


def rows(n: int, seed: int, *, moved: float, missing: float, noise: float) -> pa.Table:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    label = rng.random(n) < 1 / (1 + np.exp(-2 * x))
    fare = [None if gone else 1.0 for gone in rng.random(n) < missing]
    return pa.table(
        {
            "id": [i // 2 if i < n * missing else i for i in range(n)],
            "plan": rng.choice(["free", "paid"], n, p=[0.5 + moved, 0.5 - moved]),
            "age": rng.normal(moved, 1, n),
            "city": rng.choice(["a", "b", "c"], n, p=[0.4 + moved, 0.3, 0.3 - moved]),
            "fare": fare,
            "note": [None if gone else "x" for gone in rng.random(n) < missing / 2],
            "label": label.astype(np.int8),
            "score": 1 / (1 + np.exp(-x - noise * rng.normal(size=n))),
        }
    )


@pytest.fixture(scope="module", params=[(0.25, 0.2, 1.6), (0.02, 0.0, 0.5), (0.0, 0.6, 3.0)])
def observed(request: pytest.FixtureRequest) -> tuple[Monitor, Observation]:
    moved, missing, noise = request.param
    monitor = Monitor(TABLES).fit(rows(4000, 0, moved=0.0, missing=0.0, noise=0.5))
    return monitor, monitor.observe(rows(3000, 1, moved=moved, missing=missing, noise=noise))


@pytest.fixture(scope="module")
def sweeps(observed: tuple[Monitor, Observation]) -> dict[str, Sweep]:
    monitor, seen = observed
    return {sweep.threshold: sweep for sweep in what_if(seen, monitor.config).sweeps}


@given(st.data())
def test_every_answer_is_what_judging_anew_gives(
    observed: tuple[Monitor, Observation], sweeps: dict[str, Sweep], data: st.DataObject
) -> None:
    monitor, seen = observed
    name = data.draw(st.sampled_from(list(AXES)))
    axis, sweep = AXES[name], sweeps[name]
    ends = sorted({step.span.low for step in sweep.steps} - {0.0})
    near = [v for end in ends for v in (nextafter(end, -inf), end, nextafter(end, inf))]
    anywhere = st.floats(1e-6, 3.0 if axis.most is None else axis.most)
    value = data.draw(anywhere | st.sampled_from(near) if near else anywhere)
    packet = judged_under(seen, axis.move(monitor.config, value))
    step = sweep.at(value)
    assert (step.severity, step.rule) == (packet.severity, packet.rule)
    assert sweep.verdicts_at(value) == axis.verdicts(packet)


def test_steps_follow_each_other_without_gap_or_repetition(sweeps: dict[str, Sweep]) -> None:
    for name, sweep in sweeps.items():
        for step, after in zip(sweep.steps, sweep.steps[1:], strict=False):
            assert step.span.high == after.span.low
            assert step.span.high_included != after.span.low_included
            assert after.turned or (step.severity, step.rule) != (after.severity, after.rule)
        assert sweep.steps[0].span.low == 0
        assert sweep.steps[0].span.low_included == AXES[name].least_included
        assert sweep.steps[-1].span.high == AXES[name].most


def test_what_stands_now_is_what_the_packet_says(
    observed: tuple[Monitor, Observation], sweeps: dict[str, Sweep]
) -> None:
    monitor, seen = observed
    packet = monitor.judge(seen)
    assert {sweep.at(sweep.now).severity for sweep in sweeps.values()} == {packet.severity}


def test_seeds_are_the_known_cases(sweeps: dict[str, Sweep]) -> None:
    found = {name: [seed.value for seed in sweep.seeds] for name, sweep in sweeps.items()}
    assert found == {
        "psi": [0.05, 0.5],
        "missing": [0.0],
        "range": [0.0],
        "duplicates": [0.0],
        "auc_drop": [0.01],
    }
    for sweep in sweeps.values():
        for seed in sweep.seeds:
            step = sweep.at(seed.value)
            assert seed.severity == step.severity
            assert seed.flagged == {
                n: v for n, v in sweep.verdicts_at(seed.value).items() if v not in {"GREEN", "passed"}
            }


def test_columns_with_their_own_threshold_are_named_and_do_not_turn(sweeps: dict[str, Sweep]) -> None:
    assert (sweeps["psi"].held, sweeps["missing"].held) == (["city"], ["fare"])
    assert "city" not in sweeps["psi"].turning
    assert not any(name.startswith("fare:") for name in sweeps["missing"].turning)


def test_what_is_judged_by_another_distance_is_held_and_stays_where_it_is(
    observed: tuple[Monitor, Observation],
) -> None:
    _, seen = observed
    tables = {**TABLES, "columns": {**TABLES["columns"], "age": {"monitor": True, "method": "ks", "ks": {"red": 0.02}}}}
    sweep = what_if(seen, Config.from_dict(tables), names=["psi"]).sweeps[0]
    assert sweep.held == ["city", "age"]
    assert "age" not in sweep.steps[0].turned
    for value in (0.05, 0.1, 3.0):
        packet = judged_under(seen, AXES["psi"].move(Config.from_dict(tables), value))
        assert sweep.at(value).severity is packet.severity


@pytest.mark.parametrize("asked", [{"prediction": "high", "label": "medium"}, {"prediction": "medium"}])
def test_scores_and_labels_that_count_stay_as_they_are_while_thresholds_move(
    observed: tuple[Monitor, Observation], asked: dict[str, str]
) -> None:
    _, seen = observed
    low = {"red": 0.001, "because": "tested"}
    config = Config.from_dict({**TABLES, "drift": asked, "thresholds": {"prediction": low, "label": low}})
    for sweep in what_if(seen, config).sweeps:
        axis = AXES[sweep.threshold]
        for step in sweep.steps:
            if step.span.high is not None and step.span.high_included:
                packet = judged_under(seen, axis.move(config, step.span.high))
                assert (step.severity, step.rule) == (packet.severity, packet.rule)
        assert not {"score", "label"} & sweep.turning.keys()


def test_an_unknown_threshold_is_named_with_those_there_are(observed: tuple[Monitor, Observation]) -> None:
    monitor, seen = observed
    with pytest.raises(
        UsageError, match=r"no threshold 'pis' to move\. Did you mean 'psi'\? There are: psi, missing, range, dup"
    ):
        what_if(seen, monitor.config, names=["pis"])


def test_what_lies_below_the_least_psi_turns_at_no_threshold_that_can_be_set() -> None:
    reference = rows(4000, 0, moved=0.0, missing=0.0, noise=0.5)
    plans = reference["plan"].to_pylist()
    plans[0] = "paid" if plans[0] == "free" else "free"
    current = reference.set_column(reference.schema.get_field_index("plan"), "plan", pa.array(plans))
    monitor = Monitor(TABLES).fit(reference)
    seen = monitor.observe(current)
    (plan,) = [f for f in monitor.judge(seen).drift.features if f.name == "plan"]
    assert plan.psi is not None
    assert 0 < plan.psi < AXES["psi"].least
    sweep = what_if(seen, monitor.config, names=["psi"]).sweeps[0]
    assert [step.turned["plan"] for step in sweep.steps if "plan" in step.turned] == ["GREEN"]
