"""The plan of MetroPulse that the docs show rests on a kept packet; this holds that packet to today's demo."""

from __future__ import annotations

import re
from pathlib import Path

from typer.testing import CliRunner

GOLDEN = Path(__file__).parents[1] / "golden/metropulse"
CONFIG = Path(__file__).parents[2] / "scenarios/metropulse/dawnwatch.toml"


def call(*arguments: str | Path) -> None:
    from dawnwatch.cli.app import app

    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.stderr


def written(results: Path, output: Path) -> str:
    """The plan without the time of its run, and without the seal, which sums that up too."""
    call("plan", "--config", CONFIG, "--results", results, "-o", output)
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC|seal \w+", "", output.read_text("utf-8"))


def test_the_kept_packet_gives_the_plan_of_todays_demo(u_data_file: Path, tmp_path: Path) -> None:
    call("demo", "--data", u_data_file, "--results", tmp_path / "runs", "--no-plot", "--quiet")
    today, kept = (written(folder, tmp_path / f"{folder.name}.md") for folder in (tmp_path / "runs", GOLDEN))
    assert today == kept, "`make example` makes both anew"
    assert len(today) > 5000
