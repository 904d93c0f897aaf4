import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from metropulse.cache import cache_file, read_cache, write_cache
from tests.scenarios.support import quiet


def test_the_variable_names_the_folder(cache: Path) -> None:
    assert cache_file() == cache / "ml-100k" / "u.data"


def test_without_the_variable_the_user_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DAWNWATCH_CACHE", raising=False)
    usual = cache_file()
    monkeypatch.setenv("DAWNWATCH_CACHE", "")
    assert cache_file() == usual
    assert usual.parts[-3:] == ("dawnwatch", "ml-100k", "u.data") or "dawnwatch" in usual.parts


def test_round_trip_leaves_no_other_file(cache: Path, u_data: bytes) -> None:
    write_cache(u_data, quiet)
    assert read_cache(quiet) == u_data
    assert [path.name for path in (cache / "ml-100k").iterdir()] == ["u.data"]


@pytest.mark.parametrize("length", [0, 1000, 1_979_173, 5_000_000])
def test_poisoned_or_truncated_cache_is_discarded_and_said(cache: Path, length: int) -> None:
    file = cache / "ml-100k" / "u.data"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x" * length)
    said: list[str] = []
    assert read_cache(said.append) is None
    assert not file.exists()
    assert len(said) == 1
    assert str(file) in said[0]
    assert "discarded, fetching them anew" in said[0]


def test_cache_that_is_a_folder_is_said(cache: Path) -> None:
    (cache / "ml-100k" / "u.data").mkdir(parents=True)
    said: list[str] = []
    assert read_cache(said.append) is None
    assert "cannot be read" in said[0]


def test_cache_that_cannot_be_written_is_said_not_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("DAWNWATCH_CACHE", str(blocked))
    said: list[str] = []
    assert read_cache(said.append) is None
    said.clear()
    write_cache(b"ratings", said.append)
    assert "could not be kept" in said[0]


def test_ctrl_c_while_writing_leaves_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_cache(b"half", quiet)
    assert list((cache / "ml-100k").iterdir()) == []


def test_kill_while_writing_leaves_no_data_and_the_next_run_is_clean(cache: Path, u_data: bytes) -> None:
    script = (
        "import os, signal\n"
        "from metropulse import cache\n"
        "os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)\n"
        "cache.write_cache(b'half a file', print)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], check=False)
    assert ended.returncode == -signal.SIGKILL
    left = list((cache / "ml-100k").iterdir())
    assert len(left) == 1
    assert left[0].name.endswith(".part")
    assert read_cache(quiet) is None
    write_cache(u_data, quiet)
    assert read_cache(quiet) == u_data
    assert left[0].exists(), "a young temporary file may be another run's"
    os.utime(left[0], (time.time() - 7200,) * 2)
    write_cache(u_data, quiet)
    assert [path.name for path in (cache / "ml-100k").iterdir()] == ["u.data"]
