"""`dawnwatch plan`: what it writes, what it keeps, and one clear line for whatever a user does wrong."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.cli.conftest import Called

Call = Callable[..., Called]
ROOT = Path(__file__).parents[2]
METROPULSE = str(ROOT / "scenarios/metropulse/dawnwatch.toml")
GOLDEN = str(ROOT / "tests/golden/metropulse")
PLAN = Path("monitoring_plan.md")


@pytest.fixture(autouse=True)
def new_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day on which no review is overdue."""
    monkeypatch.setattr("dawnwatch.cli.plan._today", lambda: date(2027, 1, 1))


def test_it_is_written_from_the_configuration_and_the_latest_run(folder: Path, call: Call) -> None:
    call("run", "--reference", "reference.parquet", "--current", "current.parquet", "--no-plot", "--quiet")
    result = call("plan")
    assert (result.code, result.out) == (0, "")
    assert result.errors[0] == "wrote monitoring_plan.md"
    text = PLAN.read_text("utf-8")
    assert "# Monitoring plan: unnamed model" in text
    assert "| Owner | on-call |" in text
    assert "all_checks_pass" in text


def test_it_quotes_the_run_that_is_named(folder: Path, call: Call) -> None:
    for label, window in (("first", "current"), ("second", "reference")):
        more = ("--no-plot", "--quiet", "--label", label)
        call("run", "--reference", "reference.parquet", "--current", f"{window}.parquet", *more)
    quoted = {}
    for name in ("first", "second", "latest"):
        assert call("plan", "--packet", name, "-o", f"{name}.md").code == 0
        quoted[name] = Path(f"{name}.md").read_text("utf-8")
    assert quoted["second"] == quoted["latest"] != quoted["first"]
    refused = call("plan", "--packet", "third")
    assert (refused.code, len(refused.errors)) == (2, 1)
    assert "no packet in monitoring_results is labelled 'third'. Labels there: second, first" in refused.err
    other = call("plan", "--packet", "first", "--config", METROPULSE, "--results", "monitoring_results")
    assert (other.code, len(other.errors)) == (2, 1)
    assert "first: is a run of 'unnamed model' and not of 'MetroPulse ride recommender'" in other.err


def test_without_a_run_it_says_so(folder: Path, call: Call) -> None:
    result = call("plan")
    assert (result.code, result.errors[0]) == (
        0,
        "dawnwatch: no run in monitoring_results yet, so this rests on the configuration alone",
    )
    assert "No run has been saved yet" in PLAN.read_text("utf-8")


def test_what_people_wrote_is_kept(folder: Path, call: Call) -> None:
    call("plan")
    nothing = "*Nothing added by hand.*"
    block = f"<!-- keep: escalation -->\n{nothing}\n<!-- /keep -->"
    text = PLAN.read_text("utf-8")
    assert block in text
    own = "<!-- keep: lessons -->\nNever on a Friday | really.\n<!-- /keep -->\n"
    PLAN.write_text(text.replace(block, block.replace(nothing, "Call Ada.\n\nThen Grace.")) + own, "utf-8")
    assert call("plan").code == 0
    again = PLAN.read_text("utf-8")
    assert "<!-- keep: escalation -->\nCall Ada.\n\nThen Grace.\n<!-- /keep -->" in again
    assert "## Kept from earlier plans\n\n<!-- keep: lessons -->\nNever on a Friday | really.\n<!-- /keep -->" in again
    call("plan")
    assert PLAN.read_text("utf-8") == again
    assert [p.name for p in folder.glob("*.md")] == ["monitoring_plan.md"]


def test_a_link_stays_a_link(folder: Path, call: Call) -> None:
    Path("real").mkdir()
    call("plan", "-o", "real/plan.md")
    PLAN.symlink_to("real/plan.md")
    Path("real/plan.md").write_text(Path("real/plan.md").read_text("utf-8") + "P.S.\n", "utf-8")
    assert call("plan").code == 0
    assert PLAN.is_symlink()
    assert not PLAN.read_text("utf-8").endswith("P.S.\n")
    assert Path("monitoring_plan.edited.md").read_text("utf-8").endswith("P.S.\n")


