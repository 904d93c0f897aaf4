"""Progress for a person who watches: on standard error, and gone when done."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dawnwatch.monitoring.baselines import Progress

__all__ = ["downloading", "showing", "watched", "writing"]

COUNTED = {"drawing windows": "windows"}
"""What a step counts, where it is not rows."""
Received = Callable[[str, int, int | None], None]
"""Called with what is being fetched, the bytes so far, and the bytes in all where known."""


def watched() -> bool:
    """Whether a person is looking."""
    return not os.environ.get("CI") and sys.stderr.isatty()


@contextmanager
def showing(watched: bool) -> Iterator[Progress]:
    """Yield a progress callback that shows what is being done where one is watching: rows, rows/s and time left."""
    if not watched:
        yield lambda step, rows, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        SpinnerColumn("line" if console.options.ascii_only else "dots"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[rows]}"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None, rows="")
        shown, since = "", monotonic()

        def show(step: str, rows: int, total: int | None) -> None:
            nonlocal shown, since
            if step != shown:
                shown, since = step, monotonic()
                bar.reset(task, description=step, total=total)
            rate = rows / max(monotonic() - since, 1e-3)
            text = f"{_short(rows)} {COUNTED.get(step, 'rows')}, {_short(rate)}/s" if rows else ""
            bar.update(task, completed=rows, total=total, rows=text)

        yield show


def _short(number: float) -> str:
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:.3g} {letter}"
    return f"{number:.0f}"


@contextmanager
def downloading(watched: bool) -> Iterator[Received | None]:
    """Yield a callback that draws a bar while bytes arrive; None where nobody watches, for plain lines instead."""
    if not watched:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {}

        def show(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield show


@contextmanager
def writing(watched: bool) -> Iterator[Callable[[str], None]]:
    """Yield a callback that names the file being written where one is watching; a picture takes a second or more."""
    if not watched:
        yield lambda name: None
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True)
    with console.status("writing", spinner="line" if console.options.ascii_only else "dots") as status:
        yield lambda name: status.update(Text(f"writing {name}"))
