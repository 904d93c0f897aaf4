"""The core runs, and says what is missing, where neither scikit-learn nor skops is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import CONFIG

ABSENT = """
import sys
for name in {absent!r}:
    sys.modules[name] = None  # importing it raises ModuleNotFoundError
from dawnwatch.cli import main
sys.argv[1:] = {words!r}
main()
"""
ALL = ("sklearn", "skops")


def without(absent: tuple[str, ...], *words: str) -> subprocess.CompletedProcess[str]:
    code = ABSENT.format(absent=absent, words=list(words))
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=False)


def test_a_run_without_a_model_needs_none_of_them(folder: Path) -> None:
    done = without(ALL, "run", "--reference", "reference.parquet", "--current", "current.parquet")
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr
    assert "AUC" in done.stdout


@pytest.mark.parametrize("absent", [ALL, ("skops",), ("sklearn",)])
def test_a_configured_model_names_what_to_install(folder: Path, absent: tuple[str, ...]) -> None:
    (folder / "model.skops").write_bytes(b"a model")
    (folder / "dawnwatch.toml").write_text(CONFIG + "\n[model]\npath = 'model.skops'\nfeatures = ['x']\n")
    done = without(absent, "run", "--reference", "reference.parquet", "--current", "current.parquet", "--quiet")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "dawnwatch: model.skops: loading a model needs scikit-learn and skops: pip install 'dawnwatch[models]'"
    ]


@pytest.mark.parametrize("absent", [ALL, ("skops",), ("sklearn",)])
def test_the_demo_names_what_to_install_before_it_fetches_anything(folder: Path, absent: tuple[str, ...]) -> None:
    done = without(absent, "demo", "--data", "nowhere")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "dawnwatch: MetroPulse trains a model with scikit-learn and skops: pip install 'dawnwatch[models]'"
    ]
