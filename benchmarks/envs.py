"""`make bench-peers`: each peer in an environment of its own, with the pins with which it runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import commit, unplaced

__all__ = ["ENVS", "PEERS", "Peer", "build", "interpreter", "notes"]

ROOT = Path(__file__).parent.parent
ENVS = Path(os.environ.get("BENCH_ENVS", Path(__file__).parent / ".envs"))
QUIET = {"DO_NOT_TRACK": "1", "NML_DISABLE_USAGE_LOGGING": "1", "GX_ANALYTICS_ENABLED": "false"}
"""Switches off what peers would send; benchmarks talk to nobody."""


@dataclass(frozen=True)
class Peer:
    """A peer's environment.

    Attributes
    ----------
    requirements : what pip installs together
    tried : an import that shows it works
    why : the reason for each pin
    """

    name: str
    requirements: tuple[str, ...]
    tried: str
    why: str = ""


PEERS = {
    peer.name: peer
    for peer in (
        Peer("core", (str(ROOT),), "import dawnwatch", "this project alone, as `pip install .` gives it"),
        Peer("columnar", ("polars", "duckdb", "pandas", "pyarrow", "scikit-learn"), "import polars, duckdb, sklearn"),
        Peer(
            "evidently",
            ("evidently>=0.7.20,<0.8", "pandas<3", "pyarrow"),
            "from evidently.presets import DataDriftPreset",
            "pandas<3 is what it supports",
        ),
        Peer(
            "nannyml",
            ("nannyml", "pandas<3", "statsmodels", "pyarrow"),
            "import nannyml",
            "pandas<3 is what it supports; it imports statsmodels without asking for it",
        ),
        Peer(
            "whylogs",
            ("whylogs[viz]", "pandas<3", "pyarrow"),
            "import whylogs, whylogs.viz.drift.column_drift_algorithms",
            "it imports pandas without asking for it",
        ),
        Peer(
            "alibi-detect",
            ("alibi-detect", "pandas<3", "pyarrow<22"),
            "import pyarrow; from alibi_detect.cd import TabularDrift",
            "its own bounds bring numpy 1.26, which the newest pyarrow refuses",
        ),
        Peer(
            "frouros",
            ("frouros", "pyarrow"),
            "from frouros.detectors.data_drift import PSI",
            "its own bounds bring numpy 2.1",
        ),
        Peer("pandera", ("pandera", "pandas", "pyarrow"), "import pandera.pandas"),
        Peer(
            "great-expectations",
            ("great-expectations", "pandas<3", "pyarrow"),
            "import great_expectations",
            "pandas<3 is what it supports",
        ),
    )
}


def interpreter(env: str | None) -> Path | None:
    """Return the Python that runs a contestant: ours, or the peer's; None where that is not installed."""
    if env is None:
        return Path(sys.executable)
    python = ENVS / env / "bin" / "python"
    return python if (ENVS / env / "ready.json").exists() and python.exists() else None


def notes(env: str) -> dict[str, str]:
    """Return what is known of a peer's environment: its versions, or why it could not be made."""
    for name in ("ready.json", "failed.json"):
        path = ENVS / env / name
        if path.exists():
            found: dict[str, str] = json.loads(path.read_text("utf-8"))
            return found
    return {"failed": "not installed; `make bench-peers` does it"}


def build(*only: str) -> int:
    """Make the environments that are not there; return how many could not be made."""
    wanted = [PEERS[name] for name in only] if only else list(PEERS.values())
    return sum(not _ready(peer) for peer in wanted)


def _ready(peer: Peer) -> bool:
    where = ENVS / peer.name
    # The project's own environment is always made anew: its sources are not told from its version.
    if (where / "ready.json").exists() and peer.name != "core":
        print(f"{peer.name}: there")
        return True
    python = where / "bin" / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check"]
    print(f"{peer.name}: installing {', '.join(peer.requirements)}", flush=True)
    try:
        _run([sys.executable, "-m", "venv", "--clear", str(where)])
        _run([*pip, "install", "--quiet", *peer.requirements])
        _run([str(python), "-c", peer.tried])
        listed = json.loads(_run([*pip, "list", "--format", "json"]))
    except subprocess.CalledProcessError as error:
        last = [line for line in (error.stderr or "").splitlines() if line.strip() and "WARNING" not in line]
        where.mkdir(parents=True, exist_ok=True)
        (where / "failed.json").write_text(json.dumps({"failed": unplaced("; ".join(last[-2:]))[:400]}), "utf-8")
        print(f"{peer.name}: failed: {'; '.join(last[-2:])}")
        return False
    found = {package["name"].lower().replace("_", "-"): package["version"] for package in listed}
    if peer.name == "core":
        found["commit"] = commit()
    (where / "ready.json").write_text(json.dumps(found, indent=1), "utf-8")
    return True


def _run(command: list[str]) -> str:
    environment = {**os.environ, **QUIET}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment, timeout=1800).stdout
