"""A private PostgreSQL server for tests, where its programs can be found."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PASSWORD = "pg/secret word"
ENCODED = "pg%2Fsecret%20word"
UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root."""


def _programs() -> Path | None:
    found = shutil.which("initdb")
    # The wrappers on some paths stand elsewhere than the programs they start, so the packages' own folder is first.
    folders = [
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
        *([Path(found).parent] if found else []),
    ]
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a server on a free port in a temporary folder and yield its URL; skip where there are no programs."""
    programs = _programs()
    if programs is None:
        pytest.skip("no initdb and postgres found; install PostgreSQL's server")
    as_other = ["setpriv", f"--reuid={UNPRIVILEGED}", "--regid=nogroup", "--clear-groups"] if os.getuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="dawnwatch-pg-"))
    try:
        (folder / "password").write_text(PASSWORD)
        if as_other:
            shutil.chown(folder, UNPRIVILEGED)
            (folder / "password").chmod(0o644)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        options = ["-U", "ann", "-A", "scram-sha-256", f"--pwfile={folder}/password", "--no-sync", "-E", "UTF8"]
        subprocess.run(
            [*as_other, programs / "initdb", "-D", folder / "data", *options, "--locale=C"],
            check=True,
            capture_output=True,
            cwd=folder,
        )
        settings = ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "shared_buffers=16MB"]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [*as_other, programs / "postgres", "-D", folder / "data", "-p", str(port), "-k", folder, *settings],
                cwd=folder,
                stdout=log,
                stderr=log,
            )
        try:
            _wait(folder / "data" / "postmaster.pid", server)
            yield f"postgresql://ann:{ENCODED}@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
            server.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(status: Path, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if status.exists() and status.read_text().rstrip().endswith("ready"):
            return
        assert server.poll() is None, "PostgreSQL did not start"
        time.sleep(0.05)
    raise AssertionError("PostgreSQL was not ready within 30 seconds")
