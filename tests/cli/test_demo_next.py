"""What the demo says of the next step: one line, under a packet that takes the rest of a small screen."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from dawnwatch.cli.demo import _next


def test_the_next_step_is_one_line_of_a_hundred_columns(capsys: pytest.CaptureFixture[str]) -> None:
    _next(None, None)
    said = capsys.readouterr().err
    assert (
        said == "Next: `dawnwatch decide --demo --retrain` replays each action in time order and decides, in seconds\n"
    )
    assert len(said) <= 101


def test_it_reaches_the_run_it_speaks_of(capsys: pytest.CaptureFixture[str]) -> None:
    _next(Path("my own.toml"), Path("kept"))
    command = capsys.readouterr().err.split("`")[1]
    assert shlex.split(command)[-4:] == ["--config", "my own.toml", "--results", "kept"]
