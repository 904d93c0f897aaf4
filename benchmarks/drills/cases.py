"""What is measured: incidents by kind, strength and seed, and clean windows by split, size and order.

Seeds below `REPORTED` are for tuning; a report takes the others. `lectures` is never tuned on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

from dawnwatch.drills.data.base import DataSet
from dawnwatch.drills.play import ROWS
from dawnwatch.drills.registry import all_kinds
from dawnwatch.drills.truth import Strength

__all__ = ["CLEAN_SPLITS", "REPORTED", "SIZES", "WINDOWS", "Case", "clean", "incidents", "of_kinds", "seeds_of"]

REPORTED = range(10, 30)
CLEAN_SPLITS = range(10, 60)
"""Seeds of the splits that clean windows are drawn in."""
WINDOWS = 10
"""Clean windows of each size in a split."""
SIZES = (500, 2000, 5000)


@dataclass(frozen=True)
class Case:
    """One window. `work` is incident, units (a clean one of whole units) or time (one in order of time)."""

    work: str
    data: str
    name: str
    strength: Strength
    rows: int
    split: int
    window: int

    @property
    def key(self) -> dict[str, Any]:
        """What its record is known by."""
        return {
            "scale": "full",
            "work": self.work,
            "group": f"{self.data} {self.name} {self.strength}",
            "rows": self.rows,
            "round": self.window,
        }


def incidents(data: DataSet, seeds: range, strengths: tuple[Strength, ...] = get_args(Strength)) -> Iterator[Case]:
    """Every kind that the data can show, at every strength; one that has none, and no clean window, only once."""
    for seed in seeds:
        for kind in all_kinds():
            if kind.name == "clean" or not kind.applies(data):
                continue
            for strength in strengths if kind.measure else ("middle",):
                yield Case("incident", data.name, kind.name, strength, ROWS, seed, seed)


def of_kinds(cases: Iterable[Case], kinds: Iterable[str]) -> Iterator[Case]:
    """Keep the incidents of these kinds."""
    wanted = frozenset(kinds)
    return (case for case in cases if case.name in wanted)


def clean(data: DataSet, work: str, splits: range, sizes: tuple[int, ...] = SIZES) -> Iterator[Case]:
    """Windows of whole units, or in order of time, in which nothing was injected."""
    for split in splits:
        for rows in sizes:
            for window in range(WINDOWS):
                yield Case(work, data.name, "clean", "middle", rows, split, split * 1000 + window)


def seeds_of(text: str) -> range:
    """Return the seeds of "10-29", or of "7". Raises ValueError."""
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)
