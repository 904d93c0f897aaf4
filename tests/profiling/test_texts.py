"""Each row's bin, by its text or number, for every way the values can come."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawnwatch.model.bin_names import MISSING, OTHER, UNSEEN
from dawnwatch.model.frequent import NAMED, Frequent
from dawnwatch.model.plan import Binning, ColumnPlan, Plan
from dawnwatch.profiling.arrow import type_name
from dawnwatch.profiling.hashing import hash_texts
from dawnwatch.profiling.kernel import profile
from dawnwatch.profiling.texts import code_texts

CATEGORIES = Binning(
    "categorical", ("a", "b", OTHER, MISSING, UNSEEN), codes={"a": 0, "b": 1}, others=np.sort(hash_texts(["c", "d"]))
)
NUMBERS = Binning("numeric", ("≤ 1", "1 < x ≤ 2", "> 2", MISSING), edges=np.array([1.0, 2.0]))


def bin_codes(array: pa.Array, binning: Binning) -> tuple[list[int], Frequent]:
    """The bin of each row, and the values that were never seen."""
    plan = Plan((ColumnPlan("x", type_name(array.type), binning=binning),), slices=("x",))
    found, rows = profile(pa.RecordBatch.from_arrays([array], names=["x"]), plan)
    return rows.slices["x"].tolist(), found.columns["x"].unseen


def spelled(array: pa.Array) -> list[str | None]:
    """The text of each row by `code_texts`."""
    coded = code_texts(array)
    assert coded.codes.dtype == np.int32
    return [[*coded.texts(), None][code] for code in coded.codes.tolist()]


def test_special_bins_stand_at_the_end() -> None:
    assert (CATEGORIES.missing, CATEGORIES.unseen) == (3, 4)
    assert NUMBERS.missing == 3


@pytest.mark.parametrize("encode", [False, True])
def test_categories_known_rare_missing_and_unseen(encode: bool) -> None:
    array = pa.array(["a", "b", "c", None, "z", "z", "", "a", "d"])
    codes, unseen = bin_codes(array.dictionary_encode() if encode else array, CATEGORIES)
    assert codes == [0, 1, 2, 3, 4, 4, 4, 0, 2]
    assert unseen == Frequent({"z": 2, "": 1}, 3)


def test_an_unused_dictionary_entry_is_not_unseen() -> None:
    array = pa.DictionaryArray.from_arrays(pa.array([0, 0], pa.int8()), pa.array(["a", "never used"]))
    assert bin_codes(array, CATEGORIES) == ([0, 0], Frequent())


@st.composite
def coded(draw: st.DrawFn) -> pa.DictionaryArray:
    """A dictionary with texts unused, twice, unordered or null, whose codes have any width and may be null."""
    words = draw(st.lists(st.sampled_from(["a", "b", "c", "z", "", None, "é"]), max_size=8))
    index = st.none() if not words else st.none() | st.integers(0, len(words) - 1)
    type_ = draw(st.sampled_from([pa.int8(), pa.uint8(), pa.int16(), pa.uint16(), pa.int32(), pa.uint32(), pa.int64()]))
    text = draw(st.sampled_from([pa.string(), pa.large_string()]))
    array = pa.DictionaryArray.from_arrays(pa.array(draw(st.lists(index, max_size=12)), type_), pa.array(words, text))
    return array.slice(draw(st.integers(0, 3)))


@given(coded())
def test_any_dictionary_reads_as_its_values(array: pa.DictionaryArray) -> None:
    values = array.to_pylist()
    assert spelled(array) == values
    plan = Plan((ColumnPlan("x", "string", binning=CATEGORIES, allowed=frozenset({"a", ""}), pattern="[a-c]?"),))
    found, plain = (
        profile(pa.RecordBatch.from_arrays([column], names=["x"]), plan)[0].columns["x"]
        for column in (array, pa.array(values, pa.string()))
    )
    assert (found.counts == plain.counts).all()
    assert (found.cube == plain.cube).all()
    assert (found.unseen, found.checksum, found.examples) == (plain.unseen, plain.checksum, plain.examples)
    held = {value for value in values if value}
    assert (found.varies, found.sole) == (plain.varies, plain.sole)
    assert found.varies is (len(held) > 1)
    assert found.sole == (int(hash_texts(list(held))[0]) if len(held) == 1 else None)


def test_a_full_dictionary_of_narrow_codes_has_room_for_null() -> None:
    words = [f"w{i}" for i in range(128)]
    array = pa.DictionaryArray.from_arrays(pa.array([127, None, 0], pa.int8()), pa.array(words))
    assert spelled(array) == ["w127", None, "w0"]


@given(st.lists(st.none() | st.integers(-5000, 5000) | st.integers(-(2**63), 2**63 - 1), max_size=20))
def test_whole_numbers_are_spelled_exactly(values: list[int | None]) -> None:
    assert spelled(pa.array(values, pa.int64())) == [None if value is None else str(value) for value in values]


def test_categories_that_are_numbers_come_in_any_numeric_type() -> None:
    binning = Binning("categorical", ("1", "2", OTHER, MISSING, UNSEEN), codes={"1": 0, "2": 1})
    for array in (pa.array([1, 2, None, 3]), pa.array([1.0, 2.0, float("nan"), 3.0]), pa.array(["1", "2", None, "3"])):
        codes, unseen = bin_codes(array, binning)
        assert codes == [0, 1, 3, 4]
        assert unseen == Frequent({"3": 1}, 1)


def test_unseen_values_are_named_within_a_bound_and_all_are_counted() -> None:
    values = [f"new {i}" for i in range(NAMED + 500)] + ["frequent"] * 3
    codes, unseen = bin_codes(pa.array(values), CATEGORIES)
    assert set(codes) == {CATEGORIES.unseen}
    assert len(unseen.counts) <= NAMED
    assert (unseen.total, unseen.error) == (NAMED + 503, 1)
    assert unseen.counts["frequent"] == 2


def test_numbers_nulls_nan_and_infinities() -> None:
    array = pa.array([1.0, 1.5, 2.0, 2.5, None, float("nan"), float("inf"), float("-inf")])
    assert bin_codes(array, NUMBERS)[0] == [0, 1, 1, 2, 3, 3, 2, 0]
    assert bin_codes(pa.nulls(3), NUMBERS)[0] == [3, 3, 3]


def test_a_narrow_float_is_binned_as_the_number_it_is() -> None:
    # 0.1 in 32 bits lies above 0.1 in 64, and what 32 bits make of an edge is not the edge.
    binning = Binning("numeric", ("≤ 0.1", "> 0.1", MISSING), edges=np.array([0.1]))
    assert bin_codes(pa.array([0.1], pa.float64()), binning)[0] == [0]
    assert bin_codes(pa.array([0.1], pa.float32()), binning)[0] == [1]
    halves = np.linspace(-2, 2, 999, dtype=np.float32)
    edges = np.sort(np.float64(halves[::97]) + np.array([0, 1e-12, -1e-12] * 4)[:11])
    several = Binning("numeric", (*map(str, range(edges.size + 1)), MISSING), edges=edges)
    expected = [sum(edge < float(value) for edge in edges.tolist()) for value in halves]
    assert bin_codes(pa.array(halves), several)[0] == expected


def test_booleans_are_counted_not_added() -> None:
    binning = Binning("categorical", ("true", "false", OTHER, MISSING, UNSEEN), codes={"true": 0, "false": 1})
    flags = pa.array([True] * 300 + [None] * 5 + [False] * 7)
    plan = Plan((ColumnPlan("x", "boolean", binning=binning),))
    column = profile(pa.record_batch({"x": flags}), plan)[0].columns["x"]
    assert column.cube is not None
    assert column.cube.sum(axis=(1, 2)).tolist() == [300, 7, 0, 5, 0]
    assert (column.moments.finite, column.moments.mean) == (307, pytest.approx(300 / 307))
