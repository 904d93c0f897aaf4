"""The terminal while a person is asked: keys come one by one, and whatever signal comes, nothing is lost."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from errno import EINTR
from types import FrameType
from typing import Any, Self

__all__ = ["HeldTerminal", "HungUpError", "TerminatedError"]

PASTE_TOLD, PASTE_UNTOLD = "\x1b[?2004h", "\x1b[?2004l"
"""Ask the terminal to tell what is pasted from what is typed, and no longer."""


class HungUpError(Exception):
    """The terminal went away."""


class TerminatedError(Exception):
    """Someone asked the process to end."""


class HeldTerminal:
    """A context in which the terminal hands over each key at once and shows none.

    | signal | what then happens |
    |---|---|
    | SIGHUP, the terminal is closed | the next reading is a HungUpError |
    | SIGTERM | the next reading is a TerminatedError |
    | SIGTSTP, Ctrl-Z | the terminal goes back to the shell as it was |
    | SIGCONT, `fg` | the terminal is held again, and the question asked again |
    | SIGINT, Ctrl-C | a KeyboardInterrupt, the first time, and none after `saving` |

    No other handler raises: a signal may come in the midst of saving.
    """

    def __init__(self) -> None:
        self.terminated = False
        self._returned = self._deaf = False
        self._mode: list[Any] | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        self._before[signal.SIGINT] = signal.signal(signal.SIGINT, self._interrupt)
        if sys.platform == "win32":
            return self
        import termios

        self._woken, self._waker = os.pipe()
        os.set_blocking(self._waker, False)
        with suppress(OSError, termios.error):
            self._mode = termios.tcgetattr(sys.stdin)
        self._waking = signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        handlers: dict[int, Any] = {
            signal.SIGHUP: signal.SIG_IGN,
            signal.SIGTERM: self._terminate,
            signal.SIGTSTP: self._suspend,
            signal.SIGCONT: self._return,
        }
        self._before |= {number: signal.signal(number, handler) for number, handler in handlers.items()}
        self._take()
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if sys.platform == "win32":
            return
        self._give_back()
        signal.set_wakeup_fd(self._waking)
        os.close(self._woken)
        os.close(self._waker)

    def saving(self) -> None:
        """Be deaf to Ctrl-C from here to the end of the context: whoever presses it twice must not lose the packet."""
        self._deaf = True

    def leaving(self) -> None:
        """Stay deaf to Ctrl-C also after the context: the process ends, and is about to say what it saved."""
        # Ignored by the system itself, for an interpreter that shuts down drops handlers of its own before it ends.
        self._before[signal.SIGINT] = signal.SIG_IGN

    def read(self, timeout: float | None, again: Callable[[], None]) -> bytes:
        """Return the bytes that came; none where none came in as many seconds.

        Parameters
        ----------
        again : asks the question again, when the terminal was away

        Raises
        ------
        HungUpError, TerminatedError, KeyboardInterrupt
        """
        keys = sys.stdin.fileno()
        while True:
            if self.terminated:
                raise TerminatedError
            if self._returned:
                self._returned = False
                again()
            try:
                ready, _, _ = select.select([keys, self._woken], [], [], timeout)
                if keys in ready:
                    found = os.read(keys, 4096)
                    if not found:
                        raise HungUpError
                    return found
            except OSError:
                raise HungUpError from None
            if not ready:
                return b""
            os.read(self._woken, 4096)  # a signal, whose handler has left word

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if not self._deaf:
            self._deaf = True
            raise KeyboardInterrupt

    def _terminate(self, number: int, frame: FrameType | None) -> None:
        self.terminated = True

    def _suspend(self, number: int, frame: FrameType | None) -> None:
        self._give_back()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signal.pthread_kill(threading.get_ident(), signal.SIGTSTP)  # stops here, until someone continues it
        signal.signal(signal.SIGTSTP, self._suspend)
        self._return(number, frame)  # where no shell could ever continue it, it was not stopped

    def _return(self, number: int, frame: FrameType | None) -> None:
        self._take()
        self._returned = True

    def _take(self) -> None:
        import termios
        import tty

        # Not raw: Ctrl-C and Ctrl-Z still are signals.
        self._set(lambda file: tty.setcbreak(file, termios.TCSANOW), PASTE_TOLD)

    def _give_back(self) -> None:
        import termios

        mode = self._mode
        if mode is not None:
            self._set(lambda file: termios.tcsetattr(file, termios.TCSANOW, mode), PASTE_UNTOLD)

    def _set(self, change: Callable[[int], Any], said: str) -> None:
        import termios

        # A terminal that is gone has no mode; the next reading says so. That of another's foreground stops us first.
        with suppress(OSError, termios.error, ValueError):
            while True:
                try:
                    change(sys.stdin.fileno())
                    break
                except termios.error as error:
                    if error.args[0] != EINTR:
                        raise
            if os.environ.get("TERM") != "dumb":
                os.write(sys.stdout.fileno(), said.encode())  # past what may be in the midst of being written
