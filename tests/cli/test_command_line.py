"""The command as it is named again: what was typed, quoted, and without a secret."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.main import get_command

from dawnwatch.cli.app import app
from dawnwatch.cli.command_line import typed, typed_options


def context(*arguments: str) -> typer.Context:
    verb, *rest = arguments
    made: typer.Context = get_command(app).commands[verb].make_context(verb, rest)  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run",), "dawnwatch run"),
        (("run", "--json", "--label", "x", "--no-plot", "--owner", "Ada", "--fail-on", "high"), "dawnwatch run"),
        (
            ("run", "--current", "my rows.csv", "--engine", "spark"),
            "dawnwatch run --current 'my rows.csv' --engine spark",
        ),
        (
            ("run", "--current", "https://ann:secret@host/log.csv?X-Signature=abc"),
            "dawnwatch run --current 'https://ann:***@host/log.csv?***'",
        ),
        (("demo", "--no-inject", "--night-share", "0.5"), "dawnwatch demo --no-inject --night-share 0.5"),
    ],
)
def test_what_was_typed_is_said_again(arguments: tuple[str, ...], said: str) -> None:
    assert typed(context(*arguments)) == said


def test_an_option_is_put_in_the_place_of_another_or_beside_what_was_typed() -> None:
    good = {"config": Path("last-good.toml")}
    assert typed(context("run", "--config", "a.toml"), instead=good) == "dawnwatch run --config last-good.toml"
    assert typed(context("run", "--results", "r"), instead=good) == "dawnwatch run --config last-good.toml --results r"


def test_some_of_the_options_can_be_said_alone() -> None:
    made = context("run", "--config", "my conf.toml", "--label", "x", "--current", "https://ann:secret@host/log.csv")
    said = typed_options(made, {"config", "current", "reference"})
    assert said == "--config 'my conf.toml' --current 'https://ann:***@host/log.csv'"
    assert typed_options(context("run"), {"config"}) == ""
