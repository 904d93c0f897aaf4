"""What the monitoring plan says beyond what a run can know: people, times, costs and limits, in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, field_validator

from dawnwatch.config.policy import parse_hours
from dawnwatch.config.values import Name, Table
from dawnwatch.model.enums import Severity

__all__ = ["PagedConfig", "PlanConfig", "SourceConfig"]


def _day(value: Any) -> Any:
    # Of a number pydantic would make a day of 1970, and of a time it would drop the hours.
    if isinstance(value, str | date) and not isinstance(value, datetime):
        return value
    raise ValueError(f"must be a day such as 2027-02-24, without quotes or a time; got {value!r}")


Day = Annotated[date, BeforeValidator(_day)]


class SourceConfig(Table):
    """Where rows or columns come from, and who answers for them."""

    holds: str | None = None
    """What it holds, and where it lies, in words."""
    owner: str | None = None


class PagedConfig(Table):
    """Who is paged at each severity, and how; by default `[project] owner` from high on."""

    critical: str | None = None
    high: str | None = None
    medium: str | None = None
    low: str | None = None

    def at(self, severity: Severity) -> str | None:
        """Whoever is named for a severity."""
        named: str | None = getattr(self, severity.value)
        return named


class PlanConfig(Table):
    """The table `[plan]`: read by `dawnwatch plan` alone, and no check depends on it."""

    purpose: str | None = None
    """What the model decides, for whom, and what a wrong answer costs."""
    sources: dict[Name, SourceConfig] = {}
    paged: PagedConfig = PagedConfig()
    escalation: list[Name] = []
    """Steps, in order, for when nobody answers or the first step does not help."""
    schedule: str | None = None
    label_delay: str | None = None
    retention: str | None = None
    cost: str | None = None
    privacy: str | None = None
    blind_spots: list[Name] = []
    """What this monitoring cannot see."""
    reviewed: Day | None = None
    review_every: str | None = None
    """A number with h, d or w."""

    @field_validator("review_every")
    @classmethod
    def _is_a_time(cls, text: str | None) -> str | None:
        if text is not None and (text == "none" or not _hours(text)):
            raise ValueError(f'must be a number with h, d or w, such as "26w"; got {text!r}')
        return text

    @property
    def review_due(self) -> date | None:
        """The day of the next review; None where nothing says when the last was, or how often."""
        if self.reviewed is None or self.review_every is None:
            return None
        try:
            return self.reviewed + timedelta(hours=_hours(self.review_every))
        except OverflowError:
            return date.max


def _hours(text: str) -> float:
    """Return the hours of "26w"; 0 for what is no length of time."""
    try:
        return parse_hours(text) or 0.0
    except ValueError:
        return 0.0
