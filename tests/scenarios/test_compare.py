"""Three runs of the worked example compared: the severity goes critical, critical, high, and the docs show it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dawnwatch.cli.app import app

PAGE = Path(__file__).parents[2] / "docs/compare.md"
BEGIN, END = "<!-- example: kept true by tests/scenarios/test_compare.py -->\n\n", "\n<!-- end of the example -->"
WHEN = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")
NUMBER = re.compile(r"\b0\.\d{3}\b")
"""What is measured; other versions of scikit-learn may give other last digits."""
RUNS = {"baseline": (), "tight": ("--psi-threshold", "0.1"), "loose": ("--auc-threshold", "0.10")}


@pytest.fixture(scope="module")
def results(u_data_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results folder of the three runs."""
    folder = tmp_path_factory.mktemp("runs") / "results"
    for label, options in RUNS.items():
        arguments = ["demo", "--data", str(u_data_file), "--results", str(folder), "--no-plot", "--quiet"]
        done = CliRunner().invoke(app, [*arguments, "--label", label, *options])
        assert (done.exit_code, done.stdout) == (0, "")
    return folder


def compared(results: Path, *options: str) -> str:
    done = CliRunner().invoke(app, ["compare", *RUNS, "--results", str(results), *options])
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def test_the_severity_goes_critical_critical_high_and_it_says_why(results: Path) -> None:
    found = json.loads(compared(results, "--json"))
    assert [run["severity"] for run in found["runs"]] == ["critical", "critical", "high"]
    tight, loose = found["steps"]
    assert (tight["attribution"], tight["flips"]) == (None, [])
    assert [(c["cause"], c["what"], c["before"], c["after"]) for c in tight["changes"]] == [
        ("thresholds", "psi", "yellow 0.1, red 0.2", "yellow 0.05, red 0.1")
    ]
    assert (loose["attribution"], loose["causes"]) == ("alone", ["thresholds"])
    assert loose["text"] == "critical → high: thresholds alone (auc_drop 0.05 → 0.1)"
    assert [(flip["fact"], flip["holds"], flip["causes"]) for flip in loose["flips"]] == [
        ("performance_degraded", False, ["thresholds"])
    ]
    for step in found["steps"]:
        # Each run trained its model anew: that it ranks the holdout alike shows that it is the same.
        assert {"data", "baseline", "model", "policy"} <= set(step["same"])


def test_the_example_of_the_docs_is_what_is_printed(results: Path) -> None:
    printed = compared(results, "--markdown", "-").split("\n## The packets")[0]
    # In the page it stands two levels lower.
    printed = WHEN.sub("2026-11-25 06:00 UTC", re.sub(r"^#", "###", printed, flags=re.MULTILINE))
    page = PAGE.read_text("utf-8")
    assert BEGIN in page
    kept = page.split(BEGIN)[1].split(END)[0]
    assert NUMBER.split(kept) == NUMBER.split(printed), f"stale; put this into {PAGE}:\n{printed}"
    pairs = zip(NUMBER.findall(kept), NUMBER.findall(printed), strict=True)
    assert not [pair for pair in pairs if abs(float(pair[0]) - float(pair[1])) > 0.005]


def test_without_drift_the_data_is_what_moved(results: Path, u_data_file: Path) -> None:
    arguments = ["demo", "--data", str(u_data_file), "--results", str(results), "--no-plot", "--quiet"]
    assert CliRunner().invoke(app, [*arguments, "--label", "natural", "--no-inject"]).exit_code == 0
    done = CliRunner().invoke(app, ["compare", "natural", "baseline", "--results", str(results), "--json"])
    (step,) = json.loads(done.stdout)["steps"]
    assert (step["attribution"], step["causes"]) == ("alone", ["data"])
    assert step["text"] == "high → critical: data (the current window) alone"
    assert [(flip["fact"], flip["holds"]) for flip in step["flips"]] == [
        ("red_drift", True),
        ("windows_told_apart", True),
    ]
