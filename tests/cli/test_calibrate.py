"""`dawnwatch calibrate`: what it prints and writes, and what a user can do wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from dawnwatch.model.calibration import ThresholdCalibration
from dawnwatch.monitoring.calibration.judged import Judge
from tests.cli.conftest import CONFIG, Called

Call = Callable[..., Called]
FEW = ("--reference", "reference.parquet", "--draws", "50", "--every", "4w", "--budget", "50")


@pytest.fixture
def mine(folder: Path) -> Path:
    """A configuration with a comment beside a threshold."""
    (folder / "dawnwatch.toml").write_text(CONFIG.replace("red = 0.2", "red = 0.2  # for now"))
    return folder


def test_it_says_what_thresholds_cost_and_find(mine: Path, call: Call) -> None:
    result = call("calibrate", *FEW, "--window", "1000")
    assert result.code == 0
    for words in ("false alarms a year", "PSI", "RED now 0.2", "Fall of the AUC", "overall", "False pages a year"):
        assert words in result.out
    assert "50 windows of 1,000 rows, a run every 28 days" in " ".join(result.out.split())
    assert "No [roles] unit is set" in result.out


def test_the_window_is_that_of_the_schedule_else_the_current_one(mine: Path, call: Call) -> None:
    with (mine / "dawnwatch.toml").open("a") as file:
        file.write('\n[data]\ncurrent = "current.parquet"\n')
    found = ThresholdCalibration.model_validate_json(call("calibrate", *FEW, "--json").out)
    assert (found.window_rows, found.runs_a_year) == (4000, pytest.approx(365.25 / 28))
    with (mine / "dawnwatch.toml").open("a") as file:
        file.write('\n[schedule]\nwindow = 500\nevery = "1w"\n')
    asked = ("calibrate", "--reference", "reference.parquet", "--draws", "50", "--json")
    found = ThresholdCalibration.model_validate_json(call(*asked).out)
    assert (found.window_rows, found.runs_a_year) == (500, pytest.approx(365.25 / 7))


def test_what_is_suggested_is_written_and_nothing_else(mine: Path, call: Call) -> None:
    path = mine / "dawnwatch.toml"
    before = path.read_text()
    found = ThresholdCalibration.model_validate_json(
        call("calibrate", *FEW, "--window", "1000", "--json", "--write").out
    )
    values = {(s.threshold, s.column): s for s in found.suggestions if s.value is not None and s.value != s.now}
    tables = tomllib.loads(path.read_text())
    assert values
    for (threshold, _), suggestion in values.items():
        entry = tables["thresholds"][threshold]
        assert entry["red" if threshold == "psi" else "max"] == suggestion.value
        assert "false alarms a year (95 % interval" in entry["because"]
    assert "# for now" in path.read_text()
    assert tables["columns"] == tomllib.loads(before)["columns"]
    again = call("calibrate", *FEW, "--window", "1000", "--write")
    assert "stays as it is: no other threshold is suggested" in again.err


def test_files_are_written_together(mine: Path, call: Call) -> None:
    result = call("calibrate", *FEW, "--window", "1000", "--quiet", "--chart", "a.svg", "--markdown", "a.md")
    assert (result.code, result.out) == (0, "")
    assert (mine / "a.svg").read_text().startswith("<svg")
    assert "| check | threshold | false alarms a year |" in (mine / "a.md").read_text()
    assert result.errors[-2:] == ["wrote a.svg", "wrote a.md"]
    before = (mine / "dawnwatch.toml").read_text()
    result = call("calibrate", *FEW, "--window", "1000", "--write", "--markdown", "nowhere/a.md")
    assert result.code == 2
    assert "nowhere/a.md: cannot be written" in result.err
    assert (mine / "dawnwatch.toml").read_text() == before


def test_a_stop_leaves_nothing_half_written(mine: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = (mine / "dawnwatch.toml").read_text()
    monkeypatch.setattr(Judge, "judged", stop)
    result = call("calibrate", *FEW, "--window", "1000", "--write", "--markdown", "a.md")
    assert (result.code, result.errors) == (130, ["dawnwatch: stopped; nothing was written"])
    assert (mine / "dawnwatch.toml").read_text() == before
    assert not (mine / "a.md").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--json", "--quiet"), "--json, --quiet and --markdown - exclude each other"),
        (("--chart", "a.pdf"), "--chart must end in .png or .svg"),
        (("--demo", "--reference", "x.parquet"), "--demo brings its own windows"),
        (("--demo", "--write"), "the dawnwatch.toml here is not the worked example's"),
        (("--reference", "reference.parquet"), "how large is a window?"),
        (("--reference", "reference.parquet", "--window", "big"), "--window must be rows"),
        (("--reference", "reference.parquet", "--window", "1d"), "needs [roles] timestamp"),
        (("--reference", "reference.parquet", "--window", "999999999"), "rows is over 20 times the"),
        (("--window", "500"), "no reference to draw windows from"),
        ((), "no reference to draw windows from"),
    ],
)
def test_what_a_user_can_do_wrong_is_one_line(mine: Path, call: Call, arguments: tuple[str, ...], said: str) -> None:
    result = call("calibrate", *arguments)
    assert result.code == 2
    assert said in result.err
    assert len(result.errors) == 1


def test_a_configuration_that_may_not_be_changed_is_refused_before_the_work(mine: Path, call: Call) -> None:
    path = mine / "dawnwatch.toml"
    before = path.read_text()
    path.chmod(0o444)
    for given in ((), ("--config", str(path))):
        result = call("calibrate", *FEW, "--window", "1000", "--write", "--markdown", "a.md", *given)
        assert result.code == 2
        assert len(result.errors) == 1
        assert "dawnwatch.toml is read-only: make it writable" in result.err
    assert path.read_text() == before
    assert not (mine / "a.md").exists()


def test_where_there_is_nothing_to_write_into_it_says_how_to_come_by_it(folder: Path, call: Call) -> None:
    (folder / "dawnwatch.toml").unlink()
    result = call("calibrate", "--demo", "--write")
    assert result.code == 2
    assert "`dawnwatch demo --eject .`" in result.err


def test_a_floor_of_the_configuration_holds_and_a_flag_goes_before_it(mine: Path, call: Call) -> None:
    with (mine / "dawnwatch.toml").open("a") as file:
        file.write("\n[calibrate]\npsi_floor = 0.15\n")
    asked = ("calibrate", *FEW, "--window", "1000", "--json")
    for flags, floor in (((), 0.15), (("--psi-floor", "0.05"), 0.05)):
        found = ThresholdCalibration.model_validate_json(call(*asked, *flags).out)
        of_psi = next(one for one in found.suggestions if one.threshold == "psi")
        assert of_psi.floor == floor
        assert of_psi.yellow is not None
        assert of_psi.value is not None
        assert floor <= of_psi.yellow <= of_psi.value
    call(*asked, "--write")
    entry = tomllib.loads((mine / "dawnwatch.toml").read_text())["thresholds"]["psi"]
    assert entry["yellow"] >= 0.15
    assert f"YELLOW at {entry['yellow']:g}: " in entry["because"]
