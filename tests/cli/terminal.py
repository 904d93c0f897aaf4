"""A real pseudo-terminal with a program in it, driven as a person would."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from types import TracebackType
from typing import Self

PATIENCE = 60.0
SHELL = Path(__file__).with_name("shell.py")
ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07)")


class Terminal:
    """`dawnwatch` in a terminal of 80 columns and 24 lines.

    Parameters
    ----------
    shell : under a shell, so that it can be stopped and continued
    """

    def __init__(self, *arguments: str, folder: Path, columns: int = 80, shell: bool = False, **variables: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        environment = {k: v for k, v in os.environ.items() if k not in {"CI", "NO_COLOR", "COLUMNS", "LINES"}}
        environment |= {"TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **variables}
        self.process = subprocess.Popen(
            [*([sys.executable, str(SHELL)] if shell else []), sys.executable, "-m", "dawnwatch", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=folder,
            env=environment,
            start_new_session=True,
            preexec_fn=_own_terminal,
        )
        os.close(slave)
        self.seen = ""
        self._from = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self._master >= 0:
            os.close(self._master)

    def send(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def expect(self, text: str) -> str:
        """Wait until text is shown that was not before, and return what came up to its end."""
        until = time.monotonic() + PATIENCE
        while text not in self.shown[self._from :]:
            if not self._read(until):
                raise AssertionError(f"never shown: {text!r}; instead:\n{self.shown[self._from :]}")
        end = self.shown.index(text, self._from) + len(text)
        found, self._from = self.shown[self._from : end], end
        return found

    def ended(self) -> int:
        """Wait for the program to end, and return its exit code."""
        until = time.monotonic() + PATIENCE
        while self._read(until):
            pass
        return self.process.wait(timeout=PATIENCE)

    def close(self) -> None:
        """Close the terminal, as a window that is shut or a line that breaks."""
        os.close(self._master)
        self._master = -1

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self.send("\x03")

    @property
    def shown(self) -> str:
        """What was shown, without colours and movements."""
        return ESCAPES.sub("", self.seen).replace("\r\n", "\n").replace("\n\r", "\n")

    def _read(self, until: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], max(until - time.monotonic(), 0))
        if not ready:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # the program has closed its side
            return False
        self.seen += data.decode(errors="replace")
        return bool(data)


def _own_terminal() -> None:
    """Make the pseudo-terminal the process's own, so that Ctrl-C and hanging up reach it."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
