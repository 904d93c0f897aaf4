"""Progress for a person who watches: on standard error, and gone when done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dawnwatch.monitoring.baselines import Progress

__all__ = ["downloading", "showing"]

Received = Callable[[str, int, int | None], None]
"""Called with what is being fetched, the bytes so far, and the bytes in all where known."""


@contextmanager
def showing(watched: bool) -> Iterator[Progress]:
    """Yield a progress callback that shows what is being done, and how many rows of it, where one is watching."""
    if not watched:
        yield lambda step, rows: None
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("starting") as status:

        def show(step: str, rows: int) -> None:
            status.update(f"{step}{f': {rows:,} rows' if rows else ''}")

        yield show


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
