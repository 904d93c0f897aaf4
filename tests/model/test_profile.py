"""What a profile keeps beside its counts: names, types, examples, repeats. That it adds is in laws/test_merging.py."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawnwatch.model.frequent import NAMED
from dawnwatch.model.moments import Moments
from dawnwatch.model.profile import COUNTERS, ColumnProfile, Profile, Repeats
from tests.profiling.wild import examples, profiled, rows


@settings(max_examples=40, deadline=None)
@given(st.lists(st.none() | st.integers(0, 12), max_size=40), st.integers(0, 40))
def test_repeats_are_rows_whose_key_was_met_before(keys: list[int | None], cut: int) -> None:
    table = pa.table({"key": pa.array(keys, pa.int64())})
    total = profiled(table.slice(0, cut)) + profiled(table.slice(cut))
    assert total.repeats is not None
    assert total.repeats.keyed == sum(key is not None for key in keys)
    assert total.repeats.repeats == sum(key in keys[:i] for i, key in enumerate(keys) if key is not None)


def test_repeats_across_windows_that_kept_no_keys_are_not_known() -> None:
    kept, lost = Repeats(2, 1, np.array([5], np.uint64)), Repeats(2, 1)
    assert kept + lost is lost + kept is lost + lost is None
    both = kept + kept
    assert both is not None
    assert (both.keyed, both.repeats) == (4, 3)
    found = profiled(rows(0, 10))
    for other in (found.with_repeats(None), found.with_repeats(lost)):
        assert (found + other).repeats is None
        assert (other + found).repeats is None


def test_names_are_bounded_however_many_parts_there_are() -> None:
    def part(first: int) -> Profile:
        names = [f"{i:05}" for i in range(first, first + NAMED)]
        return profiled(pa.table({"city": [*names, "often", "often"], "label": [*names, "often", "often"]}))

    total = part(0) + part(NAMED) + part(2 * NAMED)
    cube = total.columns["city"].cube
    assert cube is not None
    assert cube.sum() == 3 * (NAMED + 2)
    for names in (total.columns["city"].unseen, total.label_values):
        assert len(names.counts) <= NAMED
        assert names.total == 3 * (NAMED + 2)
        assert 6 - names.error <= names.counts["often"] <= 6
        assert names.most_common(1)[0][0] == "often"
        assert names.error <= names.total / (NAMED + 1)


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


def test_two_constant_parts_of_different_values_vary() -> None:
    def part(*values: str | None) -> ColumnProfile:
        return profiled(pa.table({"device": pa.array(values, pa.string())})).columns["device"]

    one, other, none = part("a", None, "a", ""), part("b"), part(None, "")
    assert [row for row, _ in one.examples["constant"]] == [0, 2]
    assert (one.varies, other.varies, (one + one).varies, (one + none).varies) == (False,) * 4
    assert (none.sole, none.varies) == (None, False)
    assert (one + none).sole == (none + one).sole == one.sole
    both = one + other
    assert (both.sole, both.varies) == (None, True)
    assert "constant" not in both.examples
    assert (both + one).varies


def test_examples_move_behind_the_rows_before_them() -> None:
    one, other = profiled(rows(1, 30)), profiled(rows(2, 30))
    moved = examples(other.shifted(30))
    for name, found in examples(other).items():
        expected = {counter: [(row + 30, values) for row, values in some] for counter, some in found.items()}
        assert moved[name] == expected
    assert (one + other).rows == 60


def test_its_size_is_that_of_its_arrays() -> None:
    found = profiled(rows(1, 300))
    arrays = [found.scores, found.units, found.group_scores]
    for column in found.columns.values():
        arrays += [column.counts, column.cube, column.groups, column.group_cubes]
    assert found.sample is not None
    assert found.repeats is not None
    assert found.unit_counts is not None
    arrays += [found.unit_counts.hashes, found.unit_counts.rows]
    arrays += [found.sample.units, *found.sample.columns.values(), found.repeats.keys]
    texts = [set(column.tolist()) - {None} for column in found.sample.columns.values() if column.dtype == object]
    long = sum(len(text) for column in texts for text in column)
    assert long > 0
    assert found.nbytes == sum(array.nbytes for array in arrays if array is not None) + long


def test_a_column_never_met_has_no_moments() -> None:
    assert profiled(pa.table({"city": ["a"]})).columns["amount"].moments == Moments()
