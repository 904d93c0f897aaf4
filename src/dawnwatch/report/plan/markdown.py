"""Markdown from text that others wrote: whatever it holds, it stays in its cell or its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

__all__ = ["bullets", "code", "filled", "lacking", "numbered", "table", "text"]

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#])")
_BLOCK = re.compile(r"(#|>|\+|-|=|~|\d+(?=[.)]))")
"""What would begin a heading, a list, a quotation or a rule at the start of a line."""


def text(value: object, *, begins_line: bool = True) -> str:
    r"""Write any value as one line: no line break, no open cell, no HTML (nor a mark of ours).

    Parameters
    ----------
    begins_line : whether it may stand where a heading, list or rule could begin, as it cannot within a table

    Examples
    --------
    >>> print(text("nulls | gaps,\n<!-- keep -->"))
    nulls \| gaps, &lt;!-- keep --&gt;
    """
    line = " ".join(str(value).split()).replace("\\", "\\\\").replace("|", "\\|")
    line = line.replace("<", "&lt;").replace(">", "&gt;")
    found = _BLOCK.match(line) if begins_line else None
    if found is None:
        return line
    return f"{found[0]}\\{line[found.end() :]}" if found[0].isdigit() else f"\\{line}"


def code(value: object) -> str:
    """Write a name or a pattern as code; where that cannot hold it, as text in which nothing has a meaning."""
    # True and False stand in the configuration as TOML writes them.
    line = str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())
    if line and not set(line) & set("`|<>"):
        return f"`{line}`"
    return _SPECIAL.sub(r"\\\1", line).replace("\\<", "&lt;").replace("\\>", "&gt;")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table, whose cells are Markdown already; none where there are no rows."""
    lines = [_row(header), _row(["---"] * len(header))]
    body = [_row(row) for row in rows]
    return [*lines, *body] if body else []


def bullets(items: Iterable[str]) -> list[str]:
    """Return the lines of a list, whose items are Markdown already."""
    return [f"- {item}" for item in items]


def numbered(items: Iterable[str]) -> list[str]:
    """Return the lines of a list in order."""
    return [f"{number}. {item}" for number, item in enumerate(items, start=1)]


def filled(values: Iterable[str]) -> list[str]:
    """Return what says anything: a list in the configuration may hold blanks."""
    return [text(value) for value in values if value.strip()]


def lacking(key: str) -> str:
    """Say where to write what is not there."""
    return f"*not stated: {code(key)}*"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
