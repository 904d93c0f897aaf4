"""Keys out of the bytes a terminal sends: letters whole, and what arrow and function keys send taken as one key."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["BACKSPACES", "END", "ENTER", "ERASE_LINE", "ERASE_WORD", "OTHER", "PASTE", "PASTED", "Keys"]

ENTER, OTHER = "\n", ""
PASTE, PASTED = "<paste>", "</paste>"
"""Come before and after what was pasted, where the terminal tells."""
END, ERASE_LINE, ERASE_WORD = "\x04", "\x15", "\x17"
BACKSPACES = {"\x7f", "\b"}

ESCAPE, BELL = b"\x1b", b"\x07"
SOON = 0.05
"""Seconds within which the rest of a key's bytes follow, also over a slow line; a person is slower."""
STRINGS = {b"]", b"P", b"_", b"^", b"X"}
"""What begins an answer of the terminal itself, which ends with a bell or with ESC and a backslash."""


class Keys:
    """Reads key by key.

    Parameters
    ----------
    read : returns the bytes that came, at least one, or none where none came in as many seconds (None waits)
    """

    def __init__(self, read: Callable[[float | None], bytes]) -> None:
        self._read = read
        self._ahead = b""
        """What was typed before it was asked for."""

    def next(self) -> str:
        """Return the next key: a letter, ENTER, a control character, PASTE, PASTED, or OTHER."""
        byte = self._take(None)
        if byte == ESCAPE:
            return self._sequence()
        if byte in {b"\r", b"\n"}:
            return ENTER
        if byte == b"\0":
            return END  # a Ctrl-D that came while the terminal still gathered lines
        return byte.decode() if byte < b"\x80" else self._letter(byte)

    def _letter(self, first: bytes) -> str:
        """Return a letter of several bytes; one that is cut off costs none of the keys behind it."""
        length = 2 if first < b"\xe0" else 3 if first < b"\xf0" else 4
        letter = first
        while len(letter) < length and b"\x80" <= self._peek(SOON) <= b"\xbf":
            letter += self._take(SOON)
        try:
            return letter.decode()
        except UnicodeDecodeError:
            return "\N{REPLACEMENT CHARACTER}"

    def _sequence(self) -> str:
        """Take what follows an Escape as far as it belongs to the same key."""
        kind = self._peek(SOON)
        if kind < b" " and kind != ESCAPE:
            return OTHER  # Escape alone, or before Enter
        self._take(SOON)
        if kind == ESCAPE:
            return self._sequence()
        if kind == b"[":
            return self._control_sequence()
        if kind == b"O":
            self._take(SOON)
        elif kind in STRINGS:
            last = b""
            while (byte := self._take(SOON)) and byte != BELL and (last, byte) != (ESCAPE, b"\\"):
                last = byte
        return OTHER

    def _control_sequence(self) -> str:
        body = b""
        while b" " <= self._peek(SOON) < b"\x7f":
            body += self._take(SOON)
            # The Linux console's function keys put a second bracket before their letter.
            if body[-1:] >= b"@" and body != b"[":
                break
        return {b"200~": PASTE, b"201~": PASTED}.get(body, OTHER)

    def _peek(self, timeout: float | None) -> bytes:
        if not self._ahead:
            self._ahead = self._read(timeout)
        return self._ahead[:1]

    def _take(self, timeout: float | None) -> bytes:
        byte = self._peek(timeout)
        self._ahead = self._ahead[1:]
        return byte
