"""The kernel against counting by hand, one row at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import Config
from dawnwatch.model.frequent import Frequent
from dawnwatch.model.plan import Plan
from dawnwatch.model.profile import Profile
from dawnwatch.model.score_bins import GROUPS
from dawnwatch.model.unit_counts import UnitCounts
from dawnwatch.profiling.hashing import hash_column
from dawnwatch.profiling.kernel import profile
from dawnwatch.profiling.learn import learn_plan
from dawnwatch.sources import open_source

N = 400
REFERENCE = pa.table(
    {
        "device": ["mobile", "desktop"] * (N // 2),
        "fare": np.linspace(0, 10, N),
        "count": np.arange(N) % 7,
        "rider": np.arange(N) % 20,
        "label": [0, 1] * (N // 2),
        "score": np.linspace(0, 1, N),
    }
)


def plan_of(table: pa.Table = REFERENCE, **tables: Any) -> Plan:
    roles = {"label": "label", "score": "score", "unit": "rider", "keys": ["rider"], "slices": ["device"]}
    base = {
        "roles": roles | tables.pop("roles", {}),
        "columns": {"device": {"monitor": True}, "fare": {"monitor": True}},
    }
    config = Config.from_dict(base | {name: base.get(name, {}) | keys for name, keys in tables.items()})
    source = open_source(table, what="reference")
    return learn_plan(config, source, source, None, config.roles.score)


def count(plan: Plan, **columns: Any) -> Profile:
    return profile(pa.record_batch(columns), plan)[0]


def keys_of(plan: Plan, **columns: Any) -> list[int] | None:
    """The key of each row, None where there are none."""
    taken: list[Any] = []
    profile(pa.record_batch(columns), plan, keys=taken.append)
    return np.concatenate(taken).tolist() if taken else None


def test_the_cube_counts_bin_by_label_by_score_bin() -> None:
    plan = plan_of()
    rng = np.random.default_rng(0)
    n = 300
    devices = [["mobile", "desktop", None, "kiosk"][i] for i in rng.integers(0, 4, n)]
    labels = [[0, 1, None, 9][i] for i in rng.integers(0, 4, n)]
    scores = [None if rng.random() < 0.1 else float(rng.random()) for _ in range(n)]
    found = count(plan, device=devices, label=labels, score=scores)

    binning = plan.column("device").binning
    assert binning is not None
    bins = plan.score_bins
    cube = np.zeros((len(binning.names), 3, binning.scores + 1), int)
    fine = np.zeros((3, bins.fine + 1), int)
    for device, label, score in zip(devices, labels, scores, strict=True):
        row = binning.missing if device is None else binning.codes.get(device, binning.unseen)
        outcome = label if label in (0, 1) else 2
        at = bins.fine if score is None else int((bins.edges < score).sum())
        cube[row, outcome, int(bins.groups[at]) * binning.scores // GROUPS] += 1
        fine[outcome, at] += 1
    assert (found.columns["device"].cube == cube).all()
    assert (found.scores == fine).all()
    assert found.labelled == sum(label in (0, 1) for label in labels)
    assert found.label_values.counts == {"9": labels.count(9)}
    assert found.label_values.total == labels.count(9)


def test_units_are_known_new_or_missing() -> None:
    found = count(plan_of(), rider=[0, 20, 20, 20, None], label=[0, 1, 1, None, 0], score=[0.1, 0.2, 0.3, 0.4, 0.5])
    assert found.units is not None
    assert found.units.sum(axis=(1, 2)).tolist() == [1, 3, 1]
    assert found.units[:, 1].sum(axis=1).tolist() == [0, 2, 0]
    absent = count(plan_of(), label=[0, 1], score=[0.1, 0.2])
    assert absent.units is not None
    assert absent.units.sum(axis=(1, 2)).tolist() == [0, 0, 2]


def test_missing_columns_have_no_type_and_count_as_null() -> None:
    found = count(plan_of(), label=[1, 0])
    column, binning = found.columns["device"], plan_of().column("device").binning
    assert (column.type, column["null"], column.counts.sum(), column.moments.finite) == (None, 2, 2, 0)
    assert column.examples == {}
    assert column.cube is not None
    assert binning is not None
    assert column.cube[binning.missing].sum(axis=1).tolist() == [1, 1, 0]
    assert column.cube.sum() == 2
    assert keys_of(plan_of(), label=[1, 0]) is None


def test_counters_and_examples_of_a_range() -> None:
    bounds = {"columns": {"fare": {"range": {"min": 0, "max": 10, "min_inclusive": False}}}}
    found = count(
        plan_of(**bounds),
        fare=[0.0, 5.0, 10.0, 10.5, -1.0, None, np.nan, np.inf, -np.inf],
        rider=[*range(9)],
    )
    column = found.columns["fare"]
    counted = {name: column[name] for name in ("below", "above", "null", "nan", "pos_inf", "neg_inf")}
    # pyarrow makes NaN of a list a NaN, and None a null.
    assert counted == {"below": 3, "above": 2, "null": 1, "nan": 1, "pos_inf": 1, "neg_inf": 1}
    assert column.examples["below"][:2] == [(0, {"rider": 0, "fare": 0.0}), (4, {"rider": 4, "fare": -1.0})]
    assert column.examples["above"] == [(3, {"rider": 3, "fare": 10.5}), (7, {"rider": 7, "fare": "inf"})]
    assert (column.moments.low, column.moments.high, column.moments.finite) == (-1.0, 10.5, 5)


def test_text_rules_are_judged_per_distinct_text() -> None:
    rules = {"columns": {"device": {"allowed": ["mobile", ""], "pattern": "[a-z]+"}}}
    found = count(plan_of(**rules), device=["mobile", "", "desktop", "Mobile", None, "mobile\n"])
    column = found.columns["device"]
    assert (column["not_allowed"], column["pattern_miss"], column["empty"], column["null"]) == (3, 3, 1, 1)
    assert [row for row, _ in column.examples["pattern_miss"]] == [1, 3, 5]


@pytest.mark.parametrize(
    ("allowed", "good", "bad"),
    [([1, 2], [1.0, 2.0], [1.5, 3.0]), ([True], [True], [False]), (["1"], [1], [2]), ([0.1], [0.1], [0.2])],
)
def test_allowed_values_compare_by_value(allowed: list[Any], good: list[Any], bad: list[Any]) -> None:
    reference = REFERENCE.append_column("x", pa.array((good * N)[:N]))
    found = count(plan_of(reference, columns={"x": {"allowed": allowed}}), x=[*good, *bad, None])
    assert found.columns["x"]["not_allowed"] == len(bad)


def test_at_most_five_examples() -> None:
    found = count(plan_of(), fare=[None] * 50, rider=range(50))
    assert [row for row, _ in found.columns["fare"].examples["null"]] == [0, 1, 2, 3, 4]


def test_wrong_types_are_counted_and_not_binned() -> None:
    found = count(plan_of(), fare=["cheap", None, "dear"], device=[1, 2, 3])
    for name, wrong in (("fare", 2), ("device", 3)):
        column = found.columns[name]
        assert column["wrong_type"] == wrong
        assert column.cube is not None
        assert column.cube.sum() == 0


@pytest.mark.parametrize("type_", [pa.string(), pa.int64(), pa.bool_(), pa.null(), pa.list_(pa.int8()), pa.date32()])
def test_an_all_null_column_has_no_wrong_type(type_: pa.DataType) -> None:
    for name in ("fare", "device", "count", "label", "score", "rider"):
        found = count(plan_of(), **{name: pa.nulls(7, type_)})
        column = found.columns[name]
        assert (column.type, column["null"], column["wrong_type"]) == ("null", 7, 0)
        if column.cube is not None:
            assert column.cube.sum() == 7


def test_whole_floats_are_no_fractions() -> None:
    column = count(plan_of(), count=[1.0, 2.0, 2.5, np.inf, np.nan, None]).columns["count"]
    assert column["fractional"] == 1


def test_rows_of_bad_labels_and_scores_are_shown() -> None:
    found = count(plan_of(), rider=[7, 8, 9], label=[1, 5, None], score=[0.5, 1.5, -0.1])
    assert found.examples["label"] == [(1, {"rider": 8, "label": 5})]
    assert found.examples["score"] == [(1, {"rider": 8, "score": 1.5}), (2, {"rider": 9, "score": -0.1})]
    assert found.score_outside == 2
    assert count(plan_of(), score=[-1e-7, 1 + 1e-7, 0.0, 1.0]).score_outside == 0


def test_the_rows_of_each_unit_are_counted() -> None:
    plan = plan_of()
    found = count(plan, rider=[7, 8, 7, None, 7, 9])
    assert found.unit_counts is not None
    assert sorted(found.unit_counts.rows.tolist()) == [1, 1, 3]
    assert (found.unit_counts.units, found.unit_counts.largest) == (3, 3)
    none = count(plan, rider=[None, None]).unit_counts or UnitCounts()
    assert (none.units, none.largest, none.exact) == (0, 0, True)


def test_private_columns_leave_no_value() -> None:
    private = {"columns": {name: {"private": True} for name in ("rider", "device", "label", "fare")}}
    found = count(plan_of(**private), rider=[7, 7], device=["secret", None], fare=[np.inf, None], label=[1, 5])
    assert found.columns["device"].unseen == Frequent()
    assert found.sample is not None
    assert set(found.sample.columns) == {"count", "score"}
    examples = [found.examples, *(column.examples for column in found.columns.values())]
    assert [values for by in examples for rows in by.values() for _, values in rows if values] == []
    assert "5" not in str(found.examples)


def test_a_failing_row_of_a_private_column_does_not_even_show_its_key() -> None:
    found = count(
        plan_of(columns={"fare": {"private": True}}), rider=[7, 8], fare=[None, None], device=["mobile", None]
    )
    assert found.columns["fare"].examples["null"] == [(0, {}), (1, {})]
    assert found.columns["device"].examples["null"] == [(1, {"rider": 8, "device": None})]


def test_keys_are_one_hash_a_row() -> None:
    plan = plan_of(roles={"keys": ["rider", "device"]})
    one, two, again, none = keys_of(plan, rider=[1, 1, 1, 2], device=["a", "b", "a", None]) or []
    assert len({one, two, 0}) == 3
    assert (again, none) == (one, 0)
    assert keys_of(plan, rider=[1, 1]) is None


def test_known_units_are_the_references_hashes() -> None:
    unit = plan_of().unit
    assert unit is not None
    assert unit.known.tolist() == sorted(set(hash_column(pa.array(range(20))).tolist()))


def test_scored_rows_follow_the_batch() -> None:
    plan = plan_of()
    batch = pa.record_batch({"device": ["desktop", None, "new"], "label": [1, 0, None], "score": [0.5, None, 0.25]})
    scored = profile(batch, plan)[1]
    assert scored.labels.tolist() == [1, 0, 2]
    assert scored.scores.tolist() == pytest.approx([0.5, np.nan, 0.25], nan_ok=True)
    binning = plan.column("device").binning
    assert binning is not None
    assert scored.slices["device"].tolist() == [binning.codes["desktop"], binning.missing, binning.unseen]
    wrong = profile(pa.record_batch({"device": [1, 2]}), plan)[1]
    assert wrong.slices["device"].tolist() == [-1, -1]
