"""`dawnwatch explain`: a page that explains a run, to be opened and touched."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dawnwatch.cli import options
from dawnwatch.cli.exits import guarded, say
from dawnwatch.cli.letters import write_utf8
from dawnwatch.cli.packets import TARGETS, as_it_stands, named_packet
from dawnwatch.cli.typed import one_of

__all__ = ["explain"]


class Page(StrEnum):
    """What can be explained."""

    DRIFT = "drift"
    PIPELINE = "pipeline"
    PLAYBOOK = "playbook"


@guarded
def explain(
    page: Annotated[
        Page,
        typer.Argument(
            help="Which page.",
            show_default=False,
            parser=one_of("the page to explain", Page, Page),
        ),
    ],
    packet: Annotated[
        str | None,
        typer.Option(
            help=f"The run to explain: {TARGETS}.  \\[default: the worked example's]",
            show_default=False,
        ),
    ] = None,
    results: options.Results = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write.  \\[default: the page's own name, here]", show_default=False)
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open it in a browser.")] = False,
) -> None:
    """Write a page that explains a run: its drift, the pipeline's checks, or what to do now."""
    from dawnwatch.atomic import write_atomically
    from dawnwatch.errors import UsageError
    from dawnwatch.explain.example import example
    from dawnwatch.explain.pages import PAGES
    from dawnwatch.explain.pages import page as document
    from dawnwatch.explain.shell import Shell

    if out is not None and out.suffix not in {".html", ".htm"}:
        raise UsageError(f"--out must end in .html, so that no packet is written over; got {out}")
    shipped = packet is None and results is None
    # A folder without a packet's name means the newest in it.
    named = None if shipped else named_packet(packet or "latest", results)
    run, file = (example(), None) if named is None else (as_it_stands(named), named.path)
    path = Path(out or PAGES[page]).expanduser()
    write_atomically(path, document(page, run, shell=Shell(file), example=shipped).encode("utf-8", "backslashreplace"))
    write_utf8(f"{path}\n")
    if show and not _opened(path):
        say(f"dawnwatch: warning: no browser could be started; open {path.resolve()} yourself")


def _opened(path: Path) -> bool:
    import webbrowser

    return webbrowser.open(path.resolve().as_uri())
