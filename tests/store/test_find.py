"""Packets as a person names them: files, labels, `latest`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dawnwatch import TriagePacket
from dawnwatch.errors import StoreError
from dawnwatch.store.files import ResultsFolder
from dawnwatch.store.find import find, packets

DAY = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, packet: TriagePacket) -> ResultsFolder:
    """Four packets: "weekly" twice, "night shift/b" once, and the newest without a label."""
    results = ResultsFolder(tmp_path / "results")
    for day, label in enumerate(["weekly", "night shift/b", "weekly", None]):
        results.save(dated(packet, day, label=label))
    return results


def dated(packet: TriagePacket, day: int, **more: Any) -> TriagePacket:
    return packet.model_copy(update={"id": f"of day {day}", "created_at": DAY + timedelta(days=day), **more})


def test_every_packet_newest_first_and_latest_once(folder: ResultsFolder) -> None:
    found, skipped = packets(folder)
    assert [named.packet.id for named in found] == ["of day 3", "of day 2", "of day 1", "of day 0"]
    assert skipped == []
    assert all(named.path.name != "latest.json" for named in found)


def test_what_is_no_packet_is_skipped_and_said(folder: ResultsFolder) -> None:
    (folder.folder / "package.json").write_text('{"name": "package"}')
    (folder.folder / ".hidden.json").write_text("{")
    (folder.folder / "note.txt").write_text("mine")
    (folder.folder / "of.json").mkdir()
    found, skipped = packets(folder)
    assert len(found) == 4
    assert [line.split(":")[0].rpartition("/")[2] for line in skipped] == ["of.json", "package.json"]
    assert all(len(line.splitlines()) == 1 for line in skipped)
    notes = find(folder, "night shift/b").notes
    assert [note.startswith("skipped while looking for 'night shift/b': ") for note in notes] == [True, True]


def test_a_label_that_several_have_is_the_newest_of_them_and_says_so(folder: ResultsFolder) -> None:
    found = find(folder, "weekly")
    assert found.packet.id == "of day 2"
    assert found.path.name == "2026-01-03T00-00-00Z-weekly-high.json"
    assert found.notes == ["2 packets are labelled 'weekly': taking the newest, of 2026-01-03 00:00 UTC"]
    assert find(folder, "night shift/b").notes == []


def test_latest_and_files(folder: ResultsFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find(folder, "latest").packet.id == "of day 3"
    path = folder.folder / "2026-01-01T00-00-00Z-weekly-high.json"
    assert find(folder, str(path)).packet.id == "of day 0"
    assert find(folder, str(path)).path == path
    # Without any results folder to look into, too.
    assert find(ResultsFolder("nowhere"), str(path)).packet.id == "of day 0"
    monkeypatch.chdir(folder.folder)
    assert find(folder, path.name).packet.id == "of day 0"


def test_a_label_wins_over_a_file_of_its_name_and_a_file_serves_where_there_is_no_label(
    folder: ResultsFolder, packet: TriagePacket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("weekly", "other"):
        Path(name).write_text(dated(packet, 9).model_dump_json())
    assert find(folder, "weekly").packet.id == "of day 2"
    assert find(folder, "other").packet.id == "of day 9"
    assert find(ResultsFolder("nowhere"), "other").packet.id == "of day 9"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "weekli",
            "no packet in {folder} is labelled 'weekli'. Did you mean 'weekly'? Labels there: weekly, night shift/b",
        ),
        ("zzz", "no packet in {folder} is labelled 'zzz'. Labels there: weekly, night shift/b"),
        (
            "a/b.json",
            "a/b.json: no such packet, neither a file nor a label in {folder}. Labels there: weekly, night shift/b",
        ),
    ],
)
def test_what_is_not_there_says_which_labels_are(folder: ResultsFolder, name: str, said: str) -> None:
    with pytest.raises(StoreError) as refused:
        find(folder, name)
    assert str(refused.value) == said.format(folder=folder.folder)


def test_no_labels_and_no_folder(tmp_path: Path, packet: TriagePacket) -> None:
    folder = ResultsFolder(tmp_path)
    folder.save(dated(packet, 0))
    with pytest.raises(StoreError, match=r"; none there has a label: `dawnwatch run --label NAME` gives one$"):
        find(folder, "weekly")
    (tmp_path / "half.json").write_text("{")
    with pytest.raises(StoreError, match=r"\(1 file could not be read\)$"):
        find(folder, "weekly")
    with pytest.raises(StoreError, match=r"^weekly: no such packet file, and no results folder .*none"):
        find(ResultsFolder(tmp_path / "none"), "weekly")
    with pytest.raises(StoreError, match=r"no such results folder; `dawnwatch run` makes it"):
        packets(ResultsFolder(tmp_path / "none"))


def test_many_labels_are_cut(tmp_path: Path, packet: TriagePacket) -> None:
    folder = ResultsFolder(tmp_path)
    for day in range(15):
        folder.save(dated(packet, day, label=f"run {day:02d}"))
    with pytest.raises(StoreError, match=r"Labels there: run 14, .*, run 03 and 3 more$"):
        find(folder, "nothing like it")
