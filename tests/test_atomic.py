"""Files that belong together: all of them, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from dawnwatch.atomic import write_together
from dawnwatch.errors import StoreError


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_all_are_written_over_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    written = write_together({tmp_path / "a": b"1", tmp_path / "b": b"2"})
    assert written == [tmp_path / "a", tmp_path / "b"]
    assert held(tmp_path) == {"a": b"1", "b": b"2"}
    assert write_together({}) == []


def test_a_folder_that_is_missing_leaves_all_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(StoreError, match=r"gone/b: cannot be written \(No such file or directory\); choose another"):
        write_together({tmp_path / "a": b"1", tmp_path / "gone/b": b"2"})
    assert held(tmp_path) == {"a": b"old"}


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("moved", [False, True])
def test_ctrl_c_among_the_moves_waits_for_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, moved: bool
) -> None:
    whole, calls = Path.replace, 0

    def stopped(path: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == at + 1 and not moved:
            raise KeyboardInterrupt
        done = whole(path, target)
        if calls == at + 1:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_together({tmp_path / name: name.encode() for name in "abc"})
    assert held(tmp_path) == {"a": b"a", "b": b"b", "c": b"c"}


def test_ctrl_c_while_they_are_written_leaves_all_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")
    calls = 0

    def stopped(_: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_together({tmp_path / "a": b"1", tmp_path / "b": b"2"})
    assert held(tmp_path) == {"a": b"old"}
