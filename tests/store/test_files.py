"""Packets on disk: whole or not there, never one over another, whoever writes at the same time."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import signal
import stat
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dawnwatch import StoreError, TriagePacket
from dawnwatch.atomic import write_atomically
from dawnwatch.model.packet import SCHEMA_VERSION
from dawnwatch.store.files import ResultsFolder

SAVER = """
import sys
from dawnwatch.model.packet import TriagePacket
from dawnwatch.store.files import ResultsFolder
packet = TriagePacket.model_validate_json(open(sys.argv[1]).read())
folder, times = ResultsFolder(sys.argv[2]), int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for _ in range(times):
    folder.save(packet)
"""


def at(packet: TriagePacket, when: datetime, **changes: object) -> TriagePacket:
    return packet.model_copy(update={"created_at": when, **changes})


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def saver(packet: TriagePacket, tmp_path: Path, folder: Path, times: int) -> subprocess.Popen[str]:
    source = tmp_path / "packet-to-save"
    if not source.exists():
        source.write_text(packet.model_dump_json())
    return subprocess.Popen(
        [sys.executable, "-c", SAVER, str(source), str(folder), str(times)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def begin(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def wait_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


def close(process: subprocess.Popen[str]) -> None:
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(BrokenPipeError):
                stream.close()


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_save_and_load(tmp_path: Path, packet: TriagePacket) -> None:
    folder = ResultsFolder(tmp_path / "deep" / "results")
    path = folder.save(at(packet, datetime(2026, 3, 4, 5, 6, 7, 890, tzinfo=UTC)))
    assert path == tmp_path / "deep" / "results" / "2026-03-04T05-06-07Z-high.json"
    assert names(path.parent) == [path.name, "latest.json"]
    assert path.read_bytes() == (path.parent / "latest.json").read_bytes()
    assert folder.load() == folder.load(path) == at(packet, datetime(2026, 3, 4, 5, 6, 7, 890, tzinfo=UTC))
    assert json.loads(path.read_text())["severity"] == "high"


def test_two_saves_in_one_second_get_two_files(tmp_path: Path, packet: TriagePacket) -> None:
    when = datetime(2026, 1, 1, tzinfo=UTC)
    folder = ResultsFolder(tmp_path)
    first, second, third = (folder.save(at(packet, when, id=name)) for name in "abc")
    assert [path.name for path in (first, second, third)] == [
        "2026-01-01T00-00-00Z-high.json",
        "2026-01-01T00-00-00Z-high-2.json",
        "2026-01-01T00-00-00Z-high-3.json",
    ]
    assert [folder.load(path).id for path in (first, second, third)] == ["a", "b", "c"]
    assert folder.load().id == "c"


@pytest.mark.parametrize(
    ("label", "tag"),
    [
        (None, ""),
        ("", ""),
        ("release 4.2", "release-4.2-"),
        ("../../etc/passwd", "etc-passwd-"),
        ("..", "label-"),
        ("/", "label-"),
        ("日本", "label-"),
        ("café\n☕", "caf-"),
        ("-rf", "rf-"),
        (".hidden", "hidden-"),
        ("a" * 300, "a" * 60 + "-"),
        ("a" * 59 + ".b", "a" * 59 + "-"),
    ],
)
def test_labels_become_file_names(tmp_path: Path, packet: TriagePacket, label: str | None, tag: str) -> None:
    folder = ResultsFolder(tmp_path / "results")
    path = folder.save(at(packet, datetime(2026, 1, 1, tzinfo=UTC), label=label))
    assert path == tmp_path / "results" / f"2026-01-01T00-00-00Z-{tag}high.json"
    assert folder.load(path).label == label
    assert names(tmp_path) == ["results"]


def test_latest_is_the_newest_packet_not_the_last_one_saved(tmp_path: Path, packet: TriagePacket) -> None:
    folder, now = ResultsFolder(tmp_path), datetime.now(UTC)
    folder.save(at(packet, now - timedelta(hours=1), id="first"))
    folder.save(at(packet, now, id="newest"))
    folder.save(at(packet, now - timedelta(minutes=1), id="slow"))
    assert folder.load().id == "newest"
    assert len(names(tmp_path)) == 4


def test_a_clock_that_went_wrong_does_not_stay_latest(tmp_path: Path, packet: TriagePacket) -> None:
    folder, now = ResultsFolder(tmp_path), datetime.now(UTC)
    folder.save(at(packet, now + timedelta(days=9000), id="from the future"))
    folder.save(at(packet, now, id="now"))
    assert folder.load().id == "now"


def test_a_damaged_latest_is_replaced(tmp_path: Path, packet: TriagePacket) -> None:
    (tmp_path / "latest.json").write_text('{"half": ')
    ResultsFolder(tmp_path).save(packet)
    assert ResultsFolder(tmp_path).load() == packet


def test_files_are_as_readable_as_the_umask_says(tmp_path: Path, packet: TriagePacket) -> None:
    before = os.umask(0o027)
    try:
        path = ResultsFolder(tmp_path).save(packet)
    finally:
        os.umask(before)
    assert [stat.S_IMODE(p.stat().st_mode) for p in (path, tmp_path / "latest.json")] == [0o640, 0o640]


def test_a_file_system_without_links(tmp_path: Path, packet: TriagePacket, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    folder = ResultsFolder(tmp_path)
    paths = {folder.save(packet) for _ in range(3)}
    assert len(paths) == 3
    assert all(folder.load(path) == packet for path in paths)
    assert len(names(tmp_path)) == 4


# ── at the same time, and cut off ─────────────────────────────────────────────────────────────────────────────


def test_twenty_processes_at_once_lose_nothing(tmp_path: Path, packet: TriagePacket) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    latest = folder / "latest.json"
    processes = [saver(packet, tmp_path, folder, times=5) for _ in range(20)]
    for process in processes:
        wait_ready(process)
    for process in processes:
        begin(process)
    seen = 0
    while any(process.poll() is None for process in processes):
        if latest.exists():
            assert TriagePacket.model_validate_json(latest.read_bytes()) == packet
            seen += 1
    for process in processes:
        close(process)
    assert [process.returncode for process in processes] == [0] * 20
    assert seen > 0
    found = [path for path in folder.iterdir() if path != latest]
    assert len(found) == 100
    assert {path.suffix for path in found} == {".json"}
    assert all(TriagePacket.model_validate_json(path.read_bytes()) == packet for path in found)


def test_looking_at_latest_and_replacing_it_is_one_step(
    tmp_path: Path, packet: TriagePacket, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, look = datetime.now(UTC), ResultsFolder._has_newer
    looked, saved = threading.Event(), threading.Event()

    def slowly(self: ResultsFolder, mine: TriagePacket) -> bool:
        found = look(self, mine)
        if mine.id == "older":
            looked.set()
            saved.wait(0.3)  # long enough for the newer one to come between, if it could
        return found

    monkeypatch.setattr(ResultsFolder, "_has_newer", slowly)
    older = at(packet, now - timedelta(seconds=5), id="older")
    thread = threading.Thread(target=ResultsFolder(tmp_path).save, args=(older,))
    thread.start()
    looked.wait()
    ResultsFolder(tmp_path).save(at(packet, now, id="newer"))
    saved.set()
    thread.join()
    assert ResultsFolder(tmp_path).load().id == "newer"


@pytest.mark.parametrize("delay", [0.01, 0.05, 0.1])
def test_a_process_that_is_killed_leaves_no_half_packet(tmp_path: Path, packet: TriagePacket, delay: float) -> None:
    folder = tmp_path / "results"
    process = saver(packet, tmp_path, folder, times=100_000)
    wait_ready(process)
    begin(process)
    while not (folder / "latest.json").exists():
        time.sleep(0.001)
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    close(process)
    assert process.returncode == -signal.SIGKILL
    named = [path for path in folder.iterdir() if not path.name.startswith(".")]
    assert len(named) >= 2
    assert all(TriagePacket.model_validate_json(path.read_bytes()) == packet for path in named)
    # The lock died with its process: the next run saves as ever.
    assert ResultsFolder(folder).load(ResultsFolder(folder).save(packet)) == packet


@pytest.mark.parametrize("fault", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    path = tmp_path / "latest.json"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(*((os, "fsync") if fault == "fsync" else (Path, "replace")), full)
    with pytest.raises(StoreError, match="No space"):
        write_atomically(path, b"new")
    assert names(tmp_path) == ["latest.json"]
    assert path.read_bytes() == b"old"


def test_a_full_disk_is_one_line(tmp_path: Path, packet: TriagePacket, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError) as refused:
        ResultsFolder(tmp_path).save(packet)
    assert str(refused.value) == (
        f"{tmp_path}: the results folder cannot be written (No space left on device); choose another with --results"
    )
    assert names(tmp_path) == []


# ── folders that cannot serve ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("below", ["", "results", "a/b/c"])
def test_a_file_in_the_way(tmp_path: Path, packet: TriagePacket, below: str) -> None:
    # Tests may run as root, whom no permission stops; a file where a folder should be stops anyone.
    in_the_way = tmp_path / "file"
    in_the_way.write_text("mine")
    folder = ResultsFolder(in_the_way / below)
    for attempt in (folder.require_writable, lambda: folder.save(packet)):
        with pytest.raises(StoreError) as refused:
            attempt()
        message = str(refused.value)
        assert message.startswith(f"{in_the_way / below}: the results folder cannot be written (")
        assert message.endswith("); choose another with --results")
        assert len(message.splitlines()) == 1
        assert refused.value.exit_code == 2
    assert in_the_way.read_text() == "mine"
    assert names(tmp_path) == ["file"]


def test_a_folder_that_may_not_be_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(self: Path, **_: object) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "exists", forbidden)
    with pytest.raises(StoreError, match=r"cannot be written \(Permission denied\)"):
        ResultsFolder(tmp_path / "secret" / "x").require_writable()


def test_proving_a_folder_writable_writes_nothing(tmp_path: Path) -> None:
    ResultsFolder(tmp_path / "not" / "yet").require_writable()
    assert names(tmp_path) == []
    ResultsFolder(tmp_path).require_writable()
    assert names(tmp_path) == []


def test_home_is_expanded(tmp_path: Path, packet: TriagePacket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert ResultsFolder("~/results").save(packet).parent == tmp_path / "results"


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────


NOT_OURS = f"not a triage packet of schema {SCHEMA_VERSION}"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            b"",
            f"{NOT_OURS} (Invalid JSON: EOF while parsing a value at line 1 column 0)",
        ),
        (
            b'{"schema_version": "1.2", "id": ',
            f"{NOT_OURS} (Invalid JSON: EOF while parsing",
        ),
        (b"[1, 2]", f"{NOT_OURS} (Input should be an object)"),
        (b"null", f"{NOT_OURS} (Input should be an object)"),
        (
            b'{"name": "package", "version": "1"}',
            f"{NOT_OURS} (id: Field required)",
        ),
        (b"\xff\xfe\x00", "not a triage packet (not UTF-8 text)"),
    ],
)
def test_a_damaged_or_foreign_file_is_one_line(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "latest.json").write_bytes(content)
    with pytest.raises(StoreError) as refused:
        ResultsFolder(tmp_path).load()
    assert str(refused.value).startswith(f"{tmp_path / 'latest.json'}: {reason}")
    assert len(str(refused.value).splitlines()) == 1


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refused:
        ResultsFolder(tmp_path / "none").load()
    assert str(refused.value) == f"{tmp_path / 'none/latest.json'}: no such packet; `dawnwatch run` writes one"
    with pytest.raises(StoreError, match=r"cannot be read \(Is a directory\)"):
        ResultsFolder(tmp_path).load(tmp_path)


def test_a_later_minor_version_opens_and_a_later_major_one_says_so(tmp_path: Path, packet: TriagePacket) -> None:
    tables = json.loads(packet.model_dump_json()) | {"schema_version": "1.9", "invented": {"later": True}}
    path = tmp_path / "packet.json"
    path.write_text(json.dumps(tables))
    assert ResultsFolder(tmp_path).load(path).id == packet.id
    path.write_text(json.dumps(tables | {"schema_version": "2.0"}))
    with pytest.raises(StoreError, match=rf"has schema 2\.0 and this dawnwatch reads {re.escape(SCHEMA_VERSION)};"):
        ResultsFolder(tmp_path).load(path)


def test_a_persons_decision_is_kept(tmp_path: Path, packet: TriagePacket) -> None:
    folder = ResultsFolder(tmp_path)
    path = folder.save(packet)
    tables = json.loads(path.read_text())
    tables["human_decision"] = {"decision": "rollback", "by": "Ana", "note": "agreed", "at": "2026-01-01T08:00:00Z"}
    path.write_text(json.dumps(tables))
    decided = folder.load(path).human_decision
    assert (decided.decision, decided.by, decided.note) == ("rollback", "Ana", "agreed")
