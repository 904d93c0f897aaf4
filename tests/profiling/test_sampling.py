"""Which rows the kernel puts in the sample: all of the units with the smallest seeded hashes, and nothing private."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawnwatch.model.plan import Plan
from dawnwatch.model.sample import EVERY, GIANT, Sample
from dawnwatch.profiling.hashing import hash_column, hash_rows, mix, seed_word
from tests.profiling.wild import plan, profiled, rows


def by_hand(table: pa.Table, by: Plan, most: int) -> list[tuple[Any, ...]]:
    """The rows of the sample, found one by one: (unit's hash, device, count)."""
    if by.unit is None:
        hashes = hash_rows({name: hash_column(table[name].combine_chunks()) for name in by.keys})
        whole = [table[by.keys[0]][i].is_valid for i in range(len(table))]
    else:
        hashes = hash_column(table[by.unit.column].combine_chunks())
        whole = [table[by.unit.column][i].is_valid for i in range(len(table))]
    seeded = mix(hashes ^ seed_word(by.seed)).tolist()
    times = Counter(unit for unit, there in zip(seeded, whole, strict=True) if there)
    room, kept = most, set()
    for unit in sorted(times):
        room -= min(times[unit], most // GIANT)
        if room < 0:
            break
        if times[unit] <= most // GIANT:
            kept.add(unit)
    devices, counts = table["device"].to_pylist(), table["count"].to_pylist()
    return sorted(
        (unit, str(device), -1 if count is None else count)
        for unit, there, device, count in zip(seeded, whole, devices, counts, strict=True)
        if there and unit in kept
    )


def held(sample: Sample | None) -> list[tuple[Any, ...]]:
    assert sample is not None
    if not sample.columns:
        return []
    devices, counts = sample.columns["device"].tolist(), sample.columns["count"].tolist()
    return sorted(
        (unit, str(device), -1 if count != count else count)
        for unit, device, count in zip(sample.units.tolist(), devices, counts, strict=True)
    )


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 300), st.sampled_from([4, 20, 100, 10_000]), st.booleans())
def test_the_sample_holds_the_rows_of_the_first_units(seed: int, n: int, most: int, by_unit: bool) -> None:
    by = replace(plan(), seed=seed) if by_unit else replace(plan(), unit=None, seed=seed)
    table = rows(seed, n)
    assert held(profiled(table, by, most=most).sample) == by_hand(table, by, most)


def test_values_are_numbers_with_nan_or_texts_with_none() -> None:
    table = pa.table(
        {
            "unit": [1, 1, 1],
            "device": ["a", None, ""],
            "count": pa.array([1, None, 3], pa.int8()),
            "amount": ["not", "a", "number"],
            "score": [0.5, None, float("nan")],
        }
    )
    sample = profiled(table).sample
    assert sample is not None
    found = {name: values.tolist() for name, values in sample.columns.items()}
    assert found["device"] == ["a", None, ""]
    assert found["city"] == [None] * 3
    nan = float("nan")
    for name, expected in {"count": [1, nan, 3], "amount": [nan] * 3, "score": [0.5, nan, nan]}.items():
        assert found[name] == pytest.approx(expected, nan_ok=True)
        assert sample.columns[name].dtype == np.float64
    assert "secret" not in found
    assert set(found) == set(plan().read) - plan().private


def test_the_seed_decides_which_units_are_in() -> None:
    table = rows(1, 400)
    found = [set(profiled(table, replace(plan(), seed=seed), most=40).sample.units.tolist()) for seed in (1, 2)]  # type: ignore[union-attr]
    assert found[0].isdisjoint(found[1])
    assert all(found)


def test_a_window_that_begins_with_a_giant_is_sampled() -> None:
    giant = pa.table({"unit": [7] * 30, "device": ["a"] * 30})
    sample = profiled(giant, most=40).sample
    assert sample is not None
    assert (sample.rows, len(sample.giants), sample.limit) == (0, 1, EVERY)
    both = profiled(giant, most=40) + profiled(pa.table({"unit": [8], "device": ["b"]}), most=40)
    assert both.sample is not None
    assert both.sample.columns["device"].tolist() == ["b"]


def test_with_neither_unit_nor_key_there_is_none() -> None:
    assert profiled(rows(0, 50), replace(plan(), unit=None, keys=())).sample is None
    absent = profiled(pa.table({"device": ["a"]}))
    assert absent.sample is not None
    assert absent.sample.rows == 0
