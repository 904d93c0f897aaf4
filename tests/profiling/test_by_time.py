"""A log cut by time: each window's counts are those of its rows alone, in whatever order they come."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch.errors import DataError
from dawnwatch.model.plan import Plan
from dawnwatch.profiling.by_time import MOST_WINDOWS, profile_by_time
from dawnwatch.profiling.run import profile_window
from dawnwatch.sources import open_source
from tests.monitoring.days import START, monitor, rides

DAY = 86_400


@pytest.fixture(scope="module")
def plan() -> Plan:
    return monitor()._fitted().plan


def log(days: int) -> pa.Table:
    return pa.concat_tables([rides(START + timedelta(days=day), rows=400, seed=day) for day in range(days)])


def test_each_window_is_counted_as_if_it_were_alone(plan: Plan) -> None:
    table = log(4)
    mixed = table.take(np.random.default_rng(0).permutation(table.num_rows))
    windows, without = profile_by_time(open_source(mixed), plan, "at", unit=1, seconds=DAY, memory=1 << 20)
    assert (len(windows), without) == (4, 0)
    for day, cut in enumerate(windows):
        window = cut.window
        assert [cut.first, cut.last] == [START.timestamp() + DAY * day, START.timestamp() + DAY * (day + 1) - 1]
        alone = profile_window(open_source(table.slice(400 * day, 400)), plan, exact_rows=0).profile
        assert window.profile.fingerprint == alone.fingerprint
        assert window.profile.rows == 400
        assert np.array_equal(window.profile.scores, alone.scores)
        assert window.profile.repeats == alone.repeats
        for name, column in alone.columns.items():
            assert column.cube is None or np.array_equal(window.profile.columns[name].cube, column.cube)


def test_rows_without_a_time_are_counted_and_in_no_window(plan: Plan) -> None:
    table = log(2)
    times = table["at"].to_pylist()
    times[5], times[6] = None, -999
    windows, without = profile_by_time(
        open_source(table.set_column(2, "at", pa.array(times))), plan, "at", unit=1, seconds=DAY, memory=1 << 20
    )
    assert (sum(cut.window.profile.rows for cut in windows), without) == (798, 2)


def test_times_in_milliseconds_are_cut_alike(plan: Plan) -> None:
    table = log(3)
    scaled = table.set_column(2, "at", pa.array(table["at"].to_numpy() * 1000))
    windows, _ = profile_by_time(open_source(scaled), plan, "at", unit=1000, seconds=DAY, memory=1 << 20)
    assert [cut.window.profile.rows for cut in windows] == [400] * 3


def test_what_cannot_be_cut_is_refused_in_a_line(plan: Plan) -> None:
    with pytest.raises(DataError, match="has no column 'when', which"):
        profile_by_time(open_source(log(1)), plan, "when", unit=1, seconds=DAY, memory=1 << 20)
    many = log(1)
    many = many.set_column(2, "at", pa.array(int(START.timestamp()) + 3600 * np.arange(400)))
    with pytest.raises(DataError, match=f"makes more than {MOST_WINDOWS} windows"):
        profile_by_time(open_source(many), plan, "at", unit=1, seconds=3600, memory=1 << 20)
    texts = many.set_column(2, "at", pa.array(["yesterday"] * 400))
    with pytest.raises(DataError, match="no row has a time in 'at'"):
        profile_by_time(open_source(texts), plan, "at", unit=1, seconds=3600, memory=1 << 20)
