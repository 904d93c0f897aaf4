"""Decimals become the nearest floating-point numbers, which Python's own parser of text finds."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawnwatch.sources.decimals import nearest_floats


@given(
    shape=st.tuples(st.integers(1, 38), st.integers(0, 20)),
    whole=st.lists(st.none() | st.integers(-(10**38), 10**38), min_size=1, max_size=20),
    start=st.integers(0, 5),
)
@settings(max_examples=200, deadline=None)
def test_each_is_the_nearest(shape: tuple[int, int], whole: list[int | None], start: int) -> None:
    scale = shape[1]
    precision = max(shape[0], scale + 1)
    values = [
        None if number is None else Decimal(f"{'-' * (number < 0)}{abs(number) % 10**precision}e-{scale}")
        for number in whole
    ]
    array = pa.array(values, pa.decimal128(precision, scale)).slice(start)
    assert nearest_floats(array).to_pylist() == [None if v is None else float(v) for v in values[start:]]


@pytest.mark.parametrize("type_", [pa.decimal256(60, 2), pa.decimal256(9, 2), pa.decimal128(9, -2)])
def test_other_widths(type_: pa.DataType) -> None:
    assert nearest_floats(pa.array([Decimal("1100"), None], type_)).to_pylist() == [1100.0, None]
