"""The few words the field uses for how bad and how big. Imports nothing, so that the command line starts at once."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Band", "Outcome", "Pillar", "Severity"]


class Pillar(StrEnum):
    """The three questions, in the order of the funnel."""

    QUALITY = "quality"
    DRIFT = "drift"
    PERFORMANCE = "performance"


class Outcome(StrEnum):
    """What a check came to. `not_computed` and `errored` never count as passed."""

    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"
    NOT_COMPUTED = "not_computed"
    ERRORED = "errored"

    @classmethod
    def worst(cls, outcomes: list[Outcome]) -> Outcome:
        """Return the most serious of `outcomes`; `not_computed` for an empty list."""
        order = [cls.FAILED, cls.ERRORED, cls.WARNED, cls.NOT_COMPUTED, cls.PASSED]
        return min(outcomes, key=order.index, default=cls.NOT_COMPUTED)


class Band(StrEnum):
    """Size of a shift in a feature's distribution; GREEN < yellow bound <= YELLOW < red bound <= RED."""

    GREEN = "GREEN"
    YELLOW = "YELLOW"
    RED = "RED"


class Severity(StrEnum):
    """How bad, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for low to 3 for critical."""
        return [Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL].index(self)
