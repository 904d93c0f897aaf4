"""`dawnwatch compare`: runs side by side, and why the severity moved from each to the next."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dawnwatch.cli import options
from dawnwatch.cli.exits import guarded, say
from dawnwatch.cli.letters import write_utf8
from dawnwatch.cli.packets import TARGETS, named_packets
from dawnwatch.errors import StoreError, UsageError

if TYPE_CHECKING:
    from dawnwatch.model.comparison import Comparison
    from dawnwatch.store.find import Named

__all__ = ["compare"]

STANDARD_OUTPUT = "-"
_RESULT = "Results"


@guarded
def compare(
    packets: Annotated[
        list[str],
        typer.Argument(metavar="PACKET", help=f"Two or more, each {TARGETS}."),
    ],
    results: Annotated[
        Path | None,
        typer.Option(
            help="Folder to find labels and `latest` in.  \\[default: monitoring_results]", show_default=False
        ),
    ] = None,
    markdown: Annotated[
        str | None, typer.Option(help="Write it as Markdown; - prints it.", rich_help_panel=_RESULT, metavar="FILE|-")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write it as one self-contained page.", rich_help_panel=_RESULT, metavar="FILE")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print it as JSON, nothing else.", rich_help_panel=_RESULT)
    ] = False,
    quiet: options.Quiet = False,
) -> None:
    """Compare runs: severity, thresholds, drift, AUC, slices and quality side by side, and why the severity moved."""
    from dawnwatch.triage import compare as pure

    if sum([json, quiet, markdown == STANDARD_OUTPUT]) > 1:
        raise UsageError("--json, --quiet and --markdown - exclude each other: choose what to print")
    if len(packets) < 2:
        raise UsageError(
            f"compare needs at least two packets and got {packets[0]!r} alone; add a file, a label, or `latest`"
        )
    found = named_packets(packets, results)
    files = _files(markdown, html, found)
    comparison = pure.compare([named.packet for named in found], [str(named.path) for named in found])
    for warning in comparison.warnings:
        say(f"dawnwatch: warning: {warning}")
    written = _write(comparison, files)
    try:
        _print(comparison, written, json=json, quiet=quiet, markdown=markdown == STANDARD_OUTPUT)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output went away, as `| head` does; Python must not flush into it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise StoreError(f"standard output cannot be written ({error.strerror})") from None


def _files(markdown: str | None, html: Path | None, found: Sequence[Named]) -> dict[str, Path]:
    """Return where to write what. Raises UsageError rather than write over a packet, or twice to one place."""
    files = {}
    if markdown is not None and markdown != STANDARD_OUTPUT:
        files["markdown"] = Path(markdown).expanduser()
    if html is not None:
        files["html"] = html.expanduser()
    places = [path.resolve() for path in files.values()]
    if len(set(places)) < len(places):
        raise UsageError(f"{html}: is asked for as Markdown and as a page; give two files")
    read = {named.path.resolve() for named in found}
    for kind, path in files.items():
        if path.resolve() in read:
            raise UsageError(f"--{kind} {path}: is one of the packets to compare; give another file")
        if path.is_dir():
            raise UsageError(f"--{kind} {path}: is a folder; give a file in it")
    return files


def _write(comparison: Comparison, files: dict[str, Path]) -> list[Path]:
    from dawnwatch.atomic import write_atomically

    written = []
    for kind, path in files.items():
        if kind == "markdown":
            from dawnwatch.report.comparison.markdown import to_markdown

            written.append(write_atomically(path, to_markdown(comparison).encode("utf-8", "backslashreplace")))
        else:
            from dawnwatch.report.comparison.html import save_html

            written.append(save_html(comparison, path))
    return written


def _print(comparison: Comparison, written: Sequence[Path], *, json: bool, quiet: bool, markdown: bool) -> None:
    if json or markdown:
        from dawnwatch.report.comparison.markdown import to_markdown

        text = to_markdown(comparison) if markdown else comparison.model_dump_json(indent=2) + "\n"
        write_utf8(text)
    elif not quiet:
        from rich.console import Console

        from dawnwatch.report.comparison.terminal import ComparisonView

        class Screen(Console):
            def on_broken_pipe(self) -> None:
                # Rich would exit with 1, which here means something else.
                raise BrokenPipeError

        console: Any = Screen(soft_wrap=False)
        console.print(ComparisonView(comparison))
        if written:
            console.print(" and ".join(map(str, written)), style="dim", soft_wrap=True, highlight=False, markup=False)
