"""The AUC and its fall as they stand in a packet: of a window, a slice, a bin, or a version of the model."""

from __future__ import annotations

from typing import Literal

from dawnwatch.model.base import Frozen
from dawnwatch.model.enums import Outcome
from dawnwatch.model.measurement import Interval, Significance
from dawnwatch.model.needed import Needed

__all__ = ["Auc", "BinPerformance", "Drop", "SlicePerformance", "VersionPerformance"]


class Auc(Frozen):
    """Area under the ROC curve in one window; `value` is null where it could not be computed."""

    value: float | None
    interval: Interval | None
    n: int
    """Rows with both a label and a score."""
    positives: int
    bound: float = 0.0
    """Largest possible error of `value` from score bins; 0 where it is exact."""
    variance: float | None = None
    """Of `value` between windows like this one: between groups of units where they are known, else DeLong's."""


class Drop(Frozen):
    """Reference minus current: positive means worse."""

    value: float | None
    interval: Interval | None
    confidence: float
    """Level of `interval`, which is of this drop alone; `significance` takes account of all tests of the run."""
    outcome: Outcome = Outcome.NOT_COMPUTED
    """What this drop alone came to; `performance.outcome` takes the slices in."""
    significance: Significance | None = None
    """Whether the drop is more than chance; null where size alone is judged."""
    needed: Needed | None = None
    """What the window lacks to tell this drop, or one as large as the threshold, from noise; null where it lacks
    nothing."""


class SlicePerformance(Frozen):
    """One value of a declared slice column."""

    column: str
    value: str
    reference: Auc
    current: Auc
    drop: Drop
    outcome: Outcome
    reason: str | None = None

    @property
    def name(self) -> str:
        """Which slice it is, such as "device = mobile"."""
        return f"{self.column} = {self.value}"


class BinPerformance(Frozen):
    """One bin of a watched feature that is no declared slice, or the known or new units: for reading, not judged."""

    column: str
    value: str
    reference: Auc
    current: Auc


class VersionPerformance(Frozen):
    """One version of the model in the current window, beside all others there."""

    version: str
    rows: int
    share: float
    """Of the window's rows."""
    reference_share: float
    """Of the performance baseline's rows; 0 for a version it never held."""
    auc: Auc
    """On the rows this version scored, from score bins with their bound."""
    others: Auc
    """On all other rows of the window."""
    drop: Drop
    """AUC of the others minus this version's, or of the performance baseline if that is lower, as `against` says."""
    against: Literal["others", "the performance baseline"]
    other_kinds: bool = False
    """Whether it seemed worse and scored other kinds of rows than what it is held against. Then `drop` is of rows
    weighted to its kinds, and null where too few are alike; the AUCs are of the rows as they are."""
    score_psi: float | None
    """How far its scores are distributed from the others': PSI over 16 score bins; null where there are no others."""
    outcome: Outcome
    explains: bool = False
    """Whether the AUC fell beyond its threshold, and would not have without this version's rows."""
    reason: str | None = None
