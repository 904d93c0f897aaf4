"""The page on calibrating holds what the command says of the worked example, and what it writes down for it."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dawnwatch import DataError
from dawnwatch.cli.app import app
from metropulse.movielens import find_ratings
from metropulse.scenario import CONFIG

PAGE = (Path(__file__).parents[2] / "docs/calibrate.md").read_text("utf-8")
PART = PAGE.partition("\n## MetroPulse\n")[2].partition("\n## ")[0]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example's configuration, calibrated, and the answer as Markdown."""
    try:
        find_ratings(say=lambda text: None)
    except DataError as error:
        pytest.skip(f"MovieLens 100K is neither cached nor reachable: {error}")
    folder = tmp_path_factory.mktemp("calibrated")
    shutil.copy(CONFIG, folder / "dawnwatch.toml")
    given = ["--demo", "--config", str(folder / "dawnwatch.toml"), "--write", "--markdown", str(folder / "trade.md")]
    result = CliRunner().invoke(app, ["calibrate", *given, "--quiet"])
    assert result.exit_code == 0, result.output
    return folder


@pytest.mark.network
def test_the_table_and_the_pages_a_year_are_the_commands(written: Path) -> None:
    said = (written / "trade.md").read_text("utf-8")
    rows = [line for line in said.splitlines() if line.startswith("|")]
    assert len(rows) > 10
    assert [line for line in PART.splitlines() if line.startswith("|")] == rows, "stale: `dawnwatch calibrate --demo`"
    (pages,) = re.findall(r"^\*\*False pages a year.*$", said, re.MULTILINE)
    assert pages in PART


@pytest.mark.network
def test_what_is_written_into_the_configuration_stands_on_the_page(written: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", PART, re.DOTALL)
    psi = tomllib.loads((written / "dawnwatch.toml").read_text("utf-8"))["thresholds"]["psi"]
    shown = tomllib.loads(block)
    assert set(shown) == {"red", "because"}
    assert {name: psi[name] for name in shown} == shown, "stale: `dawnwatch calibrate --demo --config FILE --write`"
