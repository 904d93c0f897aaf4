"""One long log: cut, judged and dated as its windows would have been one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from dawnwatch import Monitor
from dawnwatch.errors import ConfigError, DataError, UsageError
from dawnwatch.model.history import Event
from tests.monitoring.days import START, checked, monitor, rides

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def watch() -> Monitor:
    return monitor()


def days(count: int, changed_from: int, **changed: float) -> list[pa.Table]:
    return [rides(START + at * DAY, **(changed if at >= changed_from else {})) for at in range(count)]


def test_a_drift_is_dated_and_events_near_it_are_named(watch: Monitor) -> None:
    event = Event(at=START + 4.9 * DAY, text="app release", recorded_at=datetime.now(UTC))
    found = watch.onset(pa.concat_tables(days(8, 5, mobile=0.8)), every=DAY, events=[event])
    assert [window.first_at for window in found.windows] == [START + at * DAY for at in range(8)]
    assert [window.red for window in found.windows] == [[]] * 5 + [["device"]] * 3
    (onset,) = found.onsets
    assert (onset.pillar, onset.column, onset.at, onset.method) == ("drift", "device", START + 5 * DAY, "windows")
    assert onset.windows == 7
    assert onset.earliest is not None
    assert onset.latest is not None
    assert onset.earliest <= START + 5 * DAY <= onset.latest
    assert [near.text for near in onset.events] == ["app release"]


def test_a_fall_is_dated(watch: Monitor) -> None:
    found = watch.onset(pa.concat_tables(days(6, 4, effect=0.2)), every=DAY)
    assert [window.degraded for window in found.windows] == [False] * 4 + [True] * 2
    assert [(o.pillar, o.at) for o in found.onsets] == [("performance", START + 4 * DAY)]


def test_it_is_what_checking_window_by_window_says(watch: Monitor, tmp_path: Path) -> None:
    windows = days(6, 3, mobile=0.8, missing=0.2)
    for window in windows:
        packet = checked(watch, window, tmp_path)
    found = watch.onset(pa.concat_tables(windows), every=DAY)
    one_by_one = [(o.pillar, o.check, o.column, o.at, o.earliest, o.latest) for o in packet.diagnosis.onsets]
    assert [(o.pillar, o.check, o.column, o.at, o.earliest, o.latest) for o in found.onsets] == one_by_one
    assert one_by_one


def test_a_clean_log_has_nothing_to_date(watch: Monitor) -> None:
    found = watch.onset(pa.concat_tables(days(3, 9)), every=DAY)
    assert found.onsets == []
    assert all(not window.failed and not window.red for window in found.windows)


def test_what_cannot_be_cut_is_refused_in_a_line(watch: Monitor, tmp_path: Path) -> None:
    table = rides(START)
    with pytest.raises(UsageError, match="windows must last a minute or more"):
        watch.onset(table, every=timedelta(seconds=1))
    with pytest.raises(ConfigError, match="'at' is private"):
        monitor(columns={"at": {"private": True}}).onset(table, every=DAY)
    with pytest.raises(ConfigError, match="name the column as"):
        monitor(roles={"timestamp": None}).onset(table, every=DAY)
    with pytest.raises(ConfigError, match="holds no timestamps"):
        monitor(roles={"timestamp": "fare"}).onset(table, every=DAY)
    watch.profile(table, tmp_path / "day.profile")
    with pytest.raises(UsageError, match="is a profile, which cannot be cut"):
        watch.onset(tmp_path / "day.profile", every=DAY)


def test_a_time_whose_type_changed_is_read_as_the_log_was_cut(watch: Monitor) -> None:
    """Timestamps in the reference are counted in seconds too, and a column of another type is not counted at all."""
    table = pa.concat_tables(days(6, 4, effect=0.2))
    at = table.schema.get_field_index("at")
    changed = table.set_column(at, "at", table["at"].cast(pa.timestamp("s")))
    found = watch.onset(changed, every=DAY)
    assert [window.first_at for window in found.windows] == [START + at * DAY for at in range(6)]
    assert [(o.pillar, o.at) for o in found.onsets if o.at is not None] == [("performance", START + 4 * DAY)]


def test_a_clock_gone_wrong_makes_no_window(watch: Monitor) -> None:
    table = pa.concat_tables(days(3, 9))
    times = table["at"].to_pylist()
    times[0], times[-1] = 0, int(datetime(2300, 1, 1, tzinfo=UTC).timestamp())
    found = watch.onset(table.set_column(table.schema.get_field_index("at"), "at", pa.array(times)), every=DAY)
    assert (len(found.windows), found.without_time) == (3, 2)
    milliseconds = pa.array([1000 * time for time in times])
    with pytest.raises(DataError, match="read as the reference's are \\(seconds since 1970"):
        watch.onset(table.set_column(table.schema.get_field_index("at"), "at", milliseconds), every=DAY)
