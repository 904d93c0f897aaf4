"""From single measurements to medians and ratios. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

__all__ = ["Figures", "Series", "Spread"]

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Spread:
    """A median with the smallest and largest of the values it stands for."""

    median: float
    low: float
    high: float
    n: int

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread | None:
        """None where there are no values."""
        kept = sorted(values)
        return cls(median(kept), kept[0], kept[-1], len(kept)) if kept else None


@dataclass(frozen=True)
class Series:
    """All measurements of one contestant, by round."""

    records: tuple[Record, ...]

    def values(self, name: str) -> dict[int, float]:
        """A measured number, by round; rounds without it are left out."""
        return {r["round"]: r["line"][name] for r in self.records if r["line"].get(name) is not None}

    def spread(self, name: str = "seconds") -> Spread | None:
        """Median of a measured number."""
        return Spread.of(self.values(name).values())

    @property
    def error(self) -> str | None:
        """Why it could not be measured."""
        return next((r["line"]["error"] for r in self.records if "error" in r["line"]), None)

    @property
    def last(self) -> Mapping[str, Any]:
        """The line of the last measurement that worked; empty where none did."""
        return next((r["line"] for r in reversed(self.records) if "seconds" in r["line"]), {})


class Figures:
    """The measurements of one work, by group and contestant."""

    def __init__(self, records: Iterable[Record]) -> None:
        found: dict[tuple[str, str], dict[int, Record]] = defaultdict(dict)
        for record in records:
            # A later record of the same round stands in the earlier one's place.
            found[record["group"], record["contestant"]][record["round"]] = record
        self._series = {key: Series(tuple(r for _, r in sorted(of.items()))) for key, of in found.items()}

    def series(self, group: str, contestant: str) -> Series:
        """All rounds of one contestant, none where it was not measured."""
        return self._series.get((group, contestant), Series(()))

    def value(self, group: str, contestant: str, name: str = "seconds") -> float | None:
        """Median of a measured number."""
        spread = self.series(group, contestant).spread(name)
        return None if spread is None else spread.median

    def ratio(self, group: str, one: str, other: str, name: str = "seconds") -> Spread | None:
        """How many times as much `one` takes as `other`: the median over the rounds in which both were measured.

        Each ratio is of two measurements that followed each other, so that a machine that slows down between rounds
        moves both.
        """
        above, below = self.series(group, one).values(name), self.series(group, other).values(name)
        return Spread.of(above[r] / below[r] for r in above.keys() & below.keys() if below[r] > 0)

    def times(self, group: str, one: str, other: str, name: str = "seconds") -> float | None:
        """The median of `ratio` alone."""
        spread = self.ratio(group, one, other, name)
        return None if spread is None else spread.median
