"""Keys of more digits than a float holds: a row is a repeat only where every digit is the same."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from dawnwatch import Monitor, TriagePacket
from tests.monitoring.days import START, monitor, rides


@pytest.fixture(scope="module")
def watch() -> Monitor:
    return monitor()


def keyed(first: int, type_: pa.DataType, *, repeated: int = 0) -> pa.Table:
    """A window whose keys follow one another from a large number on, the last ones again the first."""
    table = rides(START)
    count = table.num_rows
    keys = [Decimal(first + at % (count - repeated)) for at in range(count)]
    return table.set_column(table.schema.get_field_index("ride"), "ride", pa.array(keys, type_))


def failed(packet: TriagePacket) -> list[str]:
    return [check.name for check in packet.quality.checks if check.outcome.value == "failed"]


@pytest.mark.parametrize("first", [10**18, 10**30])
def test_keys_that_follow_one_another_are_no_repeats(watch: Monitor, first: int) -> None:
    assert failed(watch.check(keyed(first, pa.decimal128(38, 0)))) == []


def test_repeats_are_counted_exactly(watch: Monitor) -> None:
    packet = watch.check(keyed(10**30, pa.decimal256(50, 0), repeated=7))
    (check,) = [check for check in packet.quality.checks if check.name == "duplicates"]
    assert check.failed_rows == 7


def test_a_feature_of_wide_decimals_is_counted_as_its_floats(watch: Monitor) -> None:
    """Bins, moments and drift know no decimals."""
    reference, current = rides(START, rows=3000), rides(START, seed=1)
    settings = {"roles": {"label": "label", "score": "score"}, "columns": {"fare": {"monitor": True}}}
    found = []
    for type_ in (pa.float64(), pa.decimal128(38, 12)):
        then, now = (fares(table, type_) for table in (reference, current))
        found.append(Monitor(settings).fit(then).check(now).drift.features[0])
    assert found[0] == found[1]


def fares(table: pa.Table, type_: pa.DataType) -> pa.Table:
    """The same fares of six places, as floats or as decimals."""
    values = [Decimal(f"{fare:.6f}") for fare in table["fare"].to_pylist()]
    column = pa.array([float(value) for value in values]) if type_ == pa.float64() else pa.array(values, type_)
    return table.set_column(table.schema.get_field_index("fare"), "fare", column)
