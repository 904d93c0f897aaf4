"""The sample: the same whole units in whatever way parts are added, within its size."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawnwatch.model.sample import EVERY, GIANT, Sample, sample_rows, within
from tests.profiling.wild import sampled

Rows = list[tuple[int, int]]
"""Unit and a number for each row."""


def part(rows: Rows, most: int) -> Sample:
    """What a sample keeps of rows it is given at once."""
    units = np.array([unit for unit, _ in rows], np.uint64)
    return Sample(most) + Sample(most, units, {"x": np.array([float(x) for _, x in rows])})


def by_hand(rows: Rows, most: int) -> tuple[int, set[int], list[str]]:
    """Limit, giants and rows of the sample: units in order of their hash, until one does not fit."""
    times = Counter(unit for unit, _ in rows)
    limit, held = EVERY, 0
    for unit in sorted(times):
        held += min(times[unit], most // GIANT)
        if held > most:
            limit = unit
            break
    giants = {unit for unit in times if times[unit] > most // GIANT and unit < limit}
    kept = [(unit, float(x)) for unit, x in rows if unit < limit and unit not in giants]
    return limit, giants, sorted(map(repr, kept))


units = st.integers(0, 9) | st.integers(0, 2**64 - 1) | st.just(2**64 - 1)
tables = st.lists(st.tuples(units, st.integers(1, 9)), max_size=25).map(
    lambda found: [(unit, i) for i, unit in enumerate(unit for unit, times in found for _ in range(times))]
)
mosts = st.sampled_from([0, 1, 2, 5, 11, 1000])


@settings(max_examples=200)
@given(tables, mosts, st.lists(st.integers(0, 200), max_size=4), st.randoms())
def test_parts_add_to_the_sample_of_the_whole(rows: Rows, most: int, cuts: list[int], random: object) -> None:
    random.shuffle(rows)  # type: ignore[attr-defined]
    expected = by_hand(rows, most)
    whole = part(rows, most)
    assert (whole.limit, set(whole.giants), sampled(whole)[2]) == expected
    edges = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    parts = [part(rows[a:b], most) for a, b in pairwise(edges)]
    while len(parts) > 1:
        at = random.randrange(len(parts) - 1)  # type: ignore[attr-defined]
        one, other = parts[at : at + 2]
        assert sampled(one + other) == sampled(other + one)
        parts[at : at + 2] = [one + other]
    assert sampled(parts[0]) == sampled(whole)


@given(tables, mosts)
def test_it_is_bounded_and_of_whole_units(rows: Rows, most: int) -> None:
    found = part(rows, most)
    assert found.rows <= most
    times = Counter(unit for unit, _ in rows)
    for unit, held in Counter(found.units.tolist()).items():
        assert held == times[unit] <= most // GIANT
        assert unit < found.limit
    if not found.giants and len(rows) <= most:
        assert found.limit == EVERY
        assert found.rows == len(rows)


def test_a_giant_that_no_part_saw_is_found_in_the_sum() -> None:
    small = part([(7, i) for i in range(5)], 10)
    assert small.rows == 5
    both = small + small
    assert (both.rows, both.giants) == (0, {7})
    assert (both + small).giants == {7}
    # A unit behind it still has its place, and keeps it.
    assert (both + part([(9, 1)], 10)).units.tolist() == [9]


def test_samples_of_other_columns_or_sizes_do_not_add() -> None:
    one, other = part([(1, 1)], 10), part([(1, 1)], 12)
    for wrong in (other, Sample(10, np.array([1], np.uint64), {"y": np.zeros(1)})):
        with pytest.raises(ValueError, match="same plan"):
            one + wrong


def test_a_sample_that_kept_no_row_adds() -> None:
    giant, fresh = part([(7, i) for i in range(9)], 10), Sample(10)
    assert giant.rows == 0
    for both in (giant + fresh, fresh + giant, giant + giant):
        assert (both.rows, both.giants, list(both.columns)) == (0, {7}, ["x"])
    assert (giant + part([(3, 1)], 10)).columns["x"].tolist() == [1.0]


@pytest.mark.parametrize(("columns", "rows"), [(0, 10_000), (1, 10_000), (20, 10_000), (50, 4000), (200_001, 0)])
def test_it_holds_two_hundred_thousand_values(columns: int, rows: int) -> None:
    assert sample_rows(columns) == rows


def test_what_lies_at_the_limit_is_out() -> None:
    kept, limit, giants = within(np.array([1, 1, 2, 3], np.uint64), 10, 2, frozenset({1}))
    assert (kept.tolist(), limit, giants) == ([False, False, False, False], 2, {1})
