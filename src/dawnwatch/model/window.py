"""A profiled window: its counts, and its rows while there are few enough."""

from __future__ import annotations

from dataclasses import dataclass, field

from dawnwatch.model.plan import Plan
from dawnwatch.model.profile import Profile, ScoredRows

__all__ = ["Window"]


@dataclass(frozen=True)
class Window:
    """One window as the checks see it."""

    name: str
    """Where the rows came from, as a person would say it."""
    plan: Plan
    profile: Profile
    rows: ScoredRows | None
    types: dict[str, str] = field(default_factory=dict)
    """Type family of every column the source has."""
    scoring_fault: str | None = None
    """Why the model could not score these rows."""
    repeated: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    """Up to five rows whose key stood before, with their keys."""
