"""Every table of a profile against counting its rows one by one in plain Python."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawnwatch.model.plan import LABELS, UNIT_GROUPS, Binning, Plan, cube_scores, slice_scores
from dawnwatch.model.profile import ColumnProfile, Profile
from dawnwatch.model.score_bins import GROUPS
from dawnwatch.profiling.counting import NumPy, best
from dawnwatch.profiling.hashing import hash_column, hash_texts, mix, seed_word
from tests.profiling.wild import plan, profiled, rows

Cell = tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """One row, coded by hand: label, fine score bin, unit group or None, and 0 (known), 1 (new) or 2 (missing)."""

    values: dict[str, Any]
    label: int
    fine: int
    group: int | None
    known: int

    def score(self, bins: int, by: Plan) -> int:
        """Score bin among this many, the last being "no score"."""
        group = int(by.score_bins.groups[self.fine])
        return bins if group == GROUPS else group * bins // GROUPS


def coded(table: pa.Table, by: Plan) -> list[Row]:
    assert by.unit is not None
    hashes = hash_column(table["unit"].combine_chunks())
    groups = (mix(hashes ^ seed_word(by.seed)) % np.uint64(UNIT_GROUPS)).tolist()
    known = set(by.unit.known.tolist())
    edges = by.score_bins.edges.tolist()
    found = []
    for values, hashed, group in zip(table.to_pylist(), hashes.tolist(), groups, strict=True):
        score = values["score"]
        nowhere = score is None or isnan(score)
        found.append(
            Row(
                values,
                label={"1": 1, "0": 0}.get(str(values["label"]), 2),
                fine=by.score_bins.fine if nowhere else sum(edge < score for edge in edges),
                group=group if values["unit"] is not None else None,
                known=2 if values["unit"] is None else 0 if hashed in known else 1,
            )
        )
    return found


def bin_of(value: Any, binning: Binning) -> int:
    if value is None or value != value:
        return binning.missing
    if binning.kind == "numeric":
        return sum(edge < value for edge in binning.edges.tolist())
    hashed = int(hash_texts([str(value)])[0])
    if str(value) in binning.codes:
        return binning.codes[str(value)]
    if hashed in binning.hidden.tolist():
        return binning.hidden.tolist().index(hashed)
    return binning.other if hashed in set(binning.others.tolist()) else binning.unseen


def as_table(cells: Counter[Cell], shape: tuple[int, ...]) -> Any:
    table = np.zeros(shape, np.int64)
    for cell, times in cells.items():
        table[cell] = times
    return table


def check(found: Profile, table: pa.Table, by: Plan) -> None:
    rows_ = coded(table, by)
    fine = as_table(Counter((row.label, row.fine) for row in rows_), (LABELS, by.score_bins.fine + 1))
    assert (found.scores == fine).all()
    bins = cube_scores(3)
    cells = Counter((row.known, row.label, row.score(bins, by)) for row in rows_)
    assert (found.units == as_table(cells, (3, LABELS, bins + 1))).all()
    cells = Counter((row.known, row.group, row.label, row.score(GROUPS, by)) for row in rows_ if row.group is not None)
    assert (found.group_scores == as_table(cells, (2, UNIT_GROUPS, LABELS, GROUPS + 1))).all()
    for column in by.columns:
        if column.binning is not None:
            check_column(found.columns[column.name], column.name, rows_, by)


def check_column(found: ColumnProfile, name: str, rows_: list[Row], by: Plan) -> None:
    binning = by.column(name).binning
    assert binning is not None
    held = [(bin_of(row.values[name], binning), row) for row in rows_]
    count, bins = len(binning.names), binning.scores
    cells = Counter((at, row.label, row.score(bins, by)) for at, row in held)
    assert (found.cube == as_table(cells, (count, LABELS, bins + 1))).all()
    grouped = [(at, row) for at, row in held if row.group is not None]
    cells = Counter((at, row.group) for at, row in grouped)
    assert (found.groups == as_table(cells, (count, UNIT_GROUPS))).all()
    if name in by.slices:
        bins = slice_scores(count, len(by.slices))
        cells = Counter((at, row.group, row.label, row.score(bins, by)) for at, row in grouped)
        assert (found.group_cubes == as_table(cells, (count, UNIT_GROUPS, LABELS, bins + 1))).all()
    else:
        assert found.group_cubes is None
    if binning.kind == "categorical" and not by.column(name).private:
        unseen = Counter(str(row.values[name]) for at, row in held if at == binning.unseen)
        assert (found.unseen.counts, found.unseen.total) == (unseen, unseen.total())


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 250), st.booleans())
def test_every_table_is_counted_row_by_row(seed: int, n: int, native: bool) -> None:
    table = rows(seed, n)
    check(profiled(table, counting=best() if native else NumPy()), table, plan())


def test_slices_of_both_kinds_are_among_them() -> None:
    kinds = {name: plan().column(name).binning for name in plan().slices}
    assert [binning.kind for binning in kinds.values() if binning] == ["categorical", "numeric"]


@pytest.mark.parametrize("unit", [None, pa.array([None] * 9, pa.int64()), pa.array([float("nan")] * 9)])
def test_rows_without_a_unit_are_missing_one_and_in_no_group(unit: pa.Array | None) -> None:
    columns = {"device": ["mobile"] * 9, "score": [0.5] * 9} | ({} if unit is None else {"unit": unit})
    found = profiled(pa.table(columns))
    assert found.units is not None
    assert found.units.sum(axis=(1, 2)).tolist() == [0, 0, 9]
    device = found.columns["device"]
    for table in (found.group_scores, device.groups, device.group_cubes):
        assert table is not None
        assert table.sum() == 0
    assert device.cube is not None
    assert device.cube.sum() == 9


@pytest.mark.parametrize("name", ["device", "city", "amount", "count", "secret"])
def test_each_rows_bin_is_counted_once_in_every_table(name: str) -> None:
    found = profiled(rows(9, 400))
    column = found.columns[name]
    assert column.cube is not None
    assert column.groups is not None
    assert found.units is not None
    with_unit = found.rows - int(found.units[2].sum())
    assert 0 < with_unit < found.rows
    assert (column.cube.sum(), column.groups.sum()) == (found.rows, with_unit)
    if column.group_cubes is not None:
        assert (column.group_cubes.sum(axis=(2, 3)) == column.groups).all()
    assert (column.cube.sum(axis=0).sum(axis=1) == found.scores.sum(axis=1)).all()
