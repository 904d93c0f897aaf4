"""`--help` shows what it was given: rich takes words in brackets for its own markup, and drops them."""

from __future__ import annotations

from rich.text import Text
from typer.main import get_command

from dawnwatch.cli.app import app


def test_no_default_that_is_written_in_words_is_lost() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    helps = [(name, p.name, getattr(p, "help", None) or "") for name, c in commands.items() for p in c.params]
    written = [(verb, option, text) for verb, option, text in helps if "default: " in text]
    assert len(written) > 8
    assert not [(verb, option) for verb, option, text in written if "[default: " not in Text.from_markup(text).plain]
