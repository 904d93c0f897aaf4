"""The steered run in a real pseudo-terminal: every key, and every way to leave."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import table

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals", allow_module_level=True)
from tests.cli.terminal import Terminal

RUN = ("run", "--reference", "reference.parquet", "--current", "current.parquet", "--no-plot")
MENU = "[q]uit > "


@pytest.fixture
def drifted(folder: Path) -> Path:
    """A window whose device mix moved, whose AUC fell, and which is otherwise sound."""
    pq.write_table(table(4000, mobile=0.55, noise=2.5, seed=2), folder / "current.parquet")
    return folder


def latest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "monitoring_results/latest.json").read_text())
    return found


def packets(folder: Path) -> int:
    return len([p for p in (folder / "monitoring_results").glob("*.json") if p.name != "latest.json"])


def test_enter_alone_goes_through_all_sections_to_the_saved_packet(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted) as terminal:
        for at, section in enumerate(("quality", "drift", "performance"), start=3):
            terminal.expect(f"{at}/7 {section}")
            terminal.expect(MENU)
            terminal.send("\r")
        terminal.expect("6/7 triage")
        terminal.expect("What do you decide?")
        terminal.expect("> ")
        terminal.send("\r")
        terminal.expect("7/7 save")
        assert terminal.ended() == 0
        assert "1/7 load" in terminal.shown
        assert "2/7 split and inject" in terminal.shown
    assert latest(drifted)["severity"] == "critical"
    assert latest(drifted)["human_decision"]["decision"] is None
    assert packets(drifted) == 1


def test_a_threshold_moves_without_the_data_and_its_reason_is_kept(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted) as terminal:
        terminal.expect(MENU)
        for name in ("reference.parquet", "current.parquet"):
            (drifted / name).unlink()  # what is gone cannot be read again
        terminal.send("c")
        terminal.expect("4/7 drift")
        assert "RED" in terminal.expect(MENU)
        terminal.send("r")
        terminal.expect("new threshold of PSI (now 0.2; Enter leaves it): ")
        terminal.send("nonsense\r")
        terminal.expect("psi must be a number above 0, such as 0.2; got 'nonsense'")
        terminal.expect("Enter leaves it): ")
        terminal.send("5\r")
        shown = terminal.expect(MENU)
        assert "PSI threshold 0.2 -> 5: severity critical -> high (performance_degraded)" in " ".join(shown.split())
        assert "device: RED -> YELLOW" in shown
        assert "no row read" in " ".join(shown.split())
        for _ in range(2):
            terminal.send("\r")
            terminal.expect("> " if _ == 0 else "why PSI 5? (kept in the packet): ")
        terminal.send("only a catastrophe matters here\r")
        terminal.expect("What do you decide?")
        terminal.expect("> ")
        terminal.send("\r")
        assert terminal.ended() == 0
    packet = latest(drifted)
    (psi,) = [t for t in packet["thresholds"] if t["name"] == "psi"]
    assert packet["severity"] == "high"
    assert (psi["value"]["red"], psi["because"], psi["source"]) == (5, "only a catastrophe matters here", "override")


def test_explain_what_if_back_and_a_key_that_means_nothing(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted) as terminal:
        terminal.expect(MENU)
        terminal.send("x")
        terminal.expect("one of the keys in brackets")
        terminal.expect(MENU)
        terminal.send("\x1b[A")  # an arrow key sends three bytes, and is one key
        terminal.expect("one of the keys in brackets")
        terminal.expect(MENU)
        terminal.send("e")
        assert "of its rows are missing" in " ".join(terminal.expect(MENU).split())
        terminal.send("c")
        terminal.expect("4/7 drift")
        terminal.expect(MENU)
        terminal.send("e")
        shown = " ".join(terminal.expect(MENU).split())
        assert "PSI adds" in shown
        assert "device" in shown
        assert "unsaved-drift-explainer.html" in shown.replace(" ", "")
        terminal.send("w")
        shown = terminal.expect(MENU)
        assert "nearly everything flags" in shown
        assert "now" in shown
        terminal.send("b")
        terminal.expect("3/7 quality")
        terminal.expect(MENU)
        terminal.send("q")
        assert terminal.ended() == 0
    # The newest run's pages are never mixed with one of a run that is not saved yet.
    written = {path.name for path in (drifted / "monitoring_results").glob("*.html")}
    assert written == {"unsaved-pipeline-map.html", "unsaved-drift-explainer.html"}
    assert packets(drifted) == 1


def test_a_decision_is_recorded_with_note_and_name(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted) as terminal:
        for _ in range(3):
            terminal.expect(MENU)
            terminal.send("c")
        terminal.expect("What do you decide?")
        terminal.expect("> ")
        terminal.send("2")
        terminal.expect("note (Enter for none): ")
        terminal.send("back to v7 until Monday\r")
        terminal.expect("your name")
        terminal.expect(": ")
        terminal.send("Ada\r")
        assert terminal.ended() == 0
    decided = latest(drifted)["human_decision"]
    assert (decided["decision"], decided["note"], decided["by"]) == ("rollback", "back to v7 until Monday", "Ada")
    assert decided["at"] is not None


def test_a_decision_is_kept_whatever_becomes_of_its_note(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted) as terminal:
        for _ in range(3):
            terminal.expect(MENU)
            terminal.send("c")
        terminal.expect("What do you decide?")
        terminal.expect("> ")
        terminal.send("3")
        terminal.expect("note (Enter for none): ")
        terminal.interrupt()
        assert terminal.ended() == 130
    assert latest(drifted)["human_decision"]["decision"] == "retrain"


def test_ctrl_d_leaves_a_line_empty_and_quits_at_a_key(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted) as terminal:
        terminal.expect(MENU)
        terminal.send("r")
        terminal.expect("Enter leaves it): ")
        terminal.send("\x04")
        terminal.expect(MENU)
        terminal.send("\x04")
        terminal.expect("7/7 save")
        assert terminal.ended() == 0
    assert packets(drifted) == 1


@pytest.mark.parametrize("when", ["a key", "a line"])
def test_ctrl_c_saves_what_was_judged(drifted: Path, when: str) -> None:
    with Terminal(*RUN, folder=drifted) as terminal:
        terminal.expect(MENU)
        terminal.send("r")
        terminal.expect("Enter leaves it): ")
        if when == "a key":
            terminal.send("0.01\r")
            terminal.expect(MENU)
        terminal.interrupt()
        terminal.expect("stopped; everything so far is saved as")
        assert terminal.ended() == 130
    packet = latest(drifted)
    (missing,) = [t for t in packet["thresholds"] if t["name"] == "missing"]
    assert missing["value"]["max"] == (0.01 if when == "a key" else 0.05)
    assert packet["severity"] == "critical"


@pytest.mark.parametrize("when", ["a key", "a line"])
def test_a_closed_terminal_loses_nothing(drifted: Path, when: str) -> None:
    with Terminal(*RUN, folder=drifted) as terminal:
        terminal.expect(MENU)
        if when == "a line":
            terminal.send("r")
            terminal.expect("Enter leaves it): ")
        terminal.close()
        assert terminal.process.wait(timeout=60) == 130
    assert latest(drifted)["severity"] == "critical"
    assert (drifted / "monitoring_results" / latest(drifted)["profile"]).is_file()


def test_keys_typed_ahead_are_not_lost(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted) as terminal:
        terminal.expect(MENU)
        terminal.send("r0.02\rcq")
        terminal.expect("Missing values threshold 0.05 -> 0.02")
        terminal.expect("4/7 drift")
        assert terminal.ended() == 0


@pytest.mark.parametrize(
    "variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}]
)
def test_without_colour_or_unicode_everything_fits_in_80_columns(drifted: Path, variables: dict[str, str]) -> None:
    with Terminal(*RUN, folder=drifted, **variables) as terminal:
        for key in "ewcewcewc":
            terminal.expect(MENU)
            terminal.send(key)
        terminal.expect("What do you decide?")
        terminal.expect("> ")
        terminal.send("\r")
        assert terminal.ended() == 0
        # A warning is one line however long, which the terminal wraps; so is the path that a person may copy.
        lines = [x for x in terminal.shown.splitlines() if not x.startswith(("dawnwatch: ", "/"))]
        lines = [line.rpartition("\r")[2] for line in lines]
        assert max(map(len, lines)) <= 80
        if "NO_COLOR" in variables:
            assert "\x1b[3" not in terminal.seen
        if "LC_ALL" in variables:
            assert terminal.shown.isascii()
            assert "\\u" not in terminal.shown


@pytest.mark.parametrize("flag", ["--no-interactive", "--quiet", "--json"])
def test_flags_run_straight_through(drifted: Path, flag: str) -> None:
    with Terminal(*RUN, flag, folder=drifted) as terminal:
        assert terminal.ended() == 0
        assert MENU not in terminal.shown
    assert packets(drifted) == 1


def test_ci_runs_straight_through(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted, CI="1") as terminal:
        assert terminal.ended() == 0
        assert MENU not in terminal.shown


def test_an_answer_to_a_moved_threshold_comes_at_once(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted) as terminal:
        terminal.expect(MENU)
        terminal.send("r")
        terminal.expect("Enter leaves it): ")
        started = time.monotonic()
        terminal.send("0.01\r")
        terminal.expect(MENU)
        # Not a benchmark: reading the data and judging anew takes many times as long.
        assert time.monotonic() - started < 2
        terminal.send("q")
        assert terminal.ended() == 0
