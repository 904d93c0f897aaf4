"""A place on the pipeline map, and what was found there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from dawnwatch.model import numbers
from dawnwatch.model.enums import Outcome

__all__ = ["Checkpoint", "Line", "counted", "key_of", "worst"]


@dataclass(frozen=True)
class Line:
    """What a checkpoint found on one subject. `outcome` is None where it is read and not judged."""

    outcome: Outcome | None
    subject: str
    text: str
    reading: str = ""
    """What stands in the outcome's place, such as "within noise"."""


@dataclass(frozen=True)
class Checkpoint:
    """A place on the map. `outcome` is None where it is only for reading, or where nothing ran there."""

    stage: str
    name: str
    question: str
    meaning: str
    outcome: Outcome | None
    found: str
    thresholds: list[tuple[str, str]] = field(default_factory=list)
    """Value and justification of each threshold it is held against, the general one first."""
    lines: list[Line] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Its name as an identifier of the page."""
        return key_of(self.name)


def key_of(name: str) -> str:
    """Return a checkpoint's name as an identifier of the page."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name)


def worst(outcomes: Iterable[Outcome | None]) -> Outcome | None:
    """Return the most serious of those that are known; None where none is."""
    known = [outcome for outcome in outcomes if outcome is not None]
    return Outcome.worst(known) if known else None


def counted(lines: list[Line]) -> str:
    """Say how many subjects did not pass."""
    if not lines:
        return "Nothing in this run's configuration asks for it."
    failed = sum(line.outcome is not Outcome.PASSED for line in lines)
    if failed:
        return f"{failed} of {numbers.plural(len(lines), 'subject')} did not pass."
    return f"It passed on {numbers.plural(len(lines), 'subject')}."
