"""Laws that hold for every registered check, through the real runner on real windows.

A new check must be classed in `FAILS`, or `test_every_check_is_classed` fails.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from math import isfinite
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch.checks.registry import all_checks
from dawnwatch.checks.runner import Result
from dawnwatch.config import Config
from dawnwatch.model.enums import Outcome
from dawnwatch.model.measurement import Counted, Measured, NotComputed
from tests.checks.windows import config, log, packet, put, recalled
from tests.checks.windows import results as results_without_model

N = 1200
# The city stands for the version of the model, which is a column like any other.
SETTINGS = config(
    roles={"score_kind": "probability", "model_version": "city"},
    columns={"stops": {"monitor": True, "method": "ks"}},
    drift={"domain_classifier": True},
)
results = partial(results_without_model, model=recalled)


def first(name: str, *values: Any) -> Callable[[pa.Table], pa.Table]:
    """A change that replaces a column's first values."""
    return lambda table: put(table, **{name: [*values, *table[name].to_pylist()[len(values) :]]})


def bad_version(table: pa.Table) -> pa.Table:
    """The city with the most rows has its scores upside down."""
    cities, rows = np.unique(table["city"].to_pylist(), return_counts=True)
    bad = np.array(table["city"].to_pylist()) == cities[rows.argmax()]
    return put(table, score=np.where(bad, 1 - table["score"].to_numpy(), table["score"].to_numpy()))


# For every check: the subject it must fail on, the kind of its measurement, and a change that makes it fail.
FAILS: dict[str, tuple[str | None, type, Callable[[pa.Table], pa.Table]]] = {
    "quality.allowed": ("device", Counted, first("device", "kiosk")),
    "quality.constant": ("stops", Counted, lambda table: put(table, stops=[2] * N)),
    "quality.duplicates": (None, Counted, first("event", 7)),
    "quality.label_values": ("label", Counted, first("label", 2)),
    "quality.missing": ("fare", Counted, first("fare", *[None] * 100)),
    "quality.pattern": ("city", Counted, first("city", "R0me")),
    "quality.range": ("fare", Counted, first("fare", -1.0)),
    "quality.schema": (None, Counted, lambda table: put(table, city=None)),
    "quality.score_range": ("score", Counted, first("score", 1.5)),
    "drift.distance": ("stops", Measured, lambda table: put(table, stops=[29] * N)),
    "drift.domain_classifier": (None, Measured, lambda table: put(table, device=["mobile"] * N)),
    "drift.label": ("label", Measured, lambda table: put(table, label=[1] * N)),
    "drift.prediction": ("score", Measured, lambda table: put(table, score=[0.99] * N)),
    "drift.psi": ("device", Measured, lambda table: put(table, device=["mobile"] * N)),
    "performance.auc_drop": (None, Measured, lambda table: put(table, score=1 - table["score"].to_numpy())),
    "performance.version_gap": ("city", Measured, bad_version),
    "performance.rescore": ("score", Counted, first("score", *[0.5] * 100)),
}

