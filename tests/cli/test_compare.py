"""`dawnwatch compare`: what is printed and written, and one clear line for whatever a user does wrong."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dawnwatch.model.comparison import Comparison
from dawnwatch.model.packet import SCHEMA_VERSION
from tests.cli.conftest import Called, table

Call = Callable[..., Called]
RUN = ("run", "--reference", "reference.parquet", "--current", "current.parquet", "--no-plot", "--quiet")


@pytest.fixture
def runs(folder: Path, call: Call) -> Path:
    """Three runs of one window: "usual", "tight" and "loose"."""
    pq.write_table(table(4000, mobile=0.7, noise=3, seed=2), "current.parquet")
    for label, options in (
        ("usual", ()),
        ("tight", ("--psi-threshold", "0.1")),
        ("loose", ("--auc-threshold", "0.5")),
    ):
        assert call(*RUN, "--label", label, *options).code == 0
    return folder


def file_of(folder: Path, label: str) -> Path:
    (path,) = (folder / "monitoring_results").glob(f"*-{label}-*.json")
    return path


def test_labels_side_by_side(runs: Path, call: Call) -> None:
    done = call("compare", "usual", "tight", "loose")
    assert (done.code, done.err) == (0, "")
    assert re.search(r"severity +■ CRITICAL +■ CRITICAL +▲ HIGH", done.out)
    assert re.search(r"limit: auc_drop +0\.05 +0\.05 +0\.5", done.out)
    assert "usual → tight: stays critical: no fact flipped" in done.out
    assert "tight → loose: critical → high: thresholds alone (auc_drop 0.05 → 0.5)" in done.out


def test_files_labels_and_latest_are_the_same_packets(runs: Path, call: Call) -> None:
    by_label = call("compare", "usual", "loose", "--json").out
    by_file = call("compare", str(file_of(runs, "usual")), "latest", "--json").out
    first, second = (json.loads(text) for text in (by_label, by_file))
    assert [run["id"] for run in first["runs"]] == [run["id"] for run in second["runs"]]
    assert first["steps"] == second["steps"]


def test_json_is_all_of_standard_output_and_reads_back(runs: Path, call: Call) -> None:
    done = call("compare", "usual", "loose", "--json")
    found = Comparison.model_validate_json(done.out)
    assert found.steps[0].causes == ["thresholds"]
    assert [run.severity for run in found.runs] == ["critical", "high"]


def test_markdown_to_a_file_and_to_the_screen(runs: Path, call: Call) -> None:
    shown = call("compare", "usual", "loose", "--markdown", "-")
    written = call("compare", "usual", "loose", "--markdown", "out.md")
    assert Path("out.md").read_text("utf-8") == shown.out
    assert shown.out.startswith("# usual → loose\n")
    assert "out.md" in written.out
    assert "CRITICAL" in written.out


def test_a_page_replaces_an_earlier_one(runs: Path, call: Call) -> None:
    Path("out.html").write_text("earlier")
    assert call("compare", "usual", "loose", "--html", "out.html", "--quiet").out == ""
    assert Path("out.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert not [path for path in Path().iterdir() if path.name.endswith(".tmp")]


def test_a_label_twice_takes_the_newest_and_says_so(runs: Path, call: Call) -> None:
    call(*RUN, "--label", "usual", "--psi-threshold", "9")
    done = call("compare", "usual", "loose")
    assert done.code == 0
    assert re.fullmatch(r"dawnwatch: 2 packets are labelled 'usual': taking the newest, of .* UTC\n", done.err)


def test_other_projects_are_warned_of(runs: Path, call: Call) -> None:
    path = file_of(runs, "loose")
    path.write_text(path.read_text().replace('"project": "unnamed model"', '"project": "other"'))
    done = call("compare", "usual", "loose")
    assert done.code == 0
    assert done.err == (
        "dawnwatch: warning: the packets are of different projects (unnamed model, other): "
        "their numbers may not be comparable\n"
    )


def test_results_and_the_configurations_folder(runs: Path, call: Call) -> None:
    Path("monitoring_results").rename("elsewhere")
    assert call("compare", "usual", "loose", "--results", "elsewhere", "--quiet").code == 0
    config = Path("dawnwatch.toml").read_text()
    Path("dawnwatch.toml").write_text(f'{config}\n[data]\nresults = "elsewhere"\n')
    assert call("compare", "usual", "loose", "--quiet").code == 0


def test_files_need_no_configuration(runs: Path, call: Call) -> None:
    Path("dawnwatch.toml").write_text("not toml")
    assert call("compare", str(file_of(runs, "usual")), str(file_of(runs, "loose")), "--quiet").code == 0
    assert call("compare", "usual", "loose", "--quiet").code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("usual",), "compare needs at least two packets and got 'usual' alone"),
        (("usual", "usual"), "the same packet twice; give two that differ"),
        (("loose", "latest"), "latest.json: the same packet twice; give two that differ"),
        (("usual", "losse"), "is labelled 'losse'. Did you mean 'loose'? Labels there: loose, tight, usual"),
        (("usual", "no/such.json"), "no/such.json: no such packet, neither a file nor a label in"),
        (("usual", "reference.parquet"), "reference.parquet: not a triage packet"),
        (("usual", "loose", "--results", "none"), "usual: no such packet file, and no results folder none"),
        (("usual", "loose", "--json", "--quiet"), "--json, --quiet and --markdown - exclude each other"),
        (("usual", "loose", "--json", "--markdown", "-"), "--json, --quiet and --markdown - exclude each other"),
        (("usual", "loose", "--html", "no/where.html"), "no/where.html: cannot be written"),
        (("usual", "loose", "--html", "."), "--html .: is a folder; give a file in it"),
        (("usual", "loose", "--html", "a.md", "--markdown", "./a.md"), "a.md: is asked for as Markdown and as a page"),
    ],
)
def test_faults_are_one_clear_line(runs: Path, call: Call, arguments: tuple[str, ...], said: str) -> None:
    done = call("compare", *arguments)
    assert (done.code, done.out) == (2, "")
    (line,) = done.errors
    assert line.startswith("dawnwatch: ")
    assert said in line


def test_a_later_schema_and_a_packet_in_the_way(runs: Path, call: Call) -> None:
    path = file_of(runs, "loose")
    kept = path.read_text()
    done = call("compare", "usual", "loose", "--html", str(path))
    assert (done.code, path.read_text()) == (2, kept)
    assert done.err == f"dawnwatch: --html {path}: is one of the packets to compare; give another file\n"
    path.write_text(kept.replace(f'"schema_version": "{SCHEMA_VERSION}"', '"schema_version": "2.0"'))
    done = call("compare", "usual", str(path))
    assert done.code == 2
    assert f"has schema 2.0 and this dawnwatch reads {SCHEMA_VERSION}; install the dawnwatch that wrote it" in done.err


def test_the_reader_may_go_away_and_ascii_will_do(runs: Path) -> None:
    command = [sys.executable, "-c", "from dawnwatch.cli import main; main()", "compare", "usual", "loose"]
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "COLUMNS": "80"}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"# CRITICAL" in done.stdout
    assert b"critical -> high: thresholds alone" in done.stdout
    reader, writer = os.pipe()
    os.close(reader)
    gone = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (gone.returncode, gone.stderr) == (0, b"")
