"""Pillar 1 as it stands in a packet: is the data valid? Fields may be added, and none renamed."""

from __future__ import annotations

from typing import Literal

from dawnwatch.model.base import Frozen
from dawnwatch.model.enums import Outcome
from dawnwatch.model.measurement import Example

__all__ = ["Quality", "QualityCheck", "QualityKind"]

QualityKind = Literal["schema", "missingness", "range", "duplicates"]


class QualityCheck(Frozen):
    """One check of the data's validity. `column` is null where it concerns the whole table."""

    name: str
    kind: QualityKind
    column: str | None
    outcome: Outcome
    failed_rows: int | None
    rows: int
    threshold: float | None
    """Largest share of failing rows that still passes (the check fails strictly above it)."""
    rule: str
    """What is required, in words."""
    message: str
    """What was found, in words."""
    breakdown: dict[str, int] = {}
    """`failed_rows` by kind: null, nan, empty, below, above, infinite …"""
    examples: list[Example] = []


class Quality(Frozen):
    """Pillar 1: is the data valid?"""

    outcome: Outcome
    checks: list[QualityCheck]
