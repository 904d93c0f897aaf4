"""A profiled window: its counts, and its rows while there are few enough."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from dawnwatch.model.plan import Plan
from dawnwatch.model.profile import Profile
from dawnwatch.model.scored_rows import ScoredRows

__all__ = ["Window"]

T = TypeVar("T")


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
    rescore_fault: str | None = None
    """Why the model could not give the sampled rows' scores again; None too where nobody asked it to."""
    repeated: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    """Up to five rows whose key stood before: position and key."""

    def once(self, name: Hashable, compute: Callable[[], T]) -> T:
        """Return what `compute` gives, computed at the first call under this name and kept with the window.

        For what is costly and follows from the rows alone, so that judging again under other thresholds is free.
        """
        if name not in self._kept:
            self._kept[name] = compute()
        kept: T = self._kept[name]
        return kept

    def against(self, other: Window, name: Hashable, compute: Callable[[], T]) -> T:
        """Return what `compute` gives of this window beside another, computed once for the two."""
        # The other is kept too, so that no later window can come by its identity.
        return self.once((name, id(other)), lambda: (other, compute()))[1]

    @cached_property
    def _kept(self) -> dict[Hashable, Any]:
        return {}
