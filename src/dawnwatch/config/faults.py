"""What is wrong in dawnwatch.toml, in one line: key, rule, value, and the nearest known key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from dawnwatch.config.schema import FileTables
from dawnwatch.errors import did_you_mean

__all__ = ["explain"]

TABLE = "must be a table of settings"
DAY = "must be a day such as 2027-02-24, without quotes or a time"
WORDS = {
    "model_type": TABLE,
    "dict_type": TABLE,
    "list_type": "must be a list",
    "string_type": "must be text in quotes",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "missing": "is missing",
    "date_type": DAY,
    "date_parsing": DAY,
    "date_from_datetime_parsing": DAY,
    "date_from_datetime_inexact": DAY,
}
"""What to say instead of pydantic's own words, where those speak of Python."""
SHOWN = 80


def explain(error: ValidationError) -> str:
    """Say the first fault in one line: key, rule, value, and the nearest known key where one is unknown."""
    fault = error.errors()[0]
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    *table, last = [""] if not fault["loc"] else fault["loc"]
    key = _key(fault["loc"])
    if fault["type"] == "extra_forbidden":
        known = _known_keys(table)
        hint = did_you_mean(str(last), known) or (f" Known keys: {', '.join(known)}." if known else "")
        return f"unknown key {key!r}.{hint}{more}"
    message = WORDS.get(fault["type"], fault["msg"].removeprefix("Value error, ").removeprefix("Input "))
    if message.startswith("should "):
        message = "must " + message.removeprefix("should ")
    if fault["type"] not in {"value_error", "missing"}:
        given = repr(fault["input"])
        message += f"; got {given if len(given) <= SHOWN else given[: SHOWN - 3] + '...'}"
    # A quoted key of the file may hold a line break.
    return " ".join(f"{key}: {message}{more}".removeprefix(": ").split())


def _key(location: Sequence[str | int]) -> str:
    """Write a place as the file would: `columns.age.psi.red`, `policy[0].name`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).removeprefix(".")


def _known_keys(path: Sequence[str | int]) -> list[str]:
    """Return the keys allowed in the table at `path`."""
    table: Any = FileTables
    for part in path:
        if isinstance(table, type) and issubclass(table, BaseModel):
            field = table.model_fields.get(str(part))
            table = field.annotation if field else None
        else:  # the key of a dictionary or the place in a list, whose values are what the type holds
            table = next(iter(_models(table)), None)
        if get_origin(table) not in {dict, list}:
            table = next(iter(_models(table)), table)
    return list(table.model_fields) if isinstance(table, type) and issubclass(table, BaseModel) else []


def _models(annotation: Any) -> list[type[BaseModel]]:
    return [a for a in get_args(annotation) if isinstance(a, type) and issubclass(a, BaseModel)]
