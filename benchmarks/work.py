"""What a benchmark is made of: works, groups of contestants on the same data, and targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.figures import Figures

__all__ = ["DESIGN", "SCALES", "Contestant", "Group", "Scale", "Target", "Work", "works"]

HERE = Path(__file__).parent
DESIGN = "the design"


@dataclass(frozen=True)
class Scale:
    """How large a run is: the sizes of the works divided by `divisor`, of which `most` are run."""

    name: str
    divisor: int = 1
    most: int | None = None

    def rows(self, full: int) -> int:
        """Rows that stand for `full` rows of the whole benchmark."""
        return max(full // self.divisor, 1000)

    def sizes(self, *full: int) -> list[int]:
        """As `rows`, for a series."""
        return [self.rows(rows) for rows in full[: self.most]]


SCALES = {scale.name: scale for scale in (Scale("full"), Scale("trial", 10), Scale("smoke", 500, most=2))}


@dataclass(frozen=True)
class Contestant:
    """One way to do a group's work.

    Attributes
    ----------
    call : function that prepares it, "module:function" of ours or "script:function" in `peers`
    env : the peer environment that runs it; the project's own where None
    about : the peer environment that is looked at, where it does not run there
    settings : added to the group's task
    variables : environment variables of its process
    limit : whether it only shows what the machine allows
    """

    name: str
    call: str
    env: str | None = None
    about: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    packages: tuple[str, ...] = ()
    limit: bool = False
    note: str = ""

    @property
    def peer(self) -> str | None:
        """The environment that must have been installed for it; None where the project's own does."""
        return self.env or self.about


@dataclass(frozen=True)
class Group:
    """Contestants that do the same work on the same data, measured in turns.

    Attributes
    ----------
    data : makes the data where it is not there yet, and returns the task: plain JSON values
    base : contestant that the others' ratios refer to
    agree : parts of the answer in which all who give them must agree
    rounds : measurements of each, where other than the run's
    """

    name: str
    rows: int
    data: Callable[[], Mapping[str, Any]]
    contestants: tuple[Contestant, ...]
    base: str
    agree: tuple[str, ...] = ()
    note: str = ""
    rounds: int | None = None


@dataclass(frozen=True)
class Target:
    """What the project aims for. `reached` reads it off the figures; None where it was not measured.

    Attributes
    ----------
    text : the aim, in words
    source : where it was set; "proposed" where it stands in no design document
    limit : the number to hold; `sense` says on which side
    """

    text: str
    reached: Callable[[Figures], float | None]
    limit: float
    sense: str = "at least"
    unit: str = "×"
    source: str = "proposed"

    def met(self, value: float) -> bool:
        """Whether `value` holds it."""
        return value >= self.limit if self.sense == "at least" else value <= self.limit


@dataclass(frozen=True)
class Work:
    """One question, asked of several."""

    name: str
    title: str
    groups: Callable[[Scale], list[Group]]
    targets: tuple[Target, ...] = ()
    notes: tuple[str, ...] = ()


def works(*only: str) -> list[Work]:
    """Return the works whose modules (`w1_…`, `w2_…`) stand beside this one, all or those named."""
    found = [import_module(f"benchmarks.{path.stem}").WORK for path in sorted(HERE.glob("w[0-9]*_*.py"))]
    unknown = set(only) - {work.name for work in found}
    if unknown:
        raise SystemExit(f"no work {', '.join(sorted(unknown))}; there are {', '.join(w.name for w in found)}")
    return [work for work in found if not only or work.name in only]
