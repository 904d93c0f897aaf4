"""The law the library stands on: profiles add, however the rows were split, ordered, encoded or counted."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawnwatch.model.profile import Profile
from dawnwatch.profiling.counting import NumPy
from dawnwatch.profiling.kernel import Tally
from tests.profiling.wild import batch_of, counts, examples, merged, plan, profiled, rows

seeds = st.integers(0, 10**6)
mosts = st.sampled_from([3, 40, 10_000])
"""Rows that the sample holds at most: less than a unit has, less than there are, and enough."""


@settings(max_examples=40, deadline=None)
@given(seeds, st.integers(0, 400), st.lists(st.integers(0, 400), max_size=5), st.sampled_from([0, 1, 2]), mosts)
def test_any_split_merges_to_the_profile_of_the_whole(
    seed: int, n: int, cuts: list[int], coded: int, most: int
) -> None:
    table = rows(seed, n)
    for name in ("device", "city")[:coded]:  # parts of one coded column share its dictionary
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, table[name].combine_chunks().dictionary_encode())
    edges = [0, *sorted(min(cut, n) for cut in cuts), n]
    whole = profiled(table, most=most)
    parts = [profiled(table.slice(a, b - a), most=most) for a, b in pairwise(edges)]
    total = merged(parts, np.random.default_rng(seed))
    assert counts(total) == counts(whole)
    assert examples(total) == examples(whole)
    for name in ("count", "unit", "key"):
        one, other = total.columns[name].moments, whole.columns[name].moments
        assert one.mean == pytest.approx(other.mean, rel=1e-12, abs=1e-12)
        assert one.squares == pytest.approx(other.squares, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(seeds, st.lists(st.integers(0, 120), min_size=3, max_size=3), mosts)
def test_addition_is_associative_and_commutative_in_the_counts(seed: int, sizes: list[int], most: int) -> None:
    a, b, c = (profiled(rows(seed + i, n), most=most) for i, n in enumerate(sizes))
    assert counts((a + b) + c) == counts(a + (b + c))
    assert counts(a + b) == counts(b + a)
    assert examples((a + b) + c) == examples(a + (b + c))
    empty = profiled(rows(1, 0), most=most)
    assert counts(a + empty) == counts(a) == counts(empty + a)
    assert examples(a + empty) == examples(a) == examples(empty + a)


@settings(max_examples=20, deadline=None)
@given(seeds, st.integers(1, 200))
def test_encodings_and_widths_do_not_change_the_counts(seed: int, n: int) -> None:
    table = rows(seed, n)
    changed = table
    for name, make in {
        "device": lambda a: a.dictionary_encode(),
        "city": lambda a: a.cast(pa.large_string()),
        "count": lambda a: a.cast(pa.float64()),
        "key": lambda a: a.cast(pa.uint32()),
        "unit": lambda a: a.cast(pa.int16()),
        "secret": lambda a: a.cast(pa.int8()),
        "label": lambda a: a.cast(pa.float32()),
    }.items():
        at = table.schema.get_field_index(name)
        changed = changed.set_column(at, name, make(table[name].combine_chunks()))
    assert counts(profiled(changed), types=False) == counts(profiled(table), types=False)
    half = n // 2
    mixed = profiled(table.slice(0, half)) + profiled(changed.slice(half))
    assert counts(mixed, types=False) == counts(profiled(table), types=False)


@settings(max_examples=20, deadline=None)
@given(seeds, st.integers(1, 200), mosts)
def test_the_order_of_rows_and_columns_does_not_change_the_counts(seed: int, n: int, most: int) -> None:
    table = rows(seed, n)
    order = np.random.default_rng(seed).permutation(n)
    shuffled = table.take(pa.array(order)).select(table.schema.names[::-1])
    assert counts(profiled(shuffled, most=most)) == counts(profiled(table, most=most))


@settings(max_examples=20, deadline=None)
@given(seeds, st.integers(0, 300), mosts)
def test_the_compiled_loops_change_no_count(seed: int, n: int, most: int) -> None:
    table = rows(seed, n)
    assert counts(profiled(table, most=most, counting=NumPy())) == counts(profiled(table, most=most))


@settings(max_examples=15, deadline=None)
@given(seeds, st.lists(st.integers(0, 60), min_size=1, max_size=9))
def test_the_number_of_workers_does_not_matter(seed: int, sizes: list[int]) -> None:
    starts = np.concatenate([[0], np.cumsum(sizes)]).tolist()
    table = rows(seed, starts[-1])
    found = []
    for workers in (1, 2, 3, 7):
        tallies = [Tally(plan()) for _ in range(workers)]
        for turn, (start, end) in enumerate(pairwise(starts)):
            tallies[turn % workers].add(batch_of(table.slice(start, end - start)), start)
        total = Profile.joined([tally.profile() for tally in tallies])
        # A worker without a batch has seen no column at all.
        found.append((counts(total, types=workers <= len(sizes)), examples(total)))
    assert found[0][1] == found[1][1] == found[2][1] == found[3][1]
    typed = [counted for counted, workers in zip(found, (1, 2, 3, 7), strict=True) if workers <= len(sizes)]
    assert all(one == typed[0] for one in typed)
    untyped = [_without_types(counted) for counted, _ in found]
    assert all(one == untyped[0] for one in untyped)


def _without_types(counted: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in counted.items() if not name.endswith(".type")}


@settings(max_examples=15, deadline=None)
@given(seeds, st.integers(0, 100), st.integers(0, 100))
def test_the_profile_of_a_concatenation_is_the_sum(seed: int, one: int, other: int) -> None:
    tables = [rows(seed, one), rows(seed + 1, other)]
    assert counts(profiled(pa.concat_tables(tables))) == counts(profiled(tables[0]) + profiled(tables[1]))


def test_profiles_of_different_plans_do_not_add() -> None:
    found = profiled(rows(0, 10))
    other = Profile(0, {}, found.scores)
    with pytest.raises(ValueError, match="same plan"):
        found + other
