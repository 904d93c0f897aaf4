"""Rows per unit: the same in whatever way parts are added, exact while the units are few, near the truth beyond."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawnwatch.model import unit_counts
from dawnwatch.model.sample import EVERY
from dawnwatch.model.unit_counts import COUNTED, UnitCounts

words = st.integers(0, 30) | st.integers(0, 2**64 - 1) | st.just(2**64 - 1)


def counted(units: list[int]) -> UnitCounts:
    """What is counted of rows that come at once."""
    found, rows = np.unique(np.array(units, np.uint64), return_counts=True)
    return UnitCounts.joined([UnitCounts(found, rows)])


def plain(found: UnitCounts) -> tuple[dict[int, int], int]:
    return dict(zip(found.hashes.tolist(), found.rows.tolist(), strict=True)), found.limit


@settings(max_examples=200)
@given(st.lists(words, max_size=60), st.lists(st.integers(0, 60), max_size=4), st.sampled_from([1, 3, 1000]))
def test_parts_add_to_the_counts_of_the_whole(units: list[int], cuts: list[int], most: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(unit_counts, "COUNTED", most)
        ranked = sorted(Counter(units).items())
        expected = dict(ranked[:most]), ranked[most][0] if len(ranked) > most else EVERY
        edges = [0, *sorted(min(cut, len(units)) for cut in cuts), len(units)]
        parts = [counted(units[a:b]) for a, b in pairwise(edges)]
        total = parts[0]
        for part in parts[1:]:
            assert plain(total + part) == plain(part + total)
            total = total + part
        assert plain(total) == expected == plain(UnitCounts.joined(parts))


def test_few_units_are_counted_exactly() -> None:
    found = counted([5, 9, 5, 5, 2])
    assert (found.units, found.largest, found.exact, found.error) == (3, 3, True, 0.0)
    assert (UnitCounts().units, UnitCounts().largest) == (0, 0)


def test_many_units_are_estimated_within_their_error() -> None:
    rng = np.random.default_rng(5)
    misses = []
    for truth in (COUNTED + 1, 20_000, 300_000):
        for _ in range(20):
            found = counted(rng.integers(0, 2**64, truth, dtype=np.uint64).tolist())
            assert not found.exact
            assert found.hashes.size == COUNTED
            misses.append((found.units - truth) / truth / found.error)
    # Standard deviations from the truth: nearly none beyond 3, and no bias.
    assert np.abs(misses).max() < 3.5
    assert abs(np.mean(misses)) < 0.5
