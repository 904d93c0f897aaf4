"""`dawnwatch event`: add and list."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Called


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_added_is_listed(here: Path, call: Callable[..., Called]) -> None:
    done = call("event", "add", "app release 5.1", "--at", "2026-11-24T06:00", "--kind", "deploy")
    assert done.code == 0
    assert done.err.strip().endswith("monitoring_results/events.jsonl: 2026-11-24 06:00 UTC app release 5.1")
    call("event", "add", "campaign", "--at", "2026-11-20")
    listed = call("event", "list")
    assert listed.out.splitlines() == [
        "2026-11-20 00:00 UTC  -           campaign",
        "2026-11-24 06:00 UTC  deploy      app release 5.1",
    ]
    assert [found["text"] for found in json.loads(call("event", "list", "--json").out)] == [
        "campaign",
        "app release 5.1",
    ]


def test_the_configured_folder_is_used(here: Path, call: Callable[..., Called]) -> None:
    (here / "dawnwatch.toml").write_text('[data]\nresults = "kept"\n')
    call("event", "add", "release", "--at", "2026-11-24")
    assert (here / "kept/events.jsonl").exists()
    assert "release" in call("event", "list", "--results", "kept").out


def test_no_events_are_said(here: Path, call: Callable[..., Called]) -> None:
    done = call("event", "list")
    assert (done.code, done.out) == (0, "")
    assert "no events in monitoring_results/events.jsonl" in done.err
    assert json.loads(call("event", "list", "--json").out) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "x", "--at", "noon"), "a time must be written as 2026-11-24T06:00"),
        (("add", " "), "an event's text must be one line"),
        (("add", "x", "--kind", "Big Deploy"), "an event's kind must be a word"),
    ],
)
def test_errors_are_one_line(here: Path, call: Callable[..., Called], arguments: tuple[str, ...], said: str) -> None:
    done = call("event", *arguments)
    assert done.code == 2
    assert len(done.errors) == 1
    assert said in done.err
    assert not list(here.iterdir())


def test_a_missing_text_points_to_help_that_is_there() -> None:
    code = "import sys; sys.argv = ['dawnwatch', 'event', 'add']; from dawnwatch.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.endswith("see `dawnwatch event add --help`\n")
