"""What scores are worth beside waiting on the same rows: overall, in a slice, in a block of time."""

from __future__ import annotations

from typing import Literal

from dawnwatch.model.base import Frozen
from dawnwatch.model.measurement import Interval

__all__ = ["HIGHER_IS_BETTER", "BlockGains", "Gain", "Metric", "ReliabilityPart", "SliceGain"]

Metric = Literal["auc", "log_loss", "brier", "ece", "precision", "recall", "cost"]
"""The last three are of the answers at `[model] threshold`; `cost` is the mean of a row, by `[costs]`."""
HIGHER_IS_BETTER: frozenset[Metric] = frozenset({"auc", "precision", "recall"})


class Gain(Frozen):
    """One measure of a candidate on the judged rows, beside what waiting has on the same rows."""

    metric: Metric
    value: float
    waiting: float
    gain: float
    """How much better than waiting; above 0 is better, whichever way the metric goes."""
    interval: Interval | None = None
    """Of `gain`, at the replay's `confidence`; null where `reason` says why nobody can tell."""
    joint: Interval | None = None
    """The same at the candidate's `joint_confidence`; only of what it is judged by. Advice rests on it."""
    p_value: float | None = None
    """Of "no better and no worse than waiting"."""
    rows: int
    reason: str | None = None


class SliceGain(Frozen):
    """The AUC's gain within a slice."""

    column: str
    value: str
    rows: int
    auc: Gain | None
    """Null where `reason` says why it was not computed."""
    reason: str | None = None

    @property
    def name(self) -> str:
        """The slice in words."""
        return f"{self.column} = {self.value}"


class BlockGains(Frozen):
    """What a candidate would have come to in one block of the judged rows."""

    learned_rows: int | None = None
    """Null where nothing was learned."""
    gains: list[Gain] = []
    """Of the AUC, and where scores are chances of the log loss; each interval stands on its own."""
    reason: str | None = None
    """Why a measure was not computed."""

    def gain(self, metric: Metric) -> Gain | None:
        """Return the gain in this metric; None where it was not computed."""
        return next((one for one in self.gains if one.metric == metric), None)


class ReliabilityPart(Frozen):
    """Judged rows of neighbouring scores: what these promise, and what came true."""

    predicted: float
    """Mean score."""
    observed: float
    """Share of positives."""
    interval: Interval | None
    """Of `observed`, at the replay's `confidence`, each on its own; null where one group of units holds all rows."""
    rows: int
