"""A part that lacks a column counts as the same rows with nulls, as reading the parts as one table does."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from dawnwatch.model.profile import Profile
from tests.profiling.wild import counts, profiled, rows

NAMES = [name for name in rows(0, 1).column_names if name != "key"]


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10**6),
    st.lists(st.tuples(st.integers(0, 60), st.sets(st.sampled_from(NAMES))), min_size=1, max_size=4),
)
def test_lost_columns_merge_as_nulls(seed: int, parts: list[tuple[int, set[str]]]) -> None:
    whole = rows(seed, sum(size for size, _ in parts))
    start, tables, filled = 0, [], []
    for size, lost in parts:
        table = whole.slice(start, size)
        start += size
        tables.append(table.drop_columns(sorted(lost)))
        for name in lost:
            at = table.column_names.index(name)
            table = table.set_column(at, name, pa.nulls(size, table.schema.field(name).type))
        filled.append(table)
    found = Profile.total([profiled(table) for table in tables])
    expected = profiled(pa.concat_tables(filled))
    assert counts(found, types=False) == counts(expected, types=False)


def test_a_column_lost_for_a_while_has_its_type_and_one_lost_throughout_has_none() -> None:
    whole, lost = profiled(rows(1, 50)), profiled(rows(2, 30).drop_columns(["amount"]))
    for total in (whole + lost, lost + whole):
        assert total.columns["amount"].type == whole.columns["amount"].type
        assert total.columns["amount"]["null"] == whole.columns["amount"]["null"] + 30
    assert (lost + lost).columns["amount"].type is None
    assert np.array_equal((lost + lost).columns["amount"].cube.sum(axis=(1, 2))[-1:], [60])  # type: ignore[union-attr]