def test_windows_line_ends_are_no_edit(folder: Path, call: Call) -> None:
    call("plan")
    before = PLAN.read_bytes()
    PLAN.write_bytes(b"\xef\xbb\xbf" + before.replace(b"\n", b"\r\n"))
    assert "warning" not in call("plan").err
    assert PLAN.read_bytes() == before


def test_edits_outside_the_marks_are_kept_beside_it(folder: Path, call: Call) -> None:
    call("plan")
    written = PLAN.read_text("utf-8")
    edited = [written.replace("| Owner | on-call |", f"| Owner | {name} |") for name in ("Ada", "Grace")]
    for text, name in zip(edited, ("monitoring_plan.edited.md", "monitoring_plan.edited-2.md"), strict=True):
        PLAN.write_text(text, "utf-8")
        result = call("plan")
        assert result.code == 0
        assert (
            "dawnwatch: warning: monitoring_plan.md was edited outside its `keep` marks; it is kept as it was in "
            f"{name}: move what you want to stay between the marks"
        ) in result.errors
        assert Path(name).read_text("utf-8") == text
        assert PLAN.read_text("utf-8") == written


def test_a_file_that_is_no_plan_is_not_written_over(folder: Path, call: Call) -> None:
    PLAN.write_text("# My own plan\n")
    result = call("plan")
    assert (result.code, result.errors[-1]) == (
        2,
        "dawnwatch: monitoring_plan.md: has no `<!-- keep: -->` marks, so it is no plan of ours; choose another "
        "--output",
    )
    assert PLAN.read_text() == "# My own plan\n"
    PLAN.write_bytes(b"\xff\xfe plan")
    assert call("plan").errors[-1].startswith("dawnwatch: monitoring_plan.md: not UTF-8 text")


def test_an_unclosed_mark_is_one_line_and_nothing_is_lost(folder: Path, call: Call) -> None:
    call("plan")
    broken = PLAN.read_text("utf-8").replace("<!-- /keep -->", "", 1)
    PLAN.write_text(broken, "utf-8")
    result = call("plan")
    assert result.code == 2
    assert "opens inside <!-- keep: system -->" in result.errors[-1]
    assert PLAN.read_text("utf-8") == broken


def test_the_template_needs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    monkeypatch.chdir(tmp_path)
    result = call("plan", "--template")
    assert (result.code, result.errors) == (0, ["wrote monitoring_plan_template.md"])
    template = Path("monitoring_plan_template.md")
    filled = template.read_text("utf-8").replace("| critical |", "| critical | RED and degraded |")
    assert filled != template.read_text("utf-8")
    template.write_text(filled, "utf-8")
    call("plan", "--template")
    assert template.read_text("utf-8") == filled


def test_a_filled_template_is_kept_by_the_plan(folder: Path, call: Call) -> None:
    call("plan", "--template", "-o", str(PLAN))
    PLAN.write_text(PLAN.read_text("utf-8").replace("| Told |  |", "| Told | the night shift |"), "utf-8")
    assert call("plan").code == 0
    text = PLAN.read_text("utf-8")
    assert "| Told | the night shift |" in text
    assert "# Monitoring plan: unnamed model" in text
    assert "| Severity | Holds when | Due | Paged | Next |" not in text


def test_check_lists_what_is_missing_and_writes_nothing(folder: Path, call: Call) -> None:
    before = sorted(folder.rglob("*"))
    result = call("plan", "--check")
    assert result.code == 1
    lines = result.out.splitlines()
    assert "project.notify: no one is notified; name people there, or destinations in [alerts] to" in lines
    assert "columns.device.because: watched for drift, and nothing says why" in lines
    assert result.errors[-1] == f"dawnwatch: {len(lines)} things are missing"
    assert sorted(folder.rglob("*")) == before


