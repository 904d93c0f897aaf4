"""What an action takes of people, by the configuration: it breaks ties among what the evidence allows, and no more."""

from __future__ import annotations

from collections.abc import Sequence

from dawnwatch.config import Config
from dawnwatch.model.numbers import signed
from dawnwatch.model.replay import Candidate, ReplayAction

__all__ = ["Effort"]


class Effort:
    """Hours of work of each action, and what an hour costs where that is configured."""

    def __init__(self, config: Config) -> None:
        costs = config.costs
        self._hours: dict[ReplayAction, float] = {
            "wait": 0.0,
            "recalibrate": costs.recalibrate_hours,
            "rollback": costs.rollback_hours,
            "retrain": costs.retrain_hours,
        }
        self._price, self._unit = costs.hour, costs.unit

    def hours(self, candidate: Candidate) -> float:
        """Hours of work until the candidate is in place."""
        return self._hours[candidate.action]

    def said(self, candidate: Candidate) -> str:
        """Say what it takes: "4 hours of work", or "4 hours of work (320 EUR)"."""
        hours = self.hours(candidate)
        work = f"{hours:g} hour{'' if hours == 1 else 's'} of work"
        if self._price is None:
            return work
        return f"{work} ({hours * self._price:,.6g}{f' {self._unit}' if self._unit else ''})"

    def least(self, shown: Sequence[Candidate], gains: Sequence[float], worth: float) -> tuple[Candidate, str | None]:
        """Return the one to take of candidates that are all shown to be worth it, and why it is not the largest gain.

        Gains that differ by less than `worth` count as equal, since such a difference does not matter; of equals the
        one that takes fewest hours is taken, of those the one that gains most.

        Parameters
        ----------
        shown : at least one
        gains : theirs, in the same order
        """
        best = max(range(len(shown)), key=lambda i: gains[i])
        equal = [i for i in range(len(shown)) if gains[best] - gains[i] < worth]
        taken = min(equal, key=lambda i: (self.hours(shown[i]), -gains[i]))
        if taken == best:
            return shown[taken], None
        more = signed(gains[best] - gains[taken]).removeprefix("+")
        name, work = shown[best].title, self.said(shown[best])
        return shown[taken], (
            f"{name[:1].upper()}{name[1:]} gains {more} more, which is less than the {worth:g} that matters, and takes "
            f"{work} where this takes {self.said(shown[taken])}"
        )