WRONG: dict[str, pa.Array] = {
    "string": pa.array(["wrong"] * N),
    "integer": pa.array(range(N)),
    "number": pa.array(np.linspace(-5, 5, N)),
    "boolean": pa.array([True, False] * (N // 2)),
    "timestamp": pa.array([9 * 10**12] * N, pa.timestamp("s", "UTC")),
    "list": pa.array([[1, None]] * N),
    "struct": pa.array([{"a": 1}] * N),
    "binary": pa.array([b"\xff\xfe"] * N),
    "duration": pa.array([1] * N, pa.duration("us")),
}
LEARNS = "drift.domain_classifier"
"""A classifier learns more from more rows, so its AUC is no share of them."""
DAMAGES: dict[str, Callable[[pa.Table, str], pa.Table]] = {
    "missing": lambda table, name: put(table, **{name: None}),
    "null": lambda table, name: put(table, **{name: pa.nulls(N)}),
    "typed null": lambda table, name: put(table, **{name: pa.nulls(N, table.schema.field(name).type)}),
    "null of another type": lambda table, name: put(table, **{name: pa.nulls(N, pa.list_(pa.bool_()))}),
    "one value": lambda table, name: put(table, **{name: [table[name][0].as_py()] * N}),
    "nan": lambda table, name: put(table, **{name: [float("nan")] * N}),
    "infinite": lambda table, name: put(table, **{name: [float("inf")] * N}),
    "empty text": lambda table, name: put(table, **{name: [""] * N}),
} | {kind: lambda table, name, array=array: put(table, **{name: array}) for kind, array in WRONG.items()}  # type: ignore[misc]


def of(found: list[Result], check: str, subject: str | None) -> Result:
    return next(r for r in found if r.spec.name == check and r.subject.column == subject)


def numbers(result: Result) -> list[float]:
    """Every number of a result."""
    match result.measurement:
        case Measured() as m:
            return [m.value, m.n, *(m.chance.interval(0.95) if m.chance else ())]
        case Counted() as m:
            return [m.failed, m.rows, m.share, *m.breakdown.values()]
        case NotComputed():
            return []


def test_every_check_is_classed() -> None:
    assert set(FAILS) == {spec.name for spec in all_checks()}


@pytest.mark.parametrize("check", FAILS)
def test_every_check_fails_on_what_it_is_for_and_passes_on_identical_windows(check: str) -> None:
    subject, kind, damage = FAILS[check]
    before, after = (of(results(t, settings=SETTINGS), check, subject) for t in (log(), damage(log())))
    assert isinstance(before.measurement, kind)
    assert isinstance(after.measurement, kind)
    assert (before.outcome, after.outcome) == (Outcome.PASSED, Outcome.FAILED)
    if isinstance(after.measurement, Counted):
        assert 0 < after.measurement.failed <= after.measurement.rows == N
        assert after.measurement.message
        assert len(after.measurement.examples) == (0 if check == "quality.schema" else min(5, after.measurement.failed))


def test_identical_windows_pass_every_check_on_every_subject() -> None:
    found = results(log(), settings=SETTINGS)
    assert {r.spec.name for r in found} == set(FAILS)
    assert {r.outcome for r in found} == {Outcome.PASSED}
    assert packet(log(), settings=SETTINGS, model=recalled).severity.value == "low"


@pytest.mark.parametrize("check", FAILS)
def test_the_order_of_rows_does_not_matter(check: str) -> None:
    subject, _, damage = FAILS[check]
    damaged = damage(log())
    shuffled = damaged.take(pa.array(np.random.default_rng(1).permutation(N)))
    one, other = (of(results(t, settings=SETTINGS), check, subject) for t in (damaged, shuffled))
    assert numbers(one) == pytest.approx(numbers(other), rel=1e-12)
    assert one.outcome is other.outcome


@pytest.mark.parametrize("check", [c for c in FAILS if c not in {"quality.duplicates", LEARNS}])
def test_the_same_rows_twice_change_no_share(check: str) -> None:
    subject, _, damage = FAILS[check]
    damaged = damage(log())
    one, other = (of(results(t, settings=SETTINGS), check, subject) for t in (damaged, pa.concat_tables([damaged] * 2)))
    shares = [r.measurement.share if isinstance(r.measurement, Counted) else numbers(r)[0] for r in (one, other)]
    assert shares[0] == pytest.approx(shares[1], rel=1e-12)
    assert one.outcome is other.outcome


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("column", log().schema.names)
def test_no_damaged_column_ends_a_run_or_goes_unsaid(column: str, damage: str) -> None:
    current = DAMAGES[damage](log(), column)
    found = results(current, settings=SETTINGS)
    assert Outcome.ERRORED not in {r.outcome for r in found}
    for result in found:
        assert all(isfinite(number) for number in numbers(result))
        if isinstance(result.measurement, NotComputed):
            assert result.measurement.reason
    retyped = current.schema.names != log().schema.names or current.schema != log().schema
    harmless = {("nan", "integer"), ("number", "number"), ("integer", "number"), ("integer", "integer")}
    if retyped or damage == "typed null":
        family = {"fare": "number", "score": "number", "device": "string", "city": "string"}.get(column, "integer")
        if (column, damage) == ("score", "missing"):
            # The model scores these rows, as it does a log without the column; what cannot be compared is said.
            assert of(found, "performance.rescore", "score").unexpected
        elif (damage, family) not in harmless and not (damage == "string" and family == "string"):
            assert {Outcome.FAILED} & {r.outcome for r in found}


@pytest.mark.parametrize("damage", ["missing", "null", "one value", "list", "timestamp", "infinite"])
def test_a_packet_with_everything_damaged_is_still_valid_json(damage: str) -> None:
    current = log()
    for column in current.schema.names[1:]:
        current = DAMAGES[damage](current, column)
    found = packet(current, settings=SETTINGS, model=recalled)
    assert found.severity.value in {"medium", "high", "critical"}

    def refuse(name: str) -> None:
        raise AssertionError(name)

    json.loads(found.model_dump_json(), parse_constant=refuse)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_tiny_windows_are_judged(n: int) -> None:
    found = results(log().slice(0, n), settings=SETTINGS)
    assert Outcome.ERRORED not in {r.outcome for r in found}
    assert all(isfinite(number) for r in found for number in numbers(r))


def test_a_configuration_that_watches_nothing_is_judged() -> None:
    found = packet(log(), settings=Config.from_dict({}))
    assert (found.severity.value, found.drift.features, found.could_not_judge) == ("low", [], [])
