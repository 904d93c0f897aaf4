"""A line as it is typed: what each key makes of it, and where it stands on the screen. No input or output here."""

from __future__ import annotations

import unicodedata

from dawnwatch.cli.keys import BACKSPACES, END, ENTER, ERASE_LINE, ERASE_WORD, PASTE, PASTED

__all__ = ["TypedLine", "rows_below"]

JOINER = "\N{ZERO WIDTH JOINER}"


class TypedLine:
    """The text so far. Keys that mean nothing here leave it as it is, so that no part of them is kept."""

    def __init__(self) -> None:
        self.text, self.done = "", False
        self._pasting = False

    def press(self, key: str) -> None:
        """Take one key."""
        if key in {PASTE, PASTED}:
            self._pasting = key == PASTE
        elif key in {ENTER, "\t"} and (self._pasting or key == "\t"):
            self.text += " "  # several lines pasted are one answer, not several
        elif key == ENTER or (key == END and not self.text):
            self.done = True
        elif key in BACKSPACES:
            self.text = _without_last(self.text)
        elif key == ERASE_LINE:
            self.text = ""
        elif key == ERASE_WORD:
            self.text = self.text[: len(self.text.rstrip()) - len(self.text.split()[-1])] if self.text.split() else ""
        elif key.isprintable() or key == JOINER:
            self.text += key


def _without_last(text: str) -> str:
    """Return text without its last character as a reader sees it: accents and joined emoji go with their letter."""
    while text:
        last, text = text[-1], text[:-1]
        if not _extends(last) and not text.endswith(JOINER):
            break
    return text


def _extends(letter: str) -> bool:
    """Whether a code point only changes the one before it."""
    return letter == JOINER or unicodedata.category(letter) in {"Mn", "Me"} or "\U0001f3fb" <= letter <= "\U0001f3ff"


def rows_below(text: str, columns: int) -> int:
    """Return how many rows below the first a text ends on a screen that wraps; wide letters are not cut in two."""
    from rich.cells import cell_len

    row = column = 0
    for letter in text:
        width = cell_len(letter)
        if column + width > columns:
            row, column = row + 1, 0
        column += width
    return row
