"""What tables and single values of the file must be: strict where a guess would hide a mistake."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, Strict

__all__ = ["Flag", "Name", "Number", "Share", "Table", "Value", "Whole", "check_destination"]

WEB = re.compile(r"https?://([^\s/?#@]*@)?(\[[0-9a-f:.]+\]|[^\s/?#@:\[\]]+)(:\d+)?([/?#]\S*)?", re.IGNORECASE)
"""An address with a host: user, host, port, the rest."""


def _scalar(value: Any) -> Any:
    if isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise ValueError(f"must be text, a number, true or false; got {value!r}")


# Strict, so that `max = "0.1"` or `red = true` is a mistake that is said, not a number that is guessed.
Number = Annotated[float, Strict()]
Whole = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]
Share = Annotated[Number, Field(ge=0, le=1)]
Name = Annotated[str, Field(min_length=1)]
# One validator instead of a union, which would report one fault per member.
Value = Annotated[str | bool | int | float, PlainValidator(_scalar)]


class Table(BaseModel):
    """One table of the file: strict about keys, numbers finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def check_destination(text: str) -> None:
    """Raise ValueError where a text is neither a web hook's URL nor a path that ends in .jsonl."""
    web = WEB.fullmatch(text) is not None and text.isprintable()
    if not web and ("://" in text or not text.endswith(".jsonl")):
        raise ValueError(
            f"alert destination {text!r} must be an http(s) URL or a path that ends in .jsonl (or, in Python, a "
            "callable)"
        )
