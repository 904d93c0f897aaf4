"""Laws of the profile: its counts add, whatever way the rows were split, encoded or ordered."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawnwatch import Config
from dawnwatch.model.plan import Plan
from dawnwatch.model.profile import COUNTERS, NAMED, REST, ColumnProfile, Profile, named
from dawnwatch.profiling.kernel import profile
from dawnwatch.profiling.learn import learn_plan
from dawnwatch.sources import open_source

CONFIG = Config.from_dict(
    {
        "roles": {"label": "label", "score": "score", "unit": "unit", "keys": ["key"], "slices": ["device"]},
        "columns": {
            "device": {"monitor": True, "allowed": ["mobile", "desktop", ""], "pattern": "[a-z]*"},
            "city": {"monitor": True},
            "amount": {"monitor": True, "range": {"min": -1, "max": 2, "max_inclusive": False}},
            "count": {"monitor": True},
            "empty": {"monitor": True, "required": False},
        },
    }
)


def rows(seed: int, n: int, *, wild: bool = True) -> pa.Table:
    """A random table; a wild one holds all that goes wrong in a log."""
    rng = np.random.default_rng(seed)
    devices = ["mobile", "desktop", "tablet", *(["", None, "toaster", "Mobile"] if wild else [])]
    labels = [0, 1, *([2, None] if wild else [])]
    amounts = rng.normal(size=n)
    scores = rng.random(n).round(3)
    if wild:
        amounts = rng.choice([np.nan, np.inf, -np.inf, 0.0, -0.0, 1e308, *rng.normal(size=20)], n)
        scores = rng.choice([np.nan, np.inf, 1.5, -0.25, *rng.random(20)], n)
    nulls = rng.random(n) < (0.1 if wild else 0)
    return pa.table(
        {
            "device": pa.array([devices[i] for i in rng.integers(0, len(devices), n)], pa.string()),
            # Above the 200 categories that have a bin of their own.
            "city": pa.array([f"city {i}" for i in rng.integers(0, 400 if wild else 300, n)], pa.string()),
            "amount": pa.array(amounts, mask=nulls),
            "count": pa.array(rng.integers(-5, 50, n), mask=nulls),
            "empty": pa.nulls(n, pa.int64()),
            "key": pa.array(rng.integers(0, max(n, 1), n)),
            "unit": pa.array(rng.integers(0, 60 if wild else 40, n), mask=nulls),
            "label": pa.array([labels[i] for i in rng.integers(0, len(labels), n)], pa.int64()),
            "score": pa.array(scores),
        }
    )


@cache
def plan() -> Plan:
    source = open_source(rows(0, 3000, wild=False), what="reference")
    return learn_plan(CONFIG, source, source, None, "score")


def profiled(table: pa.Table) -> Profile:
    """Profile a table as one batch, with its types as they are."""
    columns = [column.combine_chunks() for column in table.columns]
    return profile(pa.RecordBatch.from_arrays(columns, names=table.schema.names), plan())[0]


def counts(found: Profile, *, types: bool = True) -> dict[str, Any]:
    """Everything of a profile that is counted, in a form that compares."""
    return {
        "rows": found.rows,
        "scores": found.scores.tolist(),
        "outside": found.score_outside,
        "labels": found.label_values.most_common(),
        "units": found.units.tolist() if found.units is not None else None,
        "keys": sorted(np.concatenate([*found.keys, np.empty(0, np.uint64)]).tolist()),
        "checksum": found.checksum,
        "columns": {
            name: {
                "type": column.type if types else None,
                "counts": column.counts.tolist(),
                "finite": (column.finite, column.low, column.high),
                "cube": None if column.cube is None else column.cube.tolist(),
                "unseen": column.unseen.most_common(),
            }
            for name, column in found.columns.items()
        },
    }


def examples(found: Profile) -> dict[str, Any]:
    """Every example row, by column and counter."""
    return {name: column.examples for name, column in found.columns.items()} | {"": found.examples}


def merged(parts: list[Profile], rng: np.random.Generator) -> Profile:
    """Add neighbours in any order, as a tree of machines would, none of which knows where its rows stand."""
    parts = list(parts)
    while len(parts) > 1:
        at = int(rng.integers(0, len(parts) - 1))
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts[0]


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10**6), st.integers(0, 400), st.lists(st.integers(0, 400), max_size=5), st.sampled_from([0, 1, 2])
)
def test_any_split_merges_to_the_profile_of_the_whole(seed: int, n: int, cuts: list[int], coded: int) -> None:
    table = rows(seed, n)
    for name in ("device", "city")[:coded]:  # parts of one coded column share its dictionary
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, table[name].combine_chunks().dictionary_encode())
    edges = [0, *sorted(min(cut, n) for cut in cuts), n]
    whole = profiled(table)
    total = merged([profiled(table.slice(a, b - a)) for a, b in pairwise(edges)], np.random.default_rng(seed))
    assert counts(total) == counts(whole)
    assert examples(total) == examples(whole)
    assert total.repeated().tolist() == whole.repeated().tolist()
    for name in ("count", "unit", "key"):
        one, other = total.columns[name], whole.columns[name]
        assert one.mean == pytest.approx(other.mean, rel=1e-12, abs=1e-12)
        assert one.squares == pytest.approx(other.squares, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.integers(0, 120), min_size=3, max_size=3))
def test_addition_is_associative_and_commutative_in_the_counts(seed: int, sizes: list[int]) -> None:
    a, b, c = (profiled(rows(seed + i, n)) for i, n in enumerate(sizes))
    assert counts((a + b) + c) == counts(a + (b + c))
    assert counts(a + b) == counts(b + a)
    empty = profiled(rows(1, 0))
    assert counts(a + empty) == counts(a) == counts(empty + a)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 200))
def test_encodings_and_widths_do_not_change_the_counts(seed: int, n: int) -> None:
    table = rows(seed, n)
    changed = table
    for name, make in {
        "device": lambda a: a.dictionary_encode(),
        "city": lambda a: a.cast(pa.large_string()),
        "count": lambda a: a.cast(pa.float64()),
        "key": lambda a: a.cast(pa.uint32()),
        "unit": lambda a: a.cast(pa.int16()),
        "label": lambda a: a.cast(pa.float32()),
    }.items():
        at = table.schema.get_field_index(name)
        changed = changed.set_column(at, name, make(table[name].combine_chunks()))
    assert counts(profiled(changed), types=False) == counts(profiled(table), types=False)
    half = n // 2
    mixed = profiled(table.slice(0, half)) + profiled(changed.slice(half))
    assert counts(mixed, types=False) == counts(profiled(table), types=False)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 200))
def test_the_order_of_rows_and_columns_does_not_change_the_counts(seed: int, n: int) -> None:
    table = rows(seed, n)
    order = np.random.default_rng(seed).permutation(n)
    shuffled = table.take(pa.array(order)).select(table.schema.names[::-1])
    assert counts(profiled(shuffled)) == counts(profiled(table))
    assert profiled(shuffled).fingerprint == profiled(table).fingerprint


def with_cell(table: pa.Table, name: str, row: int, value: object) -> pa.Table:
    values = table[name].to_pylist()
    values[row] = value
    return table.set_column(table.schema.get_field_index(name), name, pa.array(values, table.schema.field(name).type))


@pytest.mark.parametrize(
    ("name", "value"),
    [("device", None), ("device", "x"), ("city", ""), ("amount", 1e-300), ("count", 10**15), ("label", None)],
)
def test_one_changed_cell_changes_the_fingerprint(name: str, value: object) -> None:
    table = rows(3, 50, wild=False)
    assert profiled(with_cell(table, name, 7, value)).fingerprint != profiled(table).fingerprint


def test_swapping_two_cells_of_a_column_or_a_row_changes_the_fingerprint() -> None:
    table = pa.table({"count": [1, 2], "unit": [3, 4]})
    assert profiled(table).fingerprint != profiled(pa.table({"count": [2, 1], "unit": [3, 4]})).fingerprint
    assert profiled(table).fingerprint != profiled(pa.table({"count": [3, 2], "unit": [1, 4]})).fingerprint
    # Twice the same row is not none: the sum of hashes does not cancel.
    twice = pa.table({"count": [1, 1], "unit": [3, 3]})
    assert profiled(twice).fingerprint != profiled(pa.table({"count": [2, 2], "unit": [4, 4]})).fingerprint


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 12), max_size=40), st.integers(0, 40))
def test_repeated_rows_are_those_whose_key_was_met_before(keys: list[int], cut: int) -> None:
    table = pa.table({"key": pa.array(keys, pa.int64())})
    total = profiled(table.slice(0, cut)) + profiled(table.slice(cut))
    assert total.repeated().tolist() == [i for i, key in enumerate(keys) if key in keys[:i]]


def test_repeated_rows_are_those_after_the_first() -> None:
    keys = pa.table({"key": [5, 1, 5, 2, 1, 5]})
    assert profiled(keys).repeated().tolist() == [2, 4, 5]
    total = profiled(keys) + profiled(keys)
    assert total.repeated().tolist() == [2, 4, 5, 6, 7, 8, 9, 10, 11]
    assert profiled(pa.table({"key": pa.array([], pa.int64())})).repeated().tolist() == []


def test_profiles_of_different_plans_do_not_add() -> None:
    other = learn_plan(
        Config.from_dict({}), *[open_source(rows(0, 10), what="reference")] * 2, training=None, score=None
    )
    batch = rows(0, 10).to_batches()[0]
    with pytest.raises(ValueError, match="same plan"):
        profile(batch, plan())[0] + profile(batch, other)[0]


def test_moments_add_as_those_of_the_whole() -> None:
    values = np.random.default_rng(4).normal(1e6, 3, size=1000)
    table = pa.table({"amount": values})
    total = profiled(table.slice(0, 333)) + profiled(table.slice(333))
    column = total.columns["amount"]
    assert column.mean == pytest.approx(values.mean(), rel=1e-12)
    assert column.squares / column.finite == pytest.approx(values.var(), rel=1e-9)


def test_a_part_without_numbers_moves_no_moment() -> None:
    one = profiled(pa.table({"amount": [1e200, 1e200]})).columns["amount"]
    none = profiled(pa.table({"amount": pa.array([None, np.nan], pa.float64(), from_pandas=False)})).columns["amount"]
    for both in (one + none, none + one):
        assert (both.mean, both.squares, both.finite) == (1e200, 0.0, 2)


def test_moments_are_never_nan() -> None:
    ends = [profiled(pa.table({"amount": [end] * 3})).columns["amount"] for end in (1.7e308, -1.7e308)]
    assert ends[0].mean == pytest.approx(1.7e308)
    both = ends[0] + ends[1]
    assert abs(both.mean) < 1e300
    assert both.squares == np.inf
    assert (both + both).squares == np.inf


def test_names_are_kept_up_to_the_limit_however_many_parts_there_are() -> None:
    def part(first: int) -> Profile:
        names = [f"{i:05}" for i in range(first, first + NAMED)]
        return profiled(pa.table({"city": [*names, "often", "often"], "label": [*names, "often", "often"]}))

    total = part(0) + part(NAMED) + part(2 * NAMED)
    unseen, labels = total.columns["city"].unseen, total.label_values
    assert len(unseen) == NAMED
    assert unseen.most_common(2) == [("often", 6), ("00000", 1)]
    cube = total.columns["city"].cube
    assert cube is not None
    assert cube.sum() == 3 * (NAMED + 2)
    assert len(labels) == NAMED + 1
    assert labels.total() == 3 * (NAMED + 2)
    assert labels[REST] == labels.total() - 6 - (NAMED - 1)
    # The same in whatever order the parts are added.
    again = part(2 * NAMED) + part(0) + part(NAMED)
    assert again.label_values == labels
    assert again.columns["city"].unseen == unseen


def test_names_come_by_count_and_then_by_name() -> None:
    counts = Counter({"b": 1, "a": 1, "c": 2})
    assert list(named(counts).items()) == [("c", 2), ("a", 1), ("b", 1)]
    assert list(named(Counter({REST: 9, "a": 1}), rest=REST).items()) == [("a", 1), (REST, 9)]
    assert named(Counter()) == Counter()


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("integer", "integer", "integer"),
        ("null", "string", "string"),
        ("string", "null", "string"),
        ("integer", "string", "mixed"),
        (None, None, None),
    ],
)
def test_an_all_null_part_does_not_decide_the_type(one: str | None, other: str | None, both: str | None) -> None:
    def part(type_: str | None) -> ColumnProfile:
        return ColumnProfile(type_, np.zeros(len(COUNTERS), np.int64))

    assert (part(one) + part(other)).type == both


def test_the_counters_of_a_column_have_names() -> None:
    column = profiled(pa.table({"amount": [1.0, None, float("nan"), float("inf"), 5.0, -7.0, 2.0]})).columns["amount"]
    expected = {"null": 1, "nan": 1, "pos_inf": 1, "above": 3, "below": 1}
    assert {name: column[name] for name in COUNTERS if column[name]} == expected


def test_means_do_not_break_on_huge_values(recwarn: pytest.WarningsRecorder) -> None:
    table = pa.table({"amount": [1e308, 1.7e308, -1e308, 1e308]})
    total = profiled(table) + profiled(table)
    assert (total.columns["amount"].low, total.columns["amount"].high) == (-1e308, 1.7e308)
    assert not recwarn.list
