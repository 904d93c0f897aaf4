"""The steered run in a real pseudo-terminal: every key, and every way to leave."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
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
        terminal.expect("new threshold of PSI (now 0.2; or a name; Enter leaves it): ")
        terminal.send("nonsense\r")
        terminal.expect("PSI must be a number above 0, such as 0.2; got 'nonsense'")
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
        page = drifted / "monitoring_results/unsaved-drift-explainer.html"
        assert page.resolve().as_uri() in shown.split()  # whole, so that it can be clicked and copied
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


@pytest.mark.parametrize(("typed", "by"), [("Ada", "Ada"), ("", "Grace Hopper"), ("-", None)])
def test_a_decision_is_recorded_with_note_and_name(drifted: Path, typed: str, by: str | None) -> None:
    (drifted / "gitconfig").write_text("[user]\n\tname = Grace Hopper\n")
    with Terminal(*RUN, folder=drifted, GIT_CONFIG_GLOBAL=str(drifted / "gitconfig")) as terminal:
        for _ in range(3):
            terminal.expect(MENU)
            terminal.send("c")
        terminal.expect("What do you decide?")
        terminal.expect("> ")
        terminal.send("2")
        terminal.expect("note (Enter for none): ")
        terminal.send("back to v7 until Monday\r")
        terminal.expect("your name [Grace Hopper] (Enter takes it, - leaves it out): ")
        terminal.send(f"{typed}\r")
        terminal.expect(f"recorded: Roll back, by {by or 'nobody named'}")
        assert terminal.ended() == 0
    decided = latest(drifted)["human_decision"]
    assert (decided["decision"], decided["note"], decided["by"]) == ("rollback", "back to v7 until Monday", by)
    assert decided["at"] is not None


def test_keys_that_edit_leave_no_trace_in_what_is_kept(drifted: Path) -> None:
    arrows, paste = "\x1b[D\x1b[A\x1bOC\x1b[1;5D", "\x1b[200~pasted\nlines\x1b[201~"
    with Terminal(*RUN, folder=drifted) as terminal:
        for _ in range(3):
            terminal.expect(MENU)
            terminal.send("c")
        terminal.expect("What do you decide?")
        terminal.expect("> ")
        terminal.send("5")
        terminal.expect("note (Enter for none): ")
        terminal.send(f"wrong\x15Zo\u00eb{arrows} \u6771\u4eac\x7f{paste} gone\x17\x1b[3~\x1b[H\x1b[F\r")
        terminal.expect("your name")
        terminal.expect(": ")
        terminal.send("Ada Lovel\u00e1\x7face\r")
        terminal.expect("recorded: Wait, by Ada Lovelace")
        assert terminal.ended() == 0
    decided = latest(drifted)["human_decision"]
    assert (decided["note"], decided["by"]) == ("Zo\u00eb \u6771pasted lines", "Ada Lovelace")


def test_what_is_pasted_at_a_menu_steers_nothing(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted) as terminal:
        terminal.expect(MENU)
        assert "\x1b[?2004h" in terminal.seen
        terminal.send("\x1b[200~ccq\x1b[201~")
        terminal.expect("one of the keys in brackets")
        terminal.expect(MENU)
        terminal.send("q")
        assert terminal.ended() == 0
        assert "4/7 drift" not in terminal.shown
        assert terminal.seen.count("\x1b[?2004l") == 1


def test_a_long_answer_that_is_shortened_is_drawn_anew_where_it_stands(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted) as terminal:
        terminal.expect(MENU)
        terminal.send("r")
        terminal.expect("Enter leaves it): ")
        terminal.send("1" * 40 + "\x17")  # from the row below the question's
        terminal.expect("1" * 40)
        terminal.expect("new threshold of Missing values (now 0.05; or a name; Enter leaves it): ")
        assert "1\x1b[1A\r\x1b[J" in terminal.seen
        terminal.send("\r")
        terminal.expect(MENU)
        terminal.send("q")
        assert terminal.ended() == 0


def test_what_is_being_written_is_named_while_it_is_drawn(drifted: Path) -> None:
    with Terminal(*(a for a in RUN if a != "--no-plot"), folder=drifted) as terminal:
        terminal.expect(MENU)
        terminal.send("q")
        terminal.expect("7/7 save")
        for file in ("-critical.html", "-dashboard.png", "-slices.png"):
            assert "writing" in terminal.expect(file)
        assert terminal.ended() == 0


def test_a_decimal_comma_and_a_psi_of_chance_are_refused_in_the_words_of_the_question(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted) as terminal:
        terminal.expect(MENU)
        terminal.send("r0,05\r")
        said = terminal.expect("point: 0.05")
        assert "Missing values must be between 0 and 1" in said
        terminal.send("\rcr1e-320\r")
        terminal.expect("PSI must be at least 0.000001, for less is chance in any window; got")
        terminal.send("\rq")
        assert terminal.ended() == 0


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
    decided = latest(drifted)["human_decision"]
    assert (decided["decision"], decided["by"]) == ("retrain", None)


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
        terminal.expect("\ndawnwatch: stopped; everything so far is saved as")
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
        # A path that a person may copy stays whole, however long.
        lines = [x for x in terminal.shown.splitlines() if not x.startswith(("/", "file:", "monitoring_"))]
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


def test_back_at_the_decision_returns_to_performance(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted) as terminal:
        for _ in range(3):
            terminal.expect(MENU)
            terminal.send("c")
        terminal.expect("6/7 triage")
        terminal.expect("[b]ack  [q]uit > ")
        terminal.send("b")
        terminal.expect("5/7 performance")
        terminal.expect(MENU)
        terminal.send("c")
        terminal.expect("6/7 triage")
        terminal.expect("[q]uit > ")
        terminal.send("5")
        terminal.expect("note (Enter for none): ")
        terminal.send("\r")
        terminal.expect("your name")
        terminal.send("Ada\r")
        assert terminal.ended() == 0
    assert latest(drifted)["human_decision"]["decision"] == "wait"


def wide(folder: Path, features: int) -> None:
    """Give both windows many more features, and watch them."""
    names = [f"feature_{i:03d}" for i in range(features)]
    for name in ("reference", "current"):
        rows = pq.read_table(folder / f"{name}.parquet")
        for at, column in enumerate(names):
            rows = rows.append_column(column, pc.add(rows["x"], at / features if name == "current" else 0.0))
        pq.write_table(rows, folder / f"{name}.parquet")
    with (folder / "dawnwatch.toml").open("a") as toml:
        toml.writelines(f"[columns.{column}]\nmonitor = true\n" for column in names)


def test_a_long_list_of_thresholds_is_a_screenful_and_any_name_may_be_typed(drifted: Path) -> None:
    wide(drifted, 40)
    with Terminal(*RUN, folder=drifted) as terminal:
        terminal.expect(MENU)
        terminal.send("c")
        terminal.expect("4/7 drift")
        terminal.expect(MENU)
        terminal.send("r")
        listed = terminal.expect("Enter leaves it): ")
        assert "  psi  0.2\n" in listed
        assert len(listed.splitlines()) <= 24
        assert re.search(r"and \d+ more, which can be typed as well", listed)
        assert "feature_020" not in listed
        terminal.send("feature_02\r")
        assert "Did you mean 'feature_" in " ".join(terminal.expect("Enter leaves it): ").split())
        terminal.send("feature_020\r")
        terminal.expect("new threshold of PSI of feature_020 (now 0.2;")
        terminal.send("9\r")
        shown = " ".join(terminal.expect(MENU).split())
        assert "PSI of feature_020 threshold 0.2 -> 9: severity stays critical" in shown
        assert "feature_020: RED -> YELLOW" in shown
        terminal.send("q")
        assert terminal.ended() == 0
    (own,) = [t for t in latest(drifted)["thresholds"] if t["column"] == "feature_020"]
    assert (own["name"], own["value"]["red"], own["source"]) == ("psi", 9.0, "override")


def test_nothing_of_a_run_that_cannot_be_saved_remains(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted) as terminal:
        terminal.expect(MENU)
        terminal.send("e")
        terminal.expect(MENU)
        results = drifted / "monitoring_results"
        assert (results / "unsaved-pipeline-map.html").exists()
        (results / "profiles").write_text("in the way")  # where the counts would be kept
        terminal.send("q")
        assert terminal.ended() == 2
        assert "profiles: cannot be made" in " ".join(terminal.shown.split())
    assert [path.name for path in results.iterdir()] == ["profiles"]


def test_without_utf8_every_screen_is_ascii(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted, PYTHONIOENCODING="ascii") as terminal:
        for key in "ewrc":
            terminal.expect(MENU)
            terminal.send(key)
            if key == "r":
                terminal.expect("Enter leaves it): ")
                terminal.send("é\x7f0.01\r")
        terminal.expect("4/7 drift")
        for key in ("e", "w", "c", "w", "c"):
            terminal.expect(MENU)
            terminal.send(key)
        terminal.expect("why Missing values 0.01? (kept in the packet): ")
        terminal.send("\r")
        terminal.expect("[q]uit > ")
        terminal.send("\r")
        assert terminal.ended() == 0
    assert terminal.shown.isascii()
    assert "x Drift" in terminal.shown
    assert "# CRITICAL" in terminal.shown
