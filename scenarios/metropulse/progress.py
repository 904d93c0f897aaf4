"""How the scenario tells a person what it does: sentences, and bytes of a download."""

from __future__ import annotations

import sys
from collections.abc import Callable

__all__ = ["Progress", "Say", "plain_progress", "say_to_stderr"]

Say = Callable[[str], None]
"""Takes one sentence for a person."""

Progress = Callable[[str, int, int | None], None]
"""Takes what is being fetched, the bytes so far, and the bytes in all (None where nobody knows)."""


def say_to_stderr(sentence: str) -> None:
    """Write one line to stderr, so that stdout stays free for results."""
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


def plain_progress(say: Say, *, steps: int = 4, every_bytes: int = 5_000_000) -> Progress:
    """Return a progress callback that writes a plain line now and then, for where there is no terminal.

    Parameters
    ----------
    say
        Takes each line.
    steps
        Lines for a download of known size, the last at 100%.
    every_bytes
        Bytes between two lines where the size is not known.

    Examples
    --------
    >>> show = plain_progress(print, steps=2)
    >>> for done in (10_000, 600_000, 700_000, 1_000_000):
    ...     show("ml-100k.zip", done, 1_000_000)
    ml-100k.zip: 0.6 of 1.0 MB (60%)
    ml-100k.zip: 1.0 of 1.0 MB (100%)
    """
    reached: dict[str, int] = {}

    def show(what: str, done: int, total: int | None) -> None:
        mark = done * steps // total if total else done // every_bytes
        if mark <= reached.get(what, 0):
            return
        reached[what] = mark
        if total:
            say(f"{what}: {done / 1e6:.1f} of {total / 1e6:.1f} MB ({100 * done // total}%)")
        else:
            say(f"{what}: {done / 1e6:.1f} MB")

    return show
