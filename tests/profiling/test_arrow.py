"""Arrow to NumPy: one rule per type, and nothing a column can hold ends the reading."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch.profiling.arrow import (
    Values,
    as_text,
    canonical,
    empty_mask,
    in_use,
    null_mask,
    numbers,
    python_values,
    rows_as_python,
    texts,
    type_name,
)

YEAR_50000 = 1_515_757_824_000


def spelled(array: pa.Array) -> list[str | None]:
    """The text of each row by `texts`."""
    codes, values = texts(array)
    return [None if code < 0 else values[code] for code in codes]


@pytest.mark.parametrize(
    ("type_", "family"),
    [
        (pa.int8(), "integer"),
        (pa.uint64(), "integer"),
        (pa.float32(), "number"),
        (pa.decimal128(9, 2), "number"),
        (pa.large_string(), "string"),
        (pa.dictionary(pa.int8(), pa.string()), "string"),
        (pa.dictionary(pa.int8(), pa.int64()), "integer"),
        (pa.bool_(), "boolean"),
        (pa.timestamp("ns", "Europe/Paris"), "timestamp"),
        (pa.date32(), "timestamp"),
        (pa.null(), "null"),
        (pa.list_(pa.int8()), "other"),
        (pa.binary(), "other"),
        (pa.duration("s"), "other"),
    ],
)
def test_every_type_has_a_family(type_: pa.DataType, family: str) -> None:
    assert type_name(type_) == family


def test_numbers_are_float64_with_nulls_as_nan() -> None:
    assert numbers(pa.array([1, None, 3])).tolist() == pytest.approx([1.0, np.nan, 3.0], nan_ok=True)
    assert numbers(pa.array([True, False])).tolist() == [1.0, 0.0]
    assert numbers(pa.array([2**64 - 1], pa.uint64())).tolist() == [float(2**64 - 1)]
    assert numbers(pa.array([Decimal("1.25")])).tolist() == [1.25]
    coded = pa.DictionaryArray.from_arrays(pa.array([1, 0, None], pa.int8()), pa.array([5, 7]))
    assert numbers(coded).tolist() == pytest.approx([7.0, 5.0, np.nan], nan_ok=True)


def test_times_are_seconds_since_1970_in_utc() -> None:
    moment = 1_700_000_000
    for unit, factor in {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}.items():
        for zone in (None, "America/New_York"):
            assert numbers(pa.array([moment * factor], pa.timestamp(unit, zone))).tolist() == [moment]
    assert numbers(pa.array([date(1970, 1, 3)])).tolist() == [172_800]
    assert numbers(pa.array([None], pa.date32())).tolist() == pytest.approx([np.nan], nan_ok=True)


def test_nan_is_not_null_and_a_null_in_a_dictionary_is() -> None:
    assert null_mask(pa.array([1.0, float("nan"), None])).tolist() == [False, False, True]
    coded = pa.DictionaryArray.from_arrays(pa.array([0, 1, None], pa.int8()), pa.array(["a", None]))
    assert null_mask(coded).tolist() == [False, True, True]
    assert null_mask(coded.slice(1)).tolist() == [True, True]
    assert null_mask(pa.nulls(2)).tolist() == [True, True]


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1"), (1.0, "1"), (True, "1"), (-0.0, "0"), (1.5, "1.5"), ("1.0", "1.0"), (2**80, str(2**80))],
)
def test_equal_values_share_their_text(value: object, text: str) -> None:
    assert canonical(value) == text


def test_texts_are_equal_for_equal_values_of_every_width() -> None:
    assert spelled(pa.array([1, 2, None])) == spelled(pa.array([1.0, 2.0, None])) == ["1", "2", None]
    assert spelled(pa.array([1.0, float("nan")])) == ["1", None]
    assert spelled(pa.array([0.1, 2.5], pa.float32())) == spelled(pa.array([0.1, 2.5])) == ["0.1", "2.5"]
    assert spelled(pa.array([True, False])) == ["true", "false"]
    assert spelled(pa.array(["a", "", None])) == ["a", "", None]
    coded = pa.DictionaryArray.from_arrays(pa.array([0, 1, None, 0], pa.int8()), pa.array(["a", None]))
    assert spelled(coded) == ["a", None, None, "a"]
    assert spelled(coded.slice(1)) == [None, None, "a"]
    moment = datetime(2024, 5, 1, 6, 30)
    assert len({spelled(pa.array([moment], pa.timestamp(unit)))[0] for unit in ("s", "ms", "us", "ns")}) == 1


@pytest.mark.parametrize(
    "array",
    [
        pa.array([b"\xff\xfe", None]),
        pa.array([[1, 2], None]),
        pa.array([{"a": 1}, None]),
        pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())),
        pa.array([3, None], pa.duration("s")),
        pa.array([YEAR_50000, None], pa.timestamp("s")),
        pa.array([-(10**15), None], pa.timestamp("s")),
        pa.array([1, None], pa.timestamp("ns")),
        pa.array([10**7, None], pa.date32()),
        pa.array([None, None], pa.list_(pa.int8())),
    ],
    ids=lambda array: str(array.type),
)
def test_whatever_a_column_holds_it_can_be_spelled(array: pa.Array) -> None:
    first, second = spelled(array)
    assert second is None
    assert (first is None) == (not array[0].is_valid)
    assert as_text(array).to_pylist()[1] is None
    assert len(python_values(array)) == 2
    assert rows_as_python(pa.record_batch({"x": array}))[1] == {"x": None}


def test_example_rows_hold_what_json_can_carry() -> None:
    batch = pa.record_batch(
        {
            "f": pa.array([1.5, float("nan"), float("-inf")]),
            "t": pa.array([0, YEAR_50000, None], pa.timestamp("s")),
            "s": pa.array(["x" * 5000, "", None]),
            "l": pa.array([[1], None, []]),
        }
    )
    rows = rows_as_python(batch)
    assert [row["f"] for row in rows] == [1.5, "nan", "-inf"]
    assert rows[0]["t"] == "1970-01-01 00:00:00"
    assert isinstance(rows[1]["t"], str)
    assert rows[0]["s"] == "x" * 199 + "…"
    assert [row["l"] for row in rows] == ["[1]", None, "[]"]


CODED = pa.DictionaryArray.from_arrays(pa.array([4, None, 2, 1, 4, 0, 3]), pa.array(["never", "", "c", None, "a"]))


@pytest.mark.parametrize("part", [slice(0, 7), slice(1, 4), slice(2, 3), slice(3, 3), slice(1, 2)])
def test_only_what_the_rows_use_of_a_dictionary_is_read(part: slice) -> None:
    array = CODED[part]
    expected = array.to_pylist()
    codes, values = in_use(array)
    assert [None if code < 0 else values[int(code)].as_py() for code in codes] == expected
    assert len(values) == len({code for code in array.indices.to_pylist() if code is not None})
    assert spelled(array) == expected
    assert len(texts(array)[1]) == len(values)


def test_unsigned_codes_are_codes() -> None:
    array = pa.DictionaryArray.from_arrays(pa.array([1, None, 0], pa.uint8()), pa.array(["a", "b"]))
    assert spelled(array) == ["b", None, "a"]


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string(), CODED.type])
def test_empty_strings_are_neither_null_nor_blank(type_: pa.DataType) -> None:
    array = pa.array(["", "a", None, " ", "", None], pa.string()).cast(type_)
    assert empty_mask(array).tolist() == [True, False, False, False, True, False]
    assert empty_mask(array[1:5]).tolist() == [False, False, False, True]
    assert empty_mask(array[:0]).tolist() == []
    assert empty_mask(CODED).tolist() == [False, False, False, True, False, False, False]


def test_values_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    values = Values(pa.array(["a", None, "a"]))
    first = values.texts
    monkeypatch.setattr("dawnwatch.profiling.arrow.texts", None)
    assert values.texts is first
    assert first[0].tolist() == [0, -1, 0]
    assert np.isnan(Values(pa.nulls(2)).numbers).tolist() == [True, True]
    assert Values(pa.array([1, None])).numbers.tolist() == pytest.approx([1.0, np.nan], nan_ok=True)
