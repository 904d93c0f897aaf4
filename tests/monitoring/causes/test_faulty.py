"""Which rows of a sample break a rule, as the kernel counts them, and which are strange."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import Config, Monitor
from dawnwatch.model.enums import Outcome
from dawnwatch.model.packet import TriagePacket
from dawnwatch.monitoring.causes.faulty import broken, unseen
from dawnwatch.monitoring.causes.sampled import Cuts, Sampled
from tests.monitoring.causes.test_split import TABLES, log

COLUMNS = {
    "age": {"range": {"min": 0, "max": 120}},
    "device": {"allowed": ["mobile", "desktop", "watch"], "pattern": "[a-z]+"},
}


def spoiled() -> pa.Table:
    table = log(20)
    age = [None if i % 10 == 0 else -999.0 if i % 10 == 1 else v for i, v in enumerate(table["age"].to_pylist())]
    device = ["" if i % 10 == 2 else "T5" if i % 10 == 3 else v for i, v in enumerate(table["device"].to_pylist())]
    return table.set_column(2, "age", pa.array(age)).set_column(1, "device", pa.array(device))


def sampled(table: pa.Table, **tables: Any) -> tuple[Sampled, Any, TriagePacket]:
    config = Config.from_dict(TABLES | {"columns": COLUMNS} | tables)
    monitor = Monitor(config).fit(log(0))
    seen = monitor.observe(table)
    rows = Sampled.of(seen.current)
    assert rows is not None
    return rows, seen.current.plan, monitor.judge(seen)


def test_rows_that_break_a_rule_are_as_many_as_the_check_counts() -> None:
    rows, plan, packet = sampled(spoiled())
    failed = [check for check in packet.quality.checks if check.outcome is Outcome.FAILED]
    assert {(check.name, check.column) for check in failed} >= {
        ("missing", "age"),
        ("range", "age"),
        ("missing", "device"),
        ("allowed", "device"),
        ("pattern", "device"),
    }
    assert rows.rows == 8000  # the sample holds every row, so that counts can be compared
    for check in failed:
        assert broken(rows, plan, [check]).sum() == check.failed_rows, check.name


def test_repeats_are_all_rows_of_a_key_but_one() -> None:
    table = log(21).append_column("event", pa.array(np.arange(8000)))
    table = pa.concat_tables([table, table.slice(0, 40)])
    roles = TABLES["roles"] | {"keys": ["event"]}
    config = Config.from_dict(TABLES | {"roles": roles})
    monitor = Monitor(config).fit(log(0).append_column("event", pa.array(np.arange(8000))))
    seen = monitor.observe(table)
    rows = Sampled.of(seen.current)
    assert rows is not None
    (check,) = [c for c in monitor.judge(seen).quality.checks if c.name == "duplicates"]
    assert broken(rows, seen.current.plan, [check]).sum() == check.failed_rows == 40


def test_strange_values_are_those_the_reference_never_held() -> None:
    rows, plan, _ = sampled(spoiled())
    found = unseen(rows, plan.column("device"), (None, None))
    values = rows.column("device")
    assert set(values[found].tolist()) <= {"T5", ""}
    assert (values == "T5")[~found].sum() == 0
    ages = rows.column("age")
    assert not unseen(rows, plan.column("age"), (None, None)).any()
    low, high = np.nanquantile(ages, [0.1, 0.9])
    beyond = unseen(rows, plan.column("age"), (float(low), float(high)))
    np.testing.assert_array_equal(beyond, (ages < low) | (ages > high))
    assert not unseen(rows, plan.column("age"), (float(np.nanmin(ages)), float(np.nanmax(ages)))).any()


def test_bins_are_the_baselines() -> None:
    base = np.arange(100.0)
    found = Cuts.of(base)
    assert found.codes(np.array([-5.0, 50.0, 500.0, np.nan])).tolist() == [0, 2, 4, 5]
    assert found.names == ["≤ 19.8", "(19.8, 39.6]", "(39.6, 59.4]", "(59.4, 79.2]", "> 79.2", "(missing)"]
    texts = Cuts.of(np.array(["b", "b", "a", None], dtype=object))
    assert texts.names == ["b", "a", "(other)", "(missing)"]
    assert texts.codes(np.array(["a", "c", None], dtype=object)).tolist() == [1, 2, 3]


@pytest.mark.parametrize("column", ["age", "device"])
def test_a_private_column_says_nothing_of_its_rows(column: str) -> None:
    private = COLUMNS | {column: COLUMNS[column] | {"private": True}}
    rows, plan, packet = sampled(spoiled(), columns=private)
    failed = [check for check in packet.quality.checks if check.column == column]
    assert not broken(rows, plan, failed).any()