def test_a_bare_configuration_is_checked_too(folder: Path, call: Call) -> None:
    Path("dawnwatch.toml").write_text("")
    result = call("plan", "--check")
    assert result.code == 1
    assert {"project.name", "project.owner", "roles.slices", "plan.sources"} <= {
        line.partition(":")[0] for line in result.out.splitlines()
    }


@pytest.mark.parametrize("results", [(), ("--results", GOLDEN)])
def test_the_plan_of_metropulse_is_complete(tmp_path: Path, call: Call, results: tuple[str, ...]) -> None:
    result = call("plan", "--check", "--config", METROPULSE, *results)
    assert (result.code, result.out, result.errors[-1]) == (0, "", "dawnwatch: nothing is missing")


def test_the_findings_of_the_latest_run_count(tmp_path: Path, call: Call) -> None:
    text = Path(GOLDEN, "latest.json").read_text("utf-8")
    blind = text.replace('"could_not_judge": []', '"could_not_judge": ["quality.range of rating could not be judged"]')
    assert blind != text
    (tmp_path / "latest.json").write_text(blind, "utf-8")
    result = call("plan", "--check", "--config", METROPULSE, "--results", str(tmp_path))
    assert (result.code, result.out) == (1, "latest run: quality.range of rating could not be judged\n")


def test_a_run_of_another_project_is_left_out(tmp_path: Path, call: Call) -> None:
    path = tmp_path / "dawnwatch.toml"
    path.write_text("[project]\nname = 'other'\n")
    output = tmp_path / "plan.md"
    result = call("plan", "--config", str(path), "--results", GOLDEN, "-o", str(output))
    assert result.code == 0
    assert result.errors[0].endswith(
        "is of 'MetroPulse ride recommender' and not of 'other', so it is left out; name another folder with --results"
    )
    assert "No run has been saved yet" in output.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ("--config", "nowhere.toml"),
            "nowhere.toml: no such configuration; write one with `dawnwatch init REFERENCE`",
        ),
        (("--results", "nowhere"), "nowhere: no such folder of results; give that of `dawnwatch run` with --results"),
        (("--check", "-o", "x.md"), "--check writes nothing, so --output does not go with it"),
        (
            ("--check", "--template"),
            "--template asks nothing of a configuration or a run; give it --output alone",
        ),
        (
            ("-o", "missing/plan.md"),
            "missing/plan.md: cannot be written (No such file or directory); choose another place",
        ),
        (("-o", "."), ".: cannot be read (Is a directory); choose another --output"),
    ],
)
def test_wrong_commands_are_one_line_and_exit_2(
    folder: Path, call: Call, arguments: tuple[str, ...], line: str
) -> None:
    result = call("plan", *arguments)
    assert (result.code, result.errors[-1]) == (2, f"dawnwatch: {line}")
    assert not PLAN.exists()


def test_a_damaged_packet_is_one_line(folder: Path, call: Call) -> None:
    Path("monitoring_results").mkdir()
    Path("monitoring_results/latest.json").write_text("{")
    result = call("plan")
    assert result.code == 2
    assert len(result.errors) == 1
    assert "monitoring_results/latest.json: not a triage packet" in result.errors[0]


def test_a_read_only_folder_is_one_line(folder: Path, call: Call) -> None:
    if os.geteuid() == 0:
        # Nothing is read-only to root, but a file in the place of a folder is to everyone.
        Path("locked").write_text("")
    else:
        Path("locked").mkdir(mode=0o500)
    result = call("plan", "-o", "locked/plan.md")
    assert result.code == 2
    assert result.errors[-1].startswith("dawnwatch: locked/plan.md: cannot be ")


def test_the_shown_plan_of_metropulse_is_the_written_one(tmp_path: Path, call: Call) -> None:
    shown = ROOT / "docs/monitoring-plan-metropulse.md"
    output = tmp_path / "plan.md"
    shutil.copy(shown, output)
    assert call("plan", "--config", METROPULSE, "--results", GOLDEN, "-o", str(output)).code == 0
    assert output.read_text("utf-8") == shown.read_text("utf-8"), "stale: `make example` writes it anew"
    assert "What this plan lacks" not in shown.read_text("utf-8")
