"""What the figures were measured on. No name and no path of the machine."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.peers.line import versions

__all__ = ["SLOWING", "clean_environment", "commit", "describe", "unplaced"]

SLOWING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""Settings of some machines that make OpenBLAS run another processor's code; unset for what is measured."""


def clean_environment(extra: dict[str, str]) -> dict[str, str]:
    """Return the environment of a measured process."""
    return {**{name: value for name, value in os.environ.items() if name not in SLOWING}, **extra}


def unplaced(text: str) -> str:
    """Return an error message without addresses and without the folders of this machine: it will be published."""
    return re.sub(r"(?<![\w.])/(?:[^\s/'\"]+/)+", "…/", re.sub(r"\w+://[^\s'\"]+", "(address)", text))


def describe() -> dict[str, Any]:
    """Processor, cores, memory, kernel, Python, libraries, and what OpenBLAS takes the processor for."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": _memory(),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "openblas": _openblas(),
        **versions("numpy", "pyarrow", "pandas", "scikit-learn", "scipy"),
    }


@cache
def commit() -> str:
    """Return the last commit of `src`, which is what is measured, with a plus where the files differ from it."""
    try:
        last = _git("log", "-1", "--format=%h", "--", "src")
        return last + ("+" if _git("status", "--porcelain", "--", "src") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*words: str) -> str:
    where = Path(__file__).parent
    return subprocess.run(
        ["git", *words],
        cwd=where.parent,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (ValueError, OSError):
        return None


def _openblas() -> str | None:
    """Ask in a process of its own, without the settings that would change the answer."""
    ask = (
        "import numpy, scipy.linalg, threadpoolctl;"
        "print(', '.join(sorted({f\"{i['version']} {i['architecture']}\" for i in threadpoolctl.threadpool_info()"
        " if i['internal_api'] == 'openblas'})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, env=clean_environment({}), check=False
    )
    return done.stdout.strip() or None
