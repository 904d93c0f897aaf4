"""Setting a few values of a dawnwatch.toml that people wrote: every other character of it stays as it is."""

from __future__ import annotations

import re
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass

from dawnwatch.config.write import toml_key, toml_value
from dawnwatch.errors import ConfigError

__all__ = ["edited"]

Key = tuple[str, ...]
WIDTH = 116
STRING = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL)
HEADER = re.compile(r"\[(\[?)\s*(.+?)\s*\]\]?[ \t]*(#[^\n]*)?$")
PART = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|[A-Za-z0-9_-]+')
ASSIGNED = re.compile(rf"[ \t]*((?:{PART.pattern})(?:[ \t]*\.[ \t]*(?:{PART.pattern}))*)[ \t]*=[ \t]*")


@dataclass(frozen=True)
class Place:
    """Where something of the file stands: a table's header, or a key's value.

    Attributes
    ----------
    path : of the table, or of the key with all tables it is in
    start, end : of the value, or of the header's line
    """

    path: Key
    start: int
    end: int
    header: bool


def edited(text: str, changes: Mapping[Key, Mapping[str, float | str]], *, where: str = "dawnwatch.toml") -> str:
    """Return the text of a configuration with some values set, its comments and layout kept.

    Parameters
    ----------
    text : as it stands in the file
    changes : keys and values by the path of their table, such as ("thresholds", "psi")
    where : what messages call the file

    Raises
    ------
    ConfigError
        Where the text is no TOML, or so written that it cannot be changed without changing more.
    """
    try:
        wanted = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{where}: not valid TOML: {error}") from None
    wanted = deepcopy(wanted)
    for table, values in changes.items():
        inner = wanted
        for name in table:
            inner = inner.setdefault(name, {})
        inner |= values
    newline = "\r\n" if "\r\n" in text else "\n"
    for table, values in changes.items():
        text = _with_inline(text, table, values) or _with_keys(text, table, values, newline)
    try:
        found = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError:
        found = {}
    if found != wanted:
        said = "; ".join(
            f"[{'.'.join(table)}] {name} = {toml_value(value)}"
            for table, values in changes.items()
            for name, value in values.items()
        )
        raise ConfigError(f"{where}: is written in a way that cannot be changed safely; set it by hand: {said}")
    return text


def _with_inline(text: str, table: Key, values: Mapping[str, float | str]) -> str | None:
    """Set the values where the table is written in braces on one line; None where it is not."""
    place = next((p for p in _places(text) if p.path == table and not p.header), None)
    if place is None:
        return None
    before = tomllib.loads(f"value = {text[place.start : place.end]}")["value"]
    return text[: place.start] + toml_value({**before, **values}) + text[place.end :]


def _with_keys(text: str, table: Key, values: Mapping[str, float | str], newline: str) -> str:
    for name, value in values.items():
        places = list(_places(text))
        found = next((p for p in places if p.path == (*table, name) and not p.header), None)
        if found is not None:
            text = text[: found.start] + _written(name, value, newline) + text[found.end :]
            continue
        line = f"{toml_key(name)} = {_written(name, value, newline)}{newline}"
        header = next((p for p in places if p.path == table and p.header), None)
        if header is None:
            gap = "" if text.endswith(("\n", "")) and not text.rstrip(" \t").strip() else newline
            text = text if text.endswith("\n") or not text else text + newline
            text += f"{gap}[{'.'.join(map(toml_key, table))}]{newline}{line}"
            continue
        within = [p for p in places if not p.header and p.path[:-1] == table and p.start > header.start]
        after = max([header.end, *(p.end for p in within)])
        end = text.find("\n", after)
        text = text + newline + line if end < 0 else text[: end + 1] + line + text[end + 1 :]
    return text


def _places(text: str) -> Iterator[Place]:
    """Yield every table's header and every key's value, in the order of the text."""
    table: Key = ()
    at = 1 if text.startswith("\ufeff") else 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end].strip()
        if not line or line.startswith("#"):
            at = end + 1
            continue
        header = HEADER.match(line) if line.startswith("[") else None
        if header:
            table = _parts(header[2])
            if not header[1]:
                yield Place(table, at, end, header=True)
            at = end + 1
            continue
        assigned = ASSIGNED.match(text, at)
        if assigned is None:
            at = end + 1
            continue
        stop = _value_end(text, assigned.end())
        yield Place((*table, *_parts(assigned[1])), assigned.end(), stop, header=False)
        end = text.find("\n", stop)
        at = len(text) if end < 0 else end + 1


def _value_end(text: str, at: int) -> int:
    """Return where a value that begins here ends: at the end of the line, or where its brackets are closed."""
    depth, last = 0, at
    while at < len(text):
        string = STRING.match(text, at)
        if string:
            at = last = string.end()
            continue
        letter = text[at]
        if letter == "#":
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
            continue
        if letter == "\n" and depth == 0:
            break
        depth += (letter in "[{") - (letter in "]}")
        at += 1
        if not letter.isspace():
            last = at
    return last


def _parts(key: str) -> Key:
    return tuple(tomllib.loads(f"key = {p}")["key"] if p[0] in "\"'" else p for p in PART.findall(key))


def _written(name: str, value: float | str, newline: str) -> str:
    """Write a value; a long text over several lines, as the file does."""
    plain = toml_value(value)
    if not isinstance(value, str) or len(name) + len(plain) + 3 <= WIDTH:
        return plain
    lines = textwrap.wrap(plain[1:-1], WIDTH, break_long_words=False, break_on_hyphens=False)
    wrapped = f'"""\\{newline}' + f" \\{newline}".join(lines) + '"""'
    # Spaces at the end of a line would be lost.
    return wrapped if tomllib.loads(f"value = {wrapped}")["value"] == value else plain
