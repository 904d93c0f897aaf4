"""One schema for several files."""

from __future__ import annotations

import pyarrow as pa
import pytest

from dawnwatch.sources.plain import CODED_TEXT
from dawnwatch.sources.unify import ClashError, unify

TYPES = {
    "b": pa.bool_(),
    "i": pa.int32(),
    "u": pa.uint64(),
    "f": pa.float32(),
    "s": pa.string(),
    "c": CODED_TEXT,
    "d": pa.date32(),
    "t": pa.timestamp("s"),
    "z": pa.timestamp("ns", "UTC"),
    "y": pa.timestamp("us", "Europe/Oslo"),
    "l": pa.list_(pa.int64()),
    "n": pa.null(),
    "w": pa.decimal128(30, 0),
    "W": pa.decimal256(60, 0),
    "p": pa.decimal128(30, 4),
}
AGREE = {
    "iu": pa.float64(),
    "if": pa.float64(),
    "uf": pa.float64(),
    "iw": pa.decimal128(38, 0),
    "uw": pa.decimal128(38, 0),
    "iW": pa.decimal256(76, 0),
    "uW": pa.decimal256(76, 0),
    "wW": pa.decimal256(76, 0),
    **dict.fromkeys(["fw", "fW", "fp", "ip", "up", "wp", "Wp"], pa.float64()),
    "sc": pa.string(),
    "dt": pa.timestamp("s"),
    "zy": pa.timestamp("ns", "UTC"),
}


@pytest.mark.parametrize("one", TYPES)
@pytest.mark.parametrize("other", TYPES)
def test_every_pair_of_types_agrees_or_clashes_whatever_the_order(one: str, other: str) -> None:
    schemas = [(name, pa.schema([("x", TYPES[name])])) for name in (one, other)]
    expected = AGREE.get(one + other, AGREE.get(other + one))
    if one == other or "n" in (one, other):
        expected = TYPES[other if one == "n" else one]
    if expected is None:
        with pytest.raises(ClashError, match="column 'x' is") as caught:
            unify(schemas)
        assert caught.value.columns == ["x"]
    else:
        assert unify(schemas).field("x").type == expected


def test_columns_keep_the_order_they_are_met_in() -> None:
    a, b = pa.schema([("x", pa.int64()), ("y", pa.int64())]), pa.schema([("z", pa.int64()), ("y", pa.int64())])
    assert unify([("a", a), ("b", b)]).names == ["x", "y", "z"]
