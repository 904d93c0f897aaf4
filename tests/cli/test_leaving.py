"""Every way a steered run is left early, in a real pseudo-terminal: saved, the terminal as it was, nobody alerted."""

from __future__ import annotations

import json
import os
import signal
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
UNTOLD = "no alert of this critical was sent: the run was left before its end"


@pytest.fixture
def drifted(folder: Path) -> Path:
    """A critical window, and someone to be alerted of it."""
    pq.write_table(table(4000, mobile=0.55, noise=2.5, seed=2), folder / "current.parquet")
    config = folder / "dawnwatch.toml"
    config.write_text(config.read_text() + '[alerts]\nat = "high"\nto = ["alerts.jsonl"]\n')
    return folder


def latest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "monitoring_results/latest.json").read_text())
    return found


def alerts(folder: Path) -> list[str]:
    file = folder / "alerts.jsonl"
    return [json.loads(line)["id"] for line in file.read_text().splitlines()] if file.exists() else []


def moved(terminal: Terminal) -> None:
    """Do something that would be a loss."""
    terminal.expect(MENU)
    terminal.send("r0.01\r")
    terminal.expect("Missing values threshold 0.05 -> 0.01")
    terminal.expect(MENU)


def kept(folder: Path) -> bool:
    (missing,) = [t for t in latest(folder)["thresholds"] if t["name"] == "missing"]
    return (
        bool(missing["value"]["max"] == 0.01) and (folder / "monitoring_results" / latest(folder)["profile"]).is_file()
    )


def job(terminal: Terminal) -> int:
    """Return the process that the shell runs."""
    children = Path(f"/proc/{terminal.process.pid}/task/{terminal.process.pid}/children")
    return int(children.read_text().split()[0])


def test_ctrl_z_gives_the_terminal_back_and_fg_asks_again(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted, shell=True) as terminal:
        terminal.expect(MENU)
        terminal.send("\x1a")
        terminal.expect("stopped with lines True echo True")
        terminal.send("\n")
        terminal.expect(MENU)
        terminal.send("r")  # one key, without Enter
        terminal.expect("Enter leaves it): ")
        terminal.send("0.0")
        terminal.expect("0.0")
        terminal.send("\x1a")
        terminal.expect("stopped with lines True echo True")
        terminal.send("\n")
        terminal.expect("Enter leaves it): 0.0")  # with what was typed
        terminal.send("2\r")
        terminal.expect("Missing values threshold 0.05 -> 0.02")
        terminal.expect(MENU)
        terminal.send("q")
        terminal.expect("left with lines True echo True")
        assert terminal.ended() == 0


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the shell's job in /proc")
def test_a_process_stopped_from_elsewhere_asks_again_when_it_is_continued(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted, shell=True) as terminal:
        terminal.expect(MENU)
        os.kill(job(terminal), signal.SIGSTOP)
        terminal.expect("stopped with")
        terminal.send("\n")
        terminal.expect(MENU)
        terminal.send("q")
        assert terminal.ended() == 0


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the shell's job in /proc")
@pytest.mark.parametrize("when", ["a key", "a line"])
def test_sigterm_saves_what_was_judged_and_restores_the_terminal(drifted: Path, when: str) -> None:
    with Terminal(*RUN, folder=drifted, shell=True) as terminal:
        moved(terminal)
        if when == "a line":
            terminal.send("r0.5")
            terminal.expect("0.5")
        os.kill(job(terminal), signal.SIGTERM)
        terminal.expect("\ndawnwatch: " + UNTOLD)
        terminal.expect("\ndawnwatch: terminated; everything so far is saved as")
        terminal.expect("left with lines True echo True")
        assert terminal.ended() == 143
    assert kept(drifted)
    assert alerts(drifted) == []


def test_ctrl_c_twice_loses_nothing_either(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted) as terminal:
        moved(terminal)
        terminal.interrupt()
        for _ in range(20):
            if terminal.process.poll() is not None:
                break
            terminal.process.send_signal(signal.SIGINT)
            time.sleep(0.001)
        terminal.expect(UNTOLD)
        assert terminal.ended() == 130
    assert kept(drifted)
    assert alerts(drifted) == []


def test_a_closed_terminal_alerts_nobody(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted) as terminal:
        moved(terminal)
        terminal.close()
        assert terminal.process.wait(timeout=60) == 130
    assert kept(drifted)
    assert alerts(drifted) == []


@pytest.mark.parametrize("at", ["a section", "the decision"])
def test_q_alerts_nobody_and_says_so(drifted: Path, at: str) -> None:
    with Terminal(*RUN, folder=drifted) as terminal:
        moved(terminal)
        if at == "the decision":
            terminal.send("ccc")
            terminal.expect("(kept in the packet): ")
            terminal.send("\r")
            terminal.expect("Cannot tell yet  [b]ack  [q]uit > ")
        terminal.send("q")
        terminal.expect(UNTOLD)
        assert terminal.ended() == 0
    assert kept(drifted)
    assert alerts(drifted) == []


def test_the_end_of_the_run_alerts_once(drifted: Path) -> None:
    with Terminal(*RUN, folder=drifted) as terminal:
        terminal.expect(MENU)
        terminal.send("ccc")
        terminal.expect("Cannot tell yet  [b]ack  [q]uit > ")
        assert alerts(drifted) == []
        terminal.send("\r")
        assert terminal.ended() == 0
        assert UNTOLD not in terminal.shown
    assert alerts(drifted) == [latest(drifted)["id"]]


def test_a_run_that_asks_nothing_alerts(drifted: Path) -> None:
    with Terminal(*RUN, "--no-interactive", folder=drifted) as terminal:
        assert terminal.ended() == 0
    assert alerts(drifted) == [latest(drifted)["id"]]
