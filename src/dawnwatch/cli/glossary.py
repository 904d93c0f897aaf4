"""`dawnwatch glossary`: what the field's terms mean."""

from __future__ import annotations

from typing import Annotated

import typer

from dawnwatch.cli.exits import guarded

__all__ = ["glossary"]


@guarded
def glossary(
    term: Annotated[list[str] | None, typer.Argument(help="One term, such as PSI; all of them by default.")] = None,
) -> None:
    """Say what a term means, or all of them."""
    from textwrap import fill

    from rich.console import Console

    from dawnwatch.explain.glossary import TERMS, define

    # Several words are one term, so that nobody needs quotes.
    wanted = dict([define(" ".join(term))]) if term else TERMS
    console = Console(highlight=False, markup=False)
    # Longer lines than these are hard to read, however wide the screen.
    width = min(console.width, 80)
    for number, (name, meaning) in enumerate(wanted.items()):
        if number:
            console.print()
        console.print(name, style="bold")
        console.print(fill(meaning, width, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False))
