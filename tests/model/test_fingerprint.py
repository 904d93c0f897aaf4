"""The fingerprint: equal where the columns hold equal values, and another where one value is changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawnwatch.model.plan import ColumnPlan, Plan
from dawnwatch.profiling.run import profile_window
from dawnwatch.sources import open_source
from tests.profiling.wild import batch_of, plan, profiled, rows


def with_cell(table: pa.Table, name: str, row: int, value: object) -> pa.Table:
    values = table[name].to_pylist()
    values[row] = value
    return table.set_column(table.schema.get_field_index(name), name, pa.array(values, table.schema.field(name).type))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("device", None),
        ("device", "x"),
        ("city", ""),
        ("amount", 1e-300),
        ("amount", float("nan")),
        ("amount", float("-inf")),
        ("count", 10**15),
        ("label", None),
    ],
)
def test_one_changed_cell_changes_the_fingerprint(name: str, value: object) -> None:
    table = rows(3, 50, wild=False)
    assert profiled(with_cell(table, name, 7, value)).fingerprint != profiled(table).fingerprint


def test_swapping_two_cells_of_a_column_or_a_row_changes_the_fingerprint() -> None:
    def fingerprint(count: list[int], unit: list[int]) -> str:
        return profiled(pa.table({"count": count, "unit": unit})).fingerprint

    assert fingerprint([1, 2], [3, 4]) != fingerprint([3, 2], [1, 4])
    # Twice the same row is not none: the sum of hashes does not cancel.
    assert fingerprint([1, 1], [3, 3]) != fingerprint([2, 2], [4, 4])


@given(st.lists(st.integers(-20, 20), min_size=1, max_size=6), st.lists(st.integers(-20, 20), min_size=1, max_size=6))
def test_columns_of_small_numbers_differ_where_their_values_do(one: list[int], other: list[int]) -> None:
    # Small whole numbers leave most bits of a float64 zero, which a weak sum does not survive: 1 + 4 is 2 + 3.
    same = sorted(one) == sorted(other)
    assert (fingerprint_of(one) == fingerprint_of(other)) is same


def fingerprint_of(values: list[int]) -> str:
    return profiled(pa.table({"x": pa.array(values, pa.int64())}), Plan((ColumnPlan("x", "integer"),))).fingerprint


def test_no_two_of_all_small_tables_share_a_fingerprint() -> None:
    found = {
        fingerprint_of([a, b, c, d]) for a in range(9) for b in range(a, 9) for c in range(b, 9) for d in range(c, 9)
    }
    assert len(found) == 495  # multisets of four of nine


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 100))
def test_the_plan_does_not_matter(seed: int, n: int) -> None:
    table = rows(seed, n)
    found = profiled(table).fingerprint
    for type_ in ("string", "number", "integer", "timestamp", "other"):
        columns = tuple(ColumnPlan(column.name, type_) for column in plan().columns)
        assert profiled(table, Plan(columns)).fingerprint == found
        assert profiled(table, replace(plan(), columns=columns[::-1], seed=8)).fingerprint == found


def test_the_file_format_does_not_matter(tmp_path: Path) -> None:
    table = rows(5, 500, wild=False)
    pq.write_table(table, tmp_path / "log.parquet", row_group_size=99)
    pq.write_table(table, tmp_path / "plain.parquet", use_dictionary=False, compression="none")
    pyarrow.csv.write_csv(table, tmp_path / "log.csv")
    found = set()
    for name in ("log.parquet", "plain.parquet", "log.csv"):
        source = open_source(str(tmp_path / name), what="current")
        found.add(profile_window(source, plan(), exact_rows=0).profile.fingerprint)
    assert found == {profiled(table).fingerprint}


def test_dictionaries_do_not_matter() -> None:
    plain = pa.array(["b", None, "a", "b", ""])
    double = pa.DictionaryArray.from_arrays(pa.array([3, None, 1, 0, 2], pa.int8()), pa.array(["b", "a", "", "b", "z"]))
    batches = [batch_of(pa.table({"x": array})) for array in (plain, double, plain.dictionary_encode())]
    by = Plan((ColumnPlan("x", "string"),))
    assert len({profiled(pa.Table.from_batches([batch]), by).fingerprint for batch in batches}) == 1
    assert np.unique([profiled(pa.table({"x": values}), by).fingerprint for values in (plain, plain[1:])]).size == 2
