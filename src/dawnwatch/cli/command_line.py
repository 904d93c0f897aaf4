"""The command that was typed, to be typed again."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Mapping
from typing import Any

import typer

from dawnwatch.sources.urls import redacted

__all__ = ["typed", "typed_options"]

SHOWING = {"label", "owner", "no_plot", "fail_on", "json", "quiet", "no_interactive"}
"""Options that change nothing of what is judged."""


def typed(context: typer.Context, *, instead: Mapping[str, Any] | None = None) -> str:
    """Return the command with those of its options that decide what is judged; a URL without its secrets.

    Parameters
    ----------
    instead : values by the name of an option, in the place of what was typed or beside it
    """
    parts, put = ["dawnwatch", context.info_name or ""], instead or {}
    for option in context.command.params:
        name = option.name or ""
        given = str(context.get_parameter_source(name)).endswith("COMMANDLINE") and name not in SHOWING
        if not given and name not in put:
            continue
        value = put.get(name, context.params.get(name))
        parts += [option.opts[0]] if isinstance(value, bool) else [option.opts[0], redacted(str(value))]
    return shlex.join(parts)


def typed_options(context: typer.Context, names: Collection[str]) -> str:
    """Return those of these options that were typed, as a shell must have them; a URL without its secrets."""
    parts = []
    for option in context.command.params:
        name = option.name or ""
        if name in names and str(context.get_parameter_source(name)).endswith("COMMANDLINE"):
            parts += [option.opts[0], redacted(str(context.params.get(name)))]
    return shlex.join(parts)
