"""Exit codes, and how every fault becomes one clear line.

| code | meaning |
|---|---|
| 0 | judged, and below `--fail-on` |
| 1 | judged, and at or above `--fail-on` |
| 2 | the command, the configuration or the reference is at fault; nothing was written |
| 3 | could not judge: unreadable or missing data, a check that faulted, an internal fault |
| 130 | stopped with Ctrl-C, or by a terminal that was closed |
| 143 | terminated (SIGTERM) while a person was asked |

They are never renumbered. "Could not judge" is never 0; where something could not be judged and what was judged
already reaches `--fail-on`, 1 wins.
"""

from __future__ import annotations

import functools
import os
import sys
import textwrap
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import typer

from dawnwatch.errors import DawnwatchError, one_line
from dawnwatch.model.enums import Severity

if TYPE_CHECKING:
    from dawnwatch.model.packet import TriagePacket

__all__ = ["FAULT", "INTERRUPTED", "TERMINATED", "exit_code", "guarded", "say", "whole_words"]

FAULT, INTERRUPTED, TERMINATED = 3, 130, 143
P = ParamSpec("P")
R = TypeVar("R")


def exit_code(packet: TriagePacket, fail_on: Severity | None) -> int:
    """Return 1 at or above `fail_on`, else 3 where something could not be judged, else 0."""
    if fail_on is not None and packet.severity.rank >= fail_on.rank:
        return 1
    return FAULT if packet.could_not_judge else 0


def say(text: str) -> None:
    """Write one line to standard error, where machines that read standard output do not meet it."""
    with suppress(OSError):  # a terminal that is gone, whose going must not change what is done
        # Over the ^C that a terminal may have shown; every line of ours is longer.
        sys.stderr.write(f"\r{whole_words(text)}\n" if sys.stderr.isatty() else text + "\n")


def whole_words(text: str) -> str:
    """Wrap a line at words, for a terminal would cut a path in the midst; what is longer than a row stays whole."""
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return textwrap.fill(text, columns or 80, break_long_words=False, break_on_hyphens=False)


def guarded(verb: Callable[P, R]) -> Callable[P, R]:
    """Wrap a verb so that whatever goes wrong ends in one line and its exit code, never a traceback.

    `DAWNWATCH_DEBUG=1` in the environment shows the traceback of an internal fault.
    """

    @functools.wraps(verb)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return verb(*args, **kwargs)
        except typer.Exit:
            raise
        except DawnwatchError as error:
            say(f"dawnwatch: {one_line(error)}")
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt as stop:
            say(f"dawnwatch: stopped; {str(stop) or 'nothing was written'}")
            raise typer.Exit(INTERRUPTED) from None
        except Exception as error:
            if os.environ.get("DAWNWATCH_DEBUG"):
                raise
            say(
                f"dawnwatch: internal fault: {type(error).__name__}: {one_line(error)}; set DAWNWATCH_DEBUG=1 for "
                "the traceback, and please report it"
            )
            raise typer.Exit(FAULT) from None

    return wrapped
