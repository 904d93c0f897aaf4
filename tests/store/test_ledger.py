"""The ledger's file: nothing lost, nothing half-written, whatever else lies in it."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dawnwatch import TriagePacket
from dawnwatch.errors import StoreError
from dawnwatch.store.ledger import Ledger

AT = datetime(2026, 3, 1, 7, 30, tzinfo=UTC)


def test_what_was_added_comes_back(tmp_path: Path, packet: TriagePacket) -> None:
    ledger = Ledger(tmp_path)
    assert ledger.entries() == ([], [])
    first = ledger.add(packet, decision="retrain", by="Zoë", note="cold start → new riders", at=AT)
    second = ledger.add(packet, alarm="false_alarm")
    assert ledger.entries() == ([first, second], [])
    assert (first.packet, first.window) == (packet.id, packet.provenance.current.fingerprint)
    assert first.at == AT < first.recorded_at
    assert second.at == second.recorded_at
    assert first.id != second.id
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.jsonl"]


def test_many_writers_at_once_lose_nothing(tmp_path: Path, packet: TriagePacket) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: Ledger(tmp_path).add(packet, alarm="real", note=f"{number}"), range(64)))
    found, faults = Ledger(tmp_path).entries()
    assert faults == []
    assert sorted(int(entry.note or "") for entry in found) == list(range(64))


def test_a_line_cut_off_spoils_no_other_and_stays(tmp_path: Path, packet: TriagePacket) -> None:
    ledger = Ledger(tmp_path)
    first = ledger.add(packet, alarm="real")
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole + whole[:40])
    second = ledger.add(packet, alarm="false_alarm")
    found, faults = ledger.entries()
    assert found == [first, second]
    assert len(faults) == 1
    assert faults[0].startswith(f"{ledger.path}, line 2: no entry (Invalid JSON")
    assert ledger.path.read_bytes().startswith(whole + whole[:40] + b"\n")


def test_a_disk_that_fills_up_leaves_the_file_as_it_was(
    tmp_path: Path, packet: TriagePacket, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(tmp_path)
    ledger.add(packet, alarm="real")
    whole, write = ledger.path.read_bytes(), os.write
    monkeypatch.setattr(os, "write", lambda handle, content: write(handle, content[:20]))
    with pytest.raises(StoreError, match=r"ledger\.jsonl: cannot be written \(no space left"):
        ledger.add(packet, alarm="false_alarm")
    assert ledger.path.read_bytes() == whole


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"not json", "Invalid JSON"),
        (b'{"id": "x"}', "packet: Field required"),
        (b"\xff\xfe", "Invalid JSON"),
        (b"[]", "object"),
    ],
)
def test_foreign_lines_are_named_and_left_out(tmp_path: Path, packet: TriagePacket, line: bytes, said: str) -> None:
    ledger = Ledger(tmp_path)
    ledger.path.write_bytes(line + b"\n\n")
    entry = ledger.add(packet, decision="wait")
    found, faults = ledger.entries()
    assert found == [entry]
    assert len(faults) == 1
    assert "line 1: no entry" in faults[0]
    assert said in faults[0]


def edited(ledger: Ledger, old: str, new: str) -> list[str]:
    text = ledger.path.read_text("utf-8")
    assert old in text
    ledger.path.write_text(text.replace(old, new), "utf-8")
    found, faults = ledger.entries()
    assert found == []
    return faults


def test_entries_that_say_nothing_have_no_zone_or_come_from_a_later_version(
    tmp_path: Path, packet: TriagePacket
) -> None:
    for old, new, said in (
        ('"alarm":"real"', '"alarm":null', "a decision, what the alarm was, or both"),
        ("07:30:00Z", "07:30:00", "timezone"),
        ('"schema_version":"1.0"', '"schema_version":"2.0"', "it has schema 2.0, and this dawnwatch reads 1.0"),
    ):
        ledger = Ledger(tmp_path)
        ledger.path.unlink(missing_ok=True)
        ledger.add(packet, alarm="real", at=AT)
        (fault,) = edited(ledger, old, new)
        assert said in fault


def test_what_cannot_be_read_or_written_is_one_line(tmp_path: Path, packet: TriagePacket) -> None:
    with pytest.raises(StoreError, match=r"none/ledger\.jsonl: cannot be written \(No such file"):
        Ledger(tmp_path / "none").add(packet, alarm="real")
    (tmp_path / "ledger.jsonl").mkdir()
    with pytest.raises(StoreError, match=r"cannot be read \(Is a directory\)"):
        Ledger(tmp_path).entries()
    with pytest.raises(StoreError, match=r"cannot be written \(Is a directory\); nothing was recorded"):
        Ledger(tmp_path).add(packet, alarm="real")
