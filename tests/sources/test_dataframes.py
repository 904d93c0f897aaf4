"""Tables in memory, of every library at hand."""

from __future__ import annotations

import datetime as dt
import decimal
import math

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from dawnwatch.errors import DataError
from dawnwatch.sources import Source, open_source
from dawnwatch.sources.plain import family

CODED = pa.dictionary(pa.int32(), pa.string())


def columns(source: Source) -> dict[str, list[object]]:
    return pa.Table.from_batches(source.batches(), schema=source.schema).to_pydict()


def refusal(data: object) -> str:
    with pytest.raises(DataError) as caught:
        open_source(data, what="current window")
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda d: pa.table(d), "PyArrow Table"),
        (lambda d: pa.RecordBatch.from_pydict(d), "PyArrow RecordBatch"),
        (lambda d: pd.DataFrame(d, index=[7, 8, 9]), "pandas DataFrame"),
        (lambda d: pl.DataFrame(d), "Polars DataFrame"),
        (lambda d: pl.DataFrame(d).lazy(), "Polars LazyFrame"),
        (lambda d: pa.table(d).to_reader(), "PyArrow RecordBatchReader"),
    ],
)
def test_every_library_gives_the_same_rows(make: object, name: str) -> None:
    data = {"n": [1, 2, 3], "x": [0.5, math.inf, -1.0], "s": ["a", "", None], "b": [True, False, True]}
    source = open_source(make(data))  # type: ignore[operator]
    assert isinstance(source, Source)
    assert source.name == name
    assert columns(source) == data
    assert [(b.num_rows, b.num_columns) for b in source.batches([])] == [(3, 0)]


def test_numeric_buffers_are_shared_not_copied() -> None:
    table = pa.table({"x": np.arange(1000.0)})
    [batch] = open_source(table).batches()
    assert batch.column("x").buffers()[1].address == table.column("x").chunk(0).buffers()[1].address


def test_pandas_types() -> None:
    frame = pd.DataFrame(
        {
            "mixed": pd.Series([1, "a", None], dtype=object),
            "gap": [1.0, np.nan, 2.0],
            "Float64": pd.array([1.0, None, 0.5], dtype="Float64"),
            "Int64": pd.array([1, None, 2], dtype="Int64"),
            "boolean": pd.array([True, None, False], dtype="boolean"),
            "category": pd.Categorical(["a", "b", None]),
            "codes": pd.Categorical([10, 20, None]),
            "period": pd.period_range("2020", periods=3, freq="Y"),
            "when": pd.to_datetime(["2024-01-01", None, "2024-01-03"]),
            "surrogate": pd.Series(["\ud800", None, "x"], dtype=object),
            5: [1, 2, 3],
        }
    )
    source = open_source(frame)
    found = columns(source)
    assert found["mixed"] == ["1", "a", None]
    assert found["gap"] == [1.0, None, 2.0]
    assert found["Float64"] == [1.0, None, 0.5]
    assert found["Int64"] == [1, None, 2]
    assert found["boolean"] == [True, None, False]
    assert found["category"] == ["a", "b", None]
    assert found["codes"] == [10, 20, None]
    assert found["period"] == ["2020", "2021", "2022"]
    assert found["surrogate"] == ["\\ud800", None, "x"]
    assert found["5"] == [1, 2, 3]
    assert source.schema.field("category").type == CODED
    assert family(source.schema.field("when").type) == "timestamp"


def test_nan_of_a_nullable_pandas_column_stays_nan() -> None:
    values = pd.arrays.ArrowExtensionArray(pa.chunked_array([pa.array([math.nan, 1.0])]))
    [nan, one] = columns(open_source(pd.DataFrame({"x": values})))["x"]
    assert math.isnan(nan)  # type: ignore[arg-type]
    assert one == 1.0


def test_polars_types() -> None:
    frame = pl.DataFrame(
        {
            "category": pl.Series(["a", "b", None], dtype=pl.Categorical),
            "enum": pl.Series(["a", "b", "a"], dtype=pl.Enum(["a", "b"])),
            "decimal": [decimal.Decimal("1.5"), None, decimal.Decimal("-2")],
            "big": pl.Series([2**80, 1, None], dtype=pl.Int128),
            "time": [dt.time(1, 2), None, dt.time(3)],
            "object": pl.Series([1, "x", None], dtype=pl.Object),
            "nan": [math.nan, None, 1.0],
            "none": [None, None, None],
        }
    )
    source = open_source(frame)
    found = columns(source)
    assert found["category"] == ["a", "b", None]
    assert found["enum"] == ["a", "b", "a"]
    assert found["decimal"] == [1.5, None, -2.0]
    assert found["big"] == [float(2**80), 1.0, None]
    assert found["object"] == ["1", "x", None]
    assert found["none"] == [None, None, None]
    assert str(found["nan"]) == "[nan, None, 1.0]"
    assert source.schema.field("category").type == source.schema.field("enum").type == CODED
    assert family(source.schema.field("time").type) == "string"


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array(["a", None], pa.large_string()), pa.string()),
        (pa.array(["a", None], pa.string_view()), pa.string()),
        (pa.array(["a", None], pa.large_string()).dictionary_encode(), CODED),
        (pa.DictionaryArray.from_arrays(pa.array([0, None], pa.uint8()), pa.array([1.5])), pa.float64()),
        (pa.array([decimal.Decimal(5), None], pa.decimal128(18, 0)), pa.int64()),
        (pa.array([decimal.Decimal("5.25"), None], pa.decimal256(40, 2)), pa.decimal256(40, 2)),
        (pa.array([decimal.Decimal("5.25"), None], pa.decimal128(15, 2)), pa.float64()),
        (pa.array([1, None], pa.float16()), pa.float32()),
        (pa.RunEndEncodedArray.from_arrays(pa.array([1, 2], pa.int32()), pa.array(["a", None])), pa.string()),
        (pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, None], pa.int8())), pa.int8()),
    ],
    ids=lambda value: str(getattr(value, "type", value)),
)
def test_unusual_arrow_types_become_plain_with_equal_values(array: pa.Array, expected: pa.DataType) -> None:
    source = open_source(pa.table({"x": array}))
    assert source.schema.field("x").type == expected
    [first, second] = columns(source)["x"]
    assert first == (float(v) if isinstance(v := array[0].as_py(), decimal.Decimal) else v)
    assert second is None


def test_columns_called_like_a_source_do_not_make_one() -> None:
    frame = pd.DataFrame({"name": [1], "schema": [2], "batches": [3]})
    assert columns(open_source(frame)) == {"name": [1], "schema": [2], "batches": [3]}


def test_a_source_is_returned_as_it_is() -> None:
    source = open_source(pa.table({"a": [1]}))
    assert open_source(source) is source


@pytest.mark.parametrize("data", [{"a": [1]}, np.ones(3), None, 5, b"x", pd.Series([1]), pl.Series([1]), [1]])
def test_what_is_no_table_is_refused(data: object) -> None:
    assert "not a table that can be read; give a path" in refusal(data)


def test_no_rows_double_names_and_failing_queries_are_refused() -> None:
    assert "has no rows" in refusal(pd.DataFrame())
    assert "has no rows" in refusal(pl.DataFrame({"a": []}))
    assert "'a' is there twice" in refusal(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    assert refusal(pl.LazyFrame({"a": [1]}).select("gone")).startswith("current window (Polars LazyFrame): cannot")
