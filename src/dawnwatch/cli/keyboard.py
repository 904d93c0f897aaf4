"""Single keys and typed lines from a terminal."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["ENTER", "HungUpError", "Keyboard", "at_terminal", "hanging_up"]

ENTER = "\n"
ESCAPE, END, OTHER = b"\x1b", b"\x04", b"\x00"


class HungUpError(Exception):
    """The terminal went away."""


def at_terminal() -> bool:
    """Whether a person sits at a terminal who can be asked."""
    return not os.environ.get("CI") and sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()


@contextmanager
def hanging_up() -> Iterator[None]:
    """Outlive a terminal that is closed: the next key then is a HungUpError, and what follows can still be saved."""
    import signal

    if not hasattr(signal, "SIGHUP"):
        yield
        return
    # Not a handler that raises: the signal may come after the reading has failed, in the midst of saving.
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


class Keyboard:
    """The terminal this process was started from."""

    def __init__(self) -> None:
        self._ahead = b""
        """What was typed before it was asked for."""

    def key(self) -> str:
        """Return the next key, lower case; ENTER for both returns and lines, "" for one that means nothing here.

        Raises
        ------
        HungUpError
            Where the terminal is gone.
        KeyboardInterrupt
        """
        sys.stdout.flush()
        byte = self._byte()
        if byte in {b"\r", b"\n"}:
            return ENTER
        if byte == END:
            return "q"  # as a shell takes it
        if byte == b"":
            raise HungUpError
        text = byte.decode("ascii", "ignore")
        return text.lower() if text.isprintable() else ""

    def line(self) -> str:
        """Return a typed line without its end. Raises HungUpError, KeyboardInterrupt."""
        sys.stdout.flush()
        if sys.platform == "win32":
            return input()
        while b"\n" not in self._ahead:
            try:
                more = os.read(sys.stdin.fileno(), 4096)
            except OSError:
                raise HungUpError from None
            if not more:
                if os.isatty(sys.stdin.fileno()):
                    return ""  # Ctrl-D, where nothing was typed
                raise HungUpError
            self._ahead += more.replace(b"\r", b"\n")
        line, _, self._ahead = self._ahead.partition(b"\n")
        return line.decode(errors="replace").strip()

    def _byte(self) -> bytes:
        if self._ahead:
            byte, self._ahead = self._ahead[:1], self._ahead[1:]
            return byte
        if sys.platform == "win32":
            return _windows_byte()
        import termios
        import tty

        file = sys.stdin.fileno()
        try:
            before = termios.tcgetattr(file)
            # Not raw: Ctrl-C still interrupts.
            tty.setcbreak(file, termios.TCSANOW)
            try:
                byte = os.read(file, 1)
                if byte == ESCAPE or byte >= b"\x80":
                    while select.select([file], [], [], 0.01)[0] and os.read(file, 1):
                        pass
                    return OTHER
                if byte == b"\0":
                    return END  # a Ctrl-D that came while lines were read
            finally:
                termios.tcsetattr(file, termios.TCSANOW, before)
        except (OSError, termios.error):
            raise HungUpError from None
        return byte


def _windows_byte() -> bytes:
    import msvcrt

    key = msvcrt.getwch()  # type: ignore[attr-defined]
    if key == "\x03":
        raise KeyboardInterrupt
    if key in {"\x00", "\xe0"}:  # an arrow or function key, whose second half follows
        msvcrt.getwch()  # type: ignore[attr-defined]
        return OTHER
    return str(key).encode()
