"""Since when: between windows, and within the current one, on windows whose onset is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from dawnwatch import Monitor
from dawnwatch.model.history import Onset
from dawnwatch.model.packet import TriagePacket
from dawnwatch.store.events import EventLog
from tests.monitoring.days import START, checked, monitor, rides

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def watch() -> Monitor:
    return monitor(columns={"fare": {"range": {"min": 0, "max": 100}}})


def day(at: float, **more: Any) -> pa.Table:
    return rides(START + at * DAY, **more)


def halves(at: float, onset: float, **changed: Any) -> pa.Table:
    """A day in which something is changed from a share `onset` of its rows on."""
    before, after = day(at), day(at, **changed)
    cut = round(onset * before.num_rows)
    return pa.concat_tables([before.slice(0, cut), after.slice(cut)])


def moment_of(at: float, onset: float) -> datetime:
    table = day(at)
    return datetime.fromtimestamp(table["at"][round(onset * table.num_rows)].as_py(), UTC)


def only(packet: TriagePacket, pillar: str, column: str | None) -> Onset:
    (found,) = [o for o in packet.diagnosis.onsets if (o.pillar, o.column) == (pillar, column)]
    return found


def holds(found: Onset, when: datetime) -> bool:
    assert found.at is not None
    assert found.earliest is not None
    assert found.latest is not None
    assert found.earliest <= found.at <= found.latest
    return found.earliest <= when <= found.latest


@pytest.mark.parametrize("onset", [0.2, 0.5, 0.65])
def test_a_drift_that_begins_within_the_window_is_dated_there(watch: Monitor, onset: float) -> None:
    packet = watch.check(halves(0, onset, mobile=0.95))
    found = only(packet, "drift", "device")
    assert holds(found, moment_of(0, onset))
    assert found.at is not None
    assert abs(found.at - moment_of(0, onset)) < DAY / 20
    assert (found.method, found.windows) == ("rows", None)
    assert packet.diagnosis.onset == found
    assert f"Since about {found.at:%Y-%m-%d %H:%M} UTC (device; " in packet.headline


@pytest.mark.parametrize(
    ("check", "column", "change"),
    [
        ("missing", "device", lambda t: put(t, "device", None)),
        ("range", "fare", lambda t: put(t, "fare", -999.0)),
        ("duplicates", None, lambda t: pa.concat_tables([t, t.slice(1000, 200)])),
    ],
)
def test_data_that_break_a_rule_are_dated(watch: Monitor, check: str, column: str | None, change: Any) -> None:
    table = day(0)
    packet = watch.check(change(table))
    found = next(o for o in packet.diagnosis.onsets if o.check == check)
    assert found.column == column
    first = datetime.fromtimestamp(table["at"][1000].as_py(), UTC)
    assert found.at is not None
    assert abs(found.at - first) < DAY / 20
    assert holds(found, first)


def put(table: pa.Table, name: str, value: Any) -> pa.Table:
    """Every other row from 1,000 on gets a value."""
    values = table[name].to_pylist()
    values[1000::2] = [value] * len(values[1000::2])
    return table.set_column(table.schema.get_field_index(name), name, pa.array(values, table.schema.field(name).type))


def test_a_fall_of_the_auc_is_dated(watch: Monitor) -> None:
    found = only(watch.check(halves(0, 0.4, effect=-1.0)), "performance", None)
    assert holds(found, moment_of(0, 0.4))
    # The AUC before; and then not that, but the place among the baseline's rows, which both labels' scores left.
    assert found.before is not None
    assert found.after is not None
    assert found.before > 0.8 > 0.65 > found.after


def test_a_slice_has_an_onset_of_its_own() -> None:
    sliced = monitor(roles={"slices": ["device"]})
    table = rides(START, rows=3000)
    flipped = [
        1 - label if device == "mobile" and row >= 1500 else label
        for row, (label, device) in enumerate(zip(table["label"].to_pylist(), table["device"].to_pylist(), strict=True))
    ]
    packet = sliced.check(table.set_column(6, "label", pa.array(flipped)))
    found = next(o for o in packet.diagnosis.onsets if o.value == "mobile")
    assert (found.pillar, found.column) == ("performance", "device")
    assert holds(found, datetime.fromtimestamp(table["at"][1500].as_py(), UTC))


def test_what_is_so_from_the_start_is_not_dated_within_the_window(watch: Monitor) -> None:
    packet = watch.check(day(0, mobile=0.8))
    found = only(packet, "drift", "device")
    assert found.at is None
    assert found.reason == "no history was looked for, and of this window no change is shown within it"
    assert "Since" not in packet.headline


def test_earlier_windows_date_what_the_window_cannot(watch: Monitor, tmp_path: Path) -> None:
    EventLog(tmp_path).add("app release 5.1", START + 2.9 * DAY)
    EventLog(tmp_path).add("long before", START)
    for at in range(3):
        checked(watch, day(at), tmp_path)
    for at in range(3, 6):
        packet = checked(watch, day(at, mobile=0.8), tmp_path)
    found = only(packet, "drift", "device")
    assert (found.at, found.method, found.windows) == (START + 3 * DAY, "windows", 5)
    assert holds(found, START + 3 * DAY)
    assert [event.text for event in found.events] == ["app release 5.1"]
    assert "recorded in that time: app release 5.1 (2026-03-04 21:36 UTC)" in found.text
    assert packet.headline.endswith(
        "Since about 2026-03-05 00:00 UTC (device; 03-04 11:59 to 03-05 23:59); in that time: app release 5.1 "
        "(03-04 21:36)."
    )


def test_a_fall_of_the_auc_is_dated_between_windows(watch: Monitor, tmp_path: Path) -> None:
    for at, effect in enumerate((1.5, 1.5, 1.5, 0.3, 0.3)):
        packet = checked(watch, day(at, effect=effect), tmp_path)
    found = only(packet, "performance", None)
    assert found.at == START + 3 * DAY
    assert not [q for q in packet.diagnosis.unresolved if "When the drop began" in q]


def test_where_the_change_is_in_this_window_its_rows_date_it(watch: Monitor, tmp_path: Path) -> None:
    for at in range(4):
        checked(watch, day(at), tmp_path)
    found = only(checked(watch, halves(4, 0.5, mobile=0.95), tmp_path), "drift", "device")
    assert (found.method, found.windows) == ("rows", 4)
    assert holds(found, moment_of(4, 0.5))


def test_a_failed_schema_is_dated_between_windows(watch: Monitor, tmp_path: Path) -> None:
    for at in range(5):
        table = day(at)
        packet = checked(watch, table if at < 3 else table.drop_columns(["hour"]), tmp_path)
    found = next(o for o in packet.diagnosis.onsets if o.check == "schema")
    assert found.at == START + 3 * DAY


def test_what_has_been_so_in_all_windows_cannot_be_dated(watch: Monitor, tmp_path: Path) -> None:
    for at in range(4):
        packet = checked(watch, day(at, mobile=0.8), tmp_path)
    found = only(packet, "drift", "device")
    assert found.at is None
    assert found.reason == ("no change is shown over 4 windows since 2026-03-02 00:00 UTC, nor within this one")
    assert packet.headline.endswith("Cannot tell since when: 3 windows of history.")


def test_the_first_window_says_that_there_is_no_history(watch: Monitor, tmp_path: Path) -> None:
    packet = checked(watch, day(0, mobile=0.8), tmp_path)
    assert packet.headline.endswith("Cannot tell since when: 0 windows of history.")
    assert "there is no earlier window to compare with" in (only(packet, "drift", "device").reason or "")


def test_a_clean_window_has_nothing_to_date(watch: Monitor) -> None:
    packet = watch.check(day(0))
    assert packet.diagnosis.onsets == []
    assert packet.diagnosis.onset is None


def test_without_a_time_only_windows_can_tell(tmp_path: Path) -> None:
    private = monitor(columns={"at": {"private": True}})
    packet = checked(private, rides(START, mobile=0.8), tmp_path)
    assert "its rows have no time, or were not sampled" in (only(packet, "drift", "device").reason or "")


def test_false_onsets_are_few(watch: Monitor) -> None:
    """A drift that is there from the start has no onset within; one percent of such windows may show one."""
    dated = 0
    for seed in range(60):
        packet = watch.check(day(0, mobile=0.8, seed=seed))
        dated += only(packet, "drift", "device").at is not None
    assert dated <= 3


def constant(table: pa.Table, *, only_on: str | None = None) -> pa.Table:
    """The scores of all rows, or of one device's, are 0.5."""
    scores = [
        0.5 if only_on in (None, device) else score
        for score, device in zip(table["score"].to_pylist(), table["device"].to_pylist(), strict=True)
    ]
    return table.set_column(table.schema.get_field_index("score"), "score", pa.array(scores))


