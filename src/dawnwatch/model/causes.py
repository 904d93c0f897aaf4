"""Why the metric fell: parts that add up to the fall, as they stand in a packet."""

from __future__ import annotations

from typing import Literal

from dawnwatch.model.base import Frozen
from dawnwatch.model.measurement import Interval

__all__ = ["CAUSE_ORDER", "UNEXPLAINED", "Cause", "CauseName", "CauseSlice", "Harm", "LabelShift", "PairGroup", "Split"]

CauseName = Literal["maturity", "serving", "quality", "novelty", "mix", "concept"]

CAUSE_ORDER: tuple[CauseName, ...] = ("maturity", "serving", "quality", "novelty", "mix", "concept")
"""The order in which a fall is taken apart: each part is only defined after those before it."""
UNEXPLAINED = "What explains"
"""How an open question begins that says why a fall is not taken apart; the reason follows its first colon."""


class CauseSlice(Frozen):
    """Part of a cause that one kind of rows, or one feature, carries."""

    column: str
    value: str | None
    """Null where it is the whole column's."""
    amount: float
    """Of the fall, in the metric; positive means worse. Of a concept it is by how much more than if all rows had part
    in the fall alike, and only slices stand there of which that is sure."""
    interval: Interval | None
    """At the run's `confidence`; of a concept at that of all the bins searched together."""


class Cause(Frozen):
    """One part of the fall. Parts of one packet add up to the fall, to rounding."""

    cause: CauseName
    column: str | None
    """The column it is about, as the unit of new units; null where it concerns rows of any kind."""
    amount: float
    """How much of the fall it explains, in the metric; positive means worse, negative that it hid some."""
    interval: Interval | None
    resolvable: bool = True
    """False where two causes could not be told apart; `text` says which, and what would tell them apart."""
    text: str = ""
    """One sentence a person reads."""
    assumptions: list[str] = []
    top_slices: list[CauseSlice] = []

    @property
    def shown(self) -> bool:
        """Whether it surely took something from the metric: its interval lies above zero."""
        return self.interval is not None and self.interval[0] > 0

    @property
    def offsets(self) -> bool:
        """Whether it surely gave something to the metric, and so hid some of the fall: its interval lies below zero."""
        return self.interval is not None and self.interval[1] < 0


class Harm(Frozen):
    """What one feature's changed mix alone takes from the metric, whatever its band."""

    column: str
    amount: float
    """Positive means worse."""
    interval: Interval | None


class PairGroup(Frozen):
    """The AUC's pairs by whether the model knew the units of both rows: then, in the new shares, and now.

    An AUC is no mean over rows, so pairs of a known and a new unit are neither's own.
    """

    which: Literal["known", "new", "across"]
    share: float
    """Of the current window's pairs."""
    then: float | None
    then_interval: Interval | None
    now: float
    now_interval: Interval | None


class LabelShift(Frozen):
    """More or fewer positives, each class scored as before: a rival reading of the data, which leaves the AUC alone."""

    then: float
    """Positives' share of the labelled and scored rows of the performance baseline."""
    now: float
    interval: Interval
    """Of the change."""
    scores_moved: float
    """Total variation between the scores then and now, in 8 bins."""
    fit: float | None
    """How much of that the labels' shares alone would explain, from 0 to 1; null where the scores did not move."""
    along: float | None = None
    """The change of share that the scores alone speak for, as a share of that of the labels: about 1 where only the
    labels' shares moved, about 0 where rows scored as before came true otherwise. Null in older packets."""


class Split(Frozen):
    """A fall taken apart, before anyone put it in words."""

    parts: list[Cause] = []
    """In the order of `CAUSE_ORDER`; empty where it could not be taken apart."""
    harms: list[Harm] = []
    pairs: list[PairGroup] = []
    label_shift: LabelShift | None = None
    ruled_out: list[str] = []
    """What was looked at and is no part of it, a sentence each."""
    unresolved: list[str] = []
    """What could not be told, and what would tell it, a sentence each."""
