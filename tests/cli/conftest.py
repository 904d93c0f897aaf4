"""Small tables on disk, and the command line as a person calls it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

CONFIG = """
[project]
owner = "on-call"

[roles]
label = "label"
score = "score"
score_kind = "probability"
keys = ["id"]
slices = ["device"]

[thresholds.psi]
red = 0.2
because = "tested"

[columns.device]
monitor = true

[columns.x]
monitor = true
range = { min = -8, max = 8 }
"""


@dataclass(frozen=True)
class Called:
    """What a call of the command line came to."""

    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        return self.err.strip().splitlines()


def table(rows: int, *, mobile: float = 1 / 3, noise: float = 1.0, seed: int = 0) -> pa.Table:
    """A prediction log: the score ranks the label the worse the larger `noise` is."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=rows)
    label = (rng.random(rows) < 1 / (1 + np.exp(-2 * x))).astype(np.int64)
    score = 1 / (1 + np.exp(-x - noise * rng.normal(size=rows)))
    rest = (1 - mobile) / 2
    device = rng.choice(["mobile", "desktop", "tablet"], rows, p=[mobile, rest, rest])
    return pa.table({"id": np.arange(rows), "device": device, "x": x, "label": label, "score": score})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a configuration, a reference, and a healthy current window."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dawnwatch.toml").write_text(CONFIG)
    pq.write_table(table(6000), "reference.parquet")
    pq.write_table(table(4000, seed=1), "current.parquet")
    return tmp_path


@pytest.fixture
def call() -> Callable[..., Called]:
    """Call the command line in this process."""

    def run(*arguments: str) -> Called:
        from dawnwatch.cli.app import app

        result = CliRunner().invoke(app, list(arguments))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Called(result.exit_code, result.stdout, result.stderr)

    return run