def test_scores_all_one_are_judged_beside_any_history(watch: Monitor, tmp_path: Path) -> None:
    first = checked(watch, constant(day(0)), tmp_path)
    assert (first.severity.value, "pillar_blinded" in {one.fact for one in first.self_watch}) == ("high", True)
    reason = only(first, "performance", None).reason or ""
    assert reason.startswith("there is no earlier window to compare with")


def test_scores_all_one_are_dated_by_the_windows_before(watch: Monitor, tmp_path: Path) -> None:
    for at in range(4):
        packet = checked(watch, day(at) if at < 2 else constant(day(at)), tmp_path)
    found = only(packet, "performance", None)
    assert (found.at, found.windows) == (START + 2 * DAY, 3)


def test_a_slice_whose_scores_are_all_one_is_judged(tmp_path: Path) -> None:
    sliced = monitor(roles={"slices": ["device"]})
    for at in range(2):
        packet = checked(sliced, constant(day(at), only_on="mobile"), tmp_path)
    found = next(o for o in packet.diagnosis.onsets if o.value == "mobile")
    assert (found.at, found.windows) == (None, 1)
    assert (found.reason or "").startswith("no change is shown over 2 windows")


def test_a_time_column_without_times_is_said_to_be_one() -> None:
    said = "[roles] timestamp names 'device', which in the reference holds no times between 1980 and 2100"
    for name, told in (("device", True), ("at", False)):
        warnings = monitor(roles={"timestamp": name}).check(day(0)).provenance.warnings
        assert any(warning.startswith(said) for warning in warnings) is told
