"""Earlier windows: which of them count, and what they tell that the training reference does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from dawnwatch import Monitor
from dawnwatch.model.history import OtherBaseline
from dawnwatch.model.packet import TriagePacket
from dawnwatch.store.events import EventLog
from tests.monitoring.days import START, checked, monitor, rides

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(scope="module")
def watch() -> Monitor:
    return monitor()


def last_good(packet: TriagePacket) -> OtherBaseline:
    assert packet.diagnosis.baselines[0].kind == "last_good"
    return packet.diagnosis.baselines[0]


def test_a_window_knows_when_its_rows_happened(watch: Monitor) -> None:
    facts = watch.check(rides(START)).provenance.current
    assert (facts.first_at, facts.last_at) == (START, START + DAY - timedelta(seconds=1))


@pytest.mark.parametrize("scale", [10**3, 10**6, 10**9, "timestamp"])
def test_times_are_read_in_any_unit(scale: int | str) -> None:
    table = rides(START)
    at = table["at"].cast(pa.timestamp("s")) if scale == "timestamp" else pa.array(table["at"].to_numpy() * scale)
    table = table.set_column(2, "at", at)
    facts = Monitor(monitor().config).fit(table).check(table).provenance.current
    assert facts.first_at == START


def test_one_clock_gone_wrong_leaves_the_time_unknown(watch: Monitor) -> None:
    table = rides(START)
    at = table["at"].to_numpy().copy()
    at[7] = -999
    packet = watch.check(table.set_column(2, "at", pa.array(at)))
    assert packet.provenance.current.first_at is None


def test_a_private_time_stays_private() -> None:
    packet = monitor(columns={"at": {"private": True}}).check(rides(START))
    assert packet.provenance.current.first_at is None


def test_without_history_nothing_is_said(watch: Monitor, tmp_path: Path) -> None:
    assert watch.check(rides(START)).diagnosis.baselines == []
    alone = last_good(watch.check(rides(START), history=tmp_path / "none"))
    assert alone.reason is not None
    assert "no earlier window" in alone.text


def test_what_drifted_since_training_is_told_from_what_broke_last_night(watch: Monitor, tmp_path: Path) -> None:
    """Night rides have been common for long; that is the yellow of every day. Mobile broke today."""
    for day in range(3):
        packet = checked(watch, rides(START + day * DAY, night=0.48), tmp_path)
        assert packet.severity.value == "medium"
    packet = checked(watch, rides(START + 3 * DAY, night=0.48, mobile=0.75), tmp_path)
    good = last_good(packet)
    assert (good.first_at, good.rows) == (START + 2 * DAY, 1500)
    assert good.moved == ["device"]
    assert good.not_since == ["hour"]
    assert good.text.startswith("Since the last good window (2026-03-04 00:00 UTC to 2026-03-04 23:59 UTC, 1,500 rows)")
    against = {feature.name: feature for feature in good.features}
    assert against["device"].significance is not None
    assert against["device"].significance.significant
    # The day after, the last good window is still the one before the break.
    after = last_good(checked(watch, rides(START + 4 * DAY, night=0.48, mobile=0.75), tmp_path))
    assert (after.first_at, after.moved) == (START + 2 * DAY, ["device"])


def test_a_window_with_invalid_data_is_no_good_one(watch: Monitor, tmp_path: Path) -> None:
    checked(watch, rides(START), tmp_path)
    assert checked(watch, rides(START + DAY, missing=0.3), tmp_path).severity.value != "low"
    assert last_good(checked(watch, rides(START + 2 * DAY), tmp_path)).first_at == START


def test_where_no_window_was_good_that_is_said(watch: Monitor, tmp_path: Path) -> None:
    for day in range(2):
        checked(watch, rides(START + day * DAY, mobile=0.8), tmp_path)
    good = last_good(checked(watch, rides(START + 2 * DAY, mobile=0.8), tmp_path))
    assert good.packet is None
    assert good.reason == "none of the 2 earlier windows had severity medium or low and valid data"


def test_the_same_rows_are_no_history_of_themselves(watch: Monitor, tmp_path: Path) -> None:
    table = rides(START)
    checked(watch, table, tmp_path)
    assert last_good(checked(watch, table, tmp_path)).packet is None
    # Nor are they with labels that came later.
    assert last_good(checked(watch, rides(START, labels=0.5), tmp_path)).packet is None


def test_windows_that_overlap_or_come_later_are_left_out(watch: Monitor, tmp_path: Path) -> None:
    checked(watch, rides(START - DAY), tmp_path)
    checked(watch, rides(START + DAY / 2), tmp_path)
    checked(watch, rides(START + 5 * DAY), tmp_path)
    assert last_good(checked(watch, rides(START), tmp_path)).first_at == START - DAY


def test_another_model_or_reference_is_another_history(watch: Monitor, tmp_path: Path) -> None:
    checked(watch, rides(START), tmp_path)
    other = Monitor(watch.config).fit(rides(START - 30 * DAY, rows=6000, seed=5))
    assert last_good(checked(other, rides(START + DAY), tmp_path)).packet is None
    renamed = monitor(project={"name": "Another"})
    assert last_good(checked(renamed, rides(START + DAY), tmp_path)).packet is None
    assert last_good(checked(watch, rides(START + DAY), tmp_path)).packet is not None


def test_the_same_hours_a_day_and_a_week_before_are_found(watch: Monitor, tmp_path: Path) -> None:
    """Every night is all night, which the reference, a month of days, is not: only the season tells it is as always."""
    span = timedelta(hours=6)
    for day in (0, 6, 7):
        checked(watch, rides(START + day * DAY, last=span, night=0.9), tmp_path)
        packet = checked(watch, rides(START + day * DAY + 12 * HOUR, last=span, night=0.05), tmp_path)
    assert {f.name: f.band for f in packet.drift.features}["hour"] == "RED"
    seasons = {other.kind: other for other in packet.diagnosis.baselines}
    assert seasons["day_before"].first_at == START + 6 * DAY + 12 * HOUR
    assert seasons["week_before"].first_at == START + 12 * HOUR
    for kind in ("day_before", "week_before"):
        assert (seasons[kind].moved, seasons[kind].not_since) == ([], ["hour"])
        assert "Drifted since training, hour" in seasons[kind].text


def test_a_day_has_no_same_hours_a_day_before_it_is_not_apart_from(watch: Monitor, tmp_path: Path) -> None:
    for day in range(2):
        checked(watch, rides(START + 2 * day * DAY, last=2 * DAY), tmp_path)
    packet = checked(watch, rides(START + 4 * DAY, last=2 * DAY), tmp_path)
    assert [other.kind for other in packet.diagnosis.baselines] == ["last_good"]


def test_counts_that_are_gone_and_packets_that_cannot_be_read_do_not_end_a_run(watch: Monitor, tmp_path: Path) -> None:
    checked(watch, rides(START), tmp_path)
    for path in (tmp_path / "profiles").iterdir():
        path.unlink()
    (tmp_path / "2026-01-01T00-00-00Z-low.json").write_text("{")
    (tmp_path / "events.jsonl").write_text("?\n")
    packet = checked(watch, rides(START + DAY), tmp_path)
    assert last_good(packet).first_at == START
    assert "no such profile" in (last_good(packet).reason or "")
    warnings = [text for text in packet.provenance.warnings if text.startswith("history: ")]
    assert len(warnings) == 2
    assert "2026-01-01T00-00-00Z-low.json: not a triage packet" in warnings[0]
    assert "events.jsonl, line 1: no event" in warnings[1]


def test_events_since_the_last_good_window_are_named(watch: Monitor, tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    for text, at in (("before", START), ("between", START + 1.5 * DAY), ("later", START + 9 * DAY)):
        log.add(text, at)
    checked(watch, rides(START), tmp_path)
    packet = checked(watch, rides(START + 2 * DAY, mobile=0.8), tmp_path)
    assert [event.text for event in packet.diagnosis.events] == ["between"]


def test_windows_without_a_time_come_in_the_order_of_their_checks(tmp_path: Path) -> None:
    watch = monitor(columns={"at": {"private": True}})
    first = checked(watch, rides(START), tmp_path)
    found = last_good(checked(watch, rides(START + DAY), tmp_path))
    assert (found.packet, found.first_at) == (first.id, None)
    assert first.created_at <= datetime.now(UTC)


def test_a_packet_of_before_opens_and_serves(watch: Monitor, tmp_path: Path) -> None:
    """Fields that an older packet lacks have a default; its window comes by when it was judged."""
    checked(watch, rides(START), tmp_path)
    (path,) = tmp_path.glob("2*.json")
    kept = TriagePacket.model_validate_json(path.read_text()).model_dump(mode="json")
    for name in ("first_at", "last_at", "fingerprint_without_label"):
        kept["provenance"]["current"].pop(name)
    for name in ("baselines", "events"):
        kept["diagnosis"].pop(name)
    import json

    path.write_text(json.dumps(kept))
    assert last_good(checked(watch, rides(START + DAY), tmp_path)).packet == kept["id"]
