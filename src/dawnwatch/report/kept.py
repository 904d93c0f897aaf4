"""What people wrote between the marks of a document, found again and put back, whatever became of the document.

`<!-- keep: NAME -->` … `<!-- /keep -->` holds a person's text. All else is the program's, and the seal in the first
line tells whether a person changed it all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from dawnwatch.errors import UsageError

__all__ = ["Earlier", "block", "read", "sealed"]

_MARK = re.compile(r"<!--[ \t]*(?:keep:[ \t]*(?P<name>.*?)|(?P<end>/keep\b.*?))[ \t]*-->")
_SEAL = re.compile(r"<!-- dawnwatch (?P<document>[a-z ]+), seal (?P<seal>[0-9a-f]{16}) -->")


@dataclass(frozen=True)
class Earlier:
    """An earlier document: its kept blocks by name, and whether all that is outside them is as we wrote it."""

    blocks: dict[str, str]
    untouched: bool


def read(text: str, where: str, document: str = "plan") -> Earlier:
    """Take a document apart. Two blocks of one name are joined, in their order.

    Parameters
    ----------
    document : what it must be, as its seal names it

    Raises
    ------
    UsageError
        Where the text has no mark of ours, another document's seal, or marks that do not pair up.
    """
    seal = _SEAL.search(text)
    marks = list(_MARK.finditer(text))
    if seal is None and not marks:
        raise UsageError(
            f"{where}: has no `<!-- keep: -->` marks, so it is no {document} of ours; choose another --output"
        )
    if seal is not None and seal["document"] != document:
        raise UsageError(f"{where}: is a dawnwatch {seal['document']}, and no {document}; choose another --output")
    blocks: dict[str, str] = {}
    outside, behind = "", 0
    opened: re.Match[str] | None = None
    for mark in marks:
        line = text.count("\n", 0, mark.start()) + 1
        if (opened is None) == (mark["end"] is not None):
            said = "closes nothing" if opened is None else f"opens inside {opened[0]}"
            raise UsageError(
                f"{where}, line {line}: {mark[0]} {said}; pair `<!-- keep: NAME -->` with `<!-- /keep -->`"
            )
        if opened is None:
            outside += text[behind : mark.start()]
            opened = mark
            continue
        name, content = opened["name"], text[opened.end() : mark.start()].strip("\n")
        blocks[name] = f"{blocks[name]}\n\n{content}" if name in blocks else content
        behind, opened = mark.end(), None
    if opened is not None:
        line = text.count("\n", 0, opened.start()) + 1
        raise UsageError(f"{where}, line {line}: {opened[0]} is never closed; end it with `<!-- /keep -->`")
    outside += text[behind:]
    return Earlier(blocks, untouched=seal is not None and seal["seal"] == _seal(outside))


def block(name: str, content: str) -> list[str]:
    """Return the lines of a kept block."""
    return [f"<!-- keep: {name} -->", *content.split("\n"), "<!-- /keep -->"]


def sealed(text: str, document: str = "plan") -> str:
    """Put the seal in front of a finished document."""
    outside, behind, opened = "", 0, False
    for mark in _MARK.finditer(text):
        outside += "" if opened else text[behind : mark.start()]
        opened, behind = not opened, mark.end()
    return f"<!-- dawnwatch {document}, seal {_seal(outside + text[behind:])} -->\n{text}"


def _seal(outside: str) -> str:
    """Sum up what stands outside the blocks; blank lines and spaces at the ends of lines do not count."""
    lines = (line.rstrip() for line in _SEAL.sub("", outside).splitlines())
    return sha256("\n".join(line for line in lines if line).encode()).hexdigest()[:16]
