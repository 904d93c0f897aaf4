"""Questions at a terminal: one key, or a typed line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from dawnwatch.cli.held import HeldTerminal
from dawnwatch.cli.keys import END, ENTER, OTHER, PASTE, PASTED, Keys
from dawnwatch.cli.typed_line import TypedLine, rows_below

__all__ = ["Keyboard", "at_terminal"]


def at_terminal() -> bool:
    """Whether a person sits at a terminal who can be asked."""
    return not os.environ.get("CI") and sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()


class Keyboard:
    """The terminal this process was started from.

    Parameters
    ----------
    show : shows a question, and leaves the cursor behind it
    """

    def __init__(self, held: HeldTerminal, show: Callable[[str], None]) -> None:
        self._held, self._show = held, show
        self._keys = Keys(lambda timeout: held.read(timeout, self._again))
        self._asked, self._line = "", TypedLine()

    def key(self, question: str) -> str:
        """Return the next key, lower case; ENTER, or OTHER for one that means nothing. What was pasted is one such.

        Raises
        ------
        HungUpError, TerminatedError, KeyboardInterrupt
        """
        self._ask(question)
        key = _windows_key() if sys.platform == "win32" else self._keys.next()
        if key == PASTE:
            while self._keys.next() != PASTED:
                pass
            return OTHER
        if key == END:
            return "q"  # as a shell takes it
        return key.lower() if key == ENTER or key.isprintable() else OTHER

    def line(self, question: str) -> str:
        """Return a typed line without its end. Raises what `key` raises."""
        self._ask(question)
        if sys.platform == "win32":
            return input().strip()
        line = self._line
        while not line.done:
            before = line.text
            line.press(self._keys.next())
            if line.text.startswith(before):
                _write(line.text.removeprefix(before))
            else:
                self._erase(before, line.text)
        _write("\n")
        return line.text.strip()

    def _ask(self, question: str) -> None:
        self._asked, self._line = question, TypedLine()
        self._show(question)
        sys.stdout.flush()

    def _again(self) -> None:
        """Ask anew what was not answered yet, over itself where nothing else was shown."""
        _write("\r")
        self._show(self._asked)
        _write(self._line.text)

    def _erase(self, before: str, after: str) -> None:
        if os.environ.get("TERM") == "dumb":
            from rich.cells import cell_len

            # Such a terminal knows no way up; a line that has wrapped stays as it stands.
            back = cell_len(before) - cell_len(after)
            _write("\b \b" * back)
            return
        up = rows_below(self._asked + before, os.get_terminal_size(sys.stdin.fileno()).columns or 80)
        _write((f"\x1b[{up}A" if up else "") + "\r\x1b[J")
        self._show(self._asked)
        _write(after)


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _windows_key() -> str:
    import msvcrt

    key = str(msvcrt.getwch())  # type: ignore[attr-defined]
    if key == "\x03":
        raise KeyboardInterrupt
    if key in {"\x00", "\xe0"}:  # an arrow or function key, whose second half follows
        msvcrt.getwch()  # type: ignore[attr-defined]
        return OTHER
    return ENTER if key == "\r" else key
