"""W6: cold starts, and what an installation takes."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import envs
from benchmarks.peers.line import Task, Timed
from benchmarks.sizes import by_package
from benchmarks.work import DESIGN, Contestant, Group, Scale, Target, Work

__all__ = ["WORK", "cold", "size"]


def cold(task: Task) -> Timed:
    """Start a process and wait for its end, from the call to the exit; files are in the page cache."""
    own = envs.interpreter(task["env"])
    command = [str(own or sys.executable), *task["arguments"]]
    # Where the project has no environment of its own, the present one finds it on the path.
    quiet = {name: value for name, value in os.environ.items() if name != "PYTHONPATH" or own is None}
    # Once before, so that what Python compiles at the first start is there.
    subprocess.run(command, check=True, capture_output=True, env=quiet)

    def timed() -> dict[str, Any]:
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env=quiet)
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        return {"_seconds": seconds, "_peak_mib": peak}

    return timed


def size(task: Task) -> Timed:
    """Disk space of an environment, by package."""
    ask = [str(envs.interpreter(task["env"])), "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"]
    site = Path(subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip())

    def timed() -> dict[str, Any]:
        packages = by_package(site)
        return {"MB": sum(packages.values()), "packages": len(packages), "MB by package": packages}

    return timed


PYTHON, IMPORT, HELP = "python -c pass", "import dawnwatch", "dawnwatch --help"
RUN_COLD = {
    PYTHON: ("core", ["-c", "pass"]),
    IMPORT: ("core", ["-c", "import dawnwatch"]),
    "import dawnwatch; dawnwatch.Monitor": ("core", ["-c", "import dawnwatch; dawnwatch.Monitor"]),
    HELP: ("core", ["-m", "dawnwatch", "--help"]),
    "import evidently": ("evidently", ["-c", "import evidently"]),
    "from evidently.presets import DataDriftPreset": (
        "evidently",
        ["-c", "from evidently.presets import DataDriftPreset"],
    ),
    "import nannyml": ("nannyml", ["-c", "import nannyml"]),
    "import whylogs": ("whylogs", ["-c", "import whylogs"]),
}
SIZES = ("core", "evidently", "nannyml", "whylogs", "great-expectations", "pandera")


def _groups(scale: Scale) -> list[Group]:
    starts = tuple(
        Contestant(
            name,
            "w6_start:cold",
            about=None if env == "core" else env,
            settings={"env": env, "arguments": arguments},
            limit=name == PYTHON,
        )
        for name, (env, arguments) in RUN_COLD.items()
    )
    sizes = tuple(Contestant(env, "w6_start:size", about=env, settings={"env": env}) for env in SIZES)
    start_note = "Processes from their start to their exit; ours from an environment that holds this project alone."
    size_note = "site-packages as `du` counts it, in 10**6 bytes, without pip and setuptools; core is `pip install .`."
    return [
        Group("cold start", 0, dict, starts, IMPORT, note=start_note),
        Group("size", 0, dict, sizes, "core", note=size_note, rounds=1),
    ]


WORK = Work(
    "W6",
    "Cold starts and installed size",
    _groups,
    (
        Target("`import dawnwatch`, cold", lambda f: f.value("cold start", IMPORT), 0.3, "at most", "s", DESIGN),
        Target("`dawnwatch --help`, cold", lambda f: f.value("cold start", HELP), 0.4, "at most", "s", DESIGN),
        Target(
            "core environment",
            lambda f: f.series("size", "core").last.get("answer", {}).get("MB"),
            550,
            "at most",
            "MB",
            DESIGN,
        ),
    ),
    (
        "Peak memory of a cold process is ru_maxrss, which on Linux is never below that of the process that started it "
        "(a bare Python).",
    ),
)
