"""How far one feature, the scores or the labels moved, as it stands in a packet."""

from __future__ import annotations

from typing import Literal

from dawnwatch.model.base import Frozen
from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.measurement import Interval, Significance

__all__ = ["BinShare", "Clock", "FeatureDrift", "Follows", "OutputDrift", "UnseenValue"]


class BinShare(Frozen):
    """One bin of a feature: its share of the rows in each window (unsmoothed) and its part of the PSI."""

    bin: str
    reference: float
    current: float
    contribution: float


class UnseenValue(Frozen):
    """A category that the reference never held."""

    value: str
    rows: int
    undercount: int = 0
    """How many rows `rows` may lack at most: 0 unless the window held over a thousand such values."""


class Beyond(Frozen):
    """Rows whose number lies beyond all that the reference held: more of them than chance brings. It informs."""

    side: Literal["below", "above"]
    share: float
    """Of the sampled rows."""
    rows: int
    """Sampled rows."""
    furthest: float
    """The lowest or highest of them."""
    reference_low: float
    reference_high: float
    message: str


class Clock(Frozen):
    """Rows in which a feature that followed from the time of day contradicts the logged time of its row.

    A change of mix brings other hours and leaves each row with the value of its own, so this is a fault of the data.
    """

    hours: list[int]
    """How far ahead of the logged time the clock is that explains most of them, from -11 to 12; further ones where they
    explain nearly as much."""
    share: float
    """Of the sampled rows, those that contradict their time."""
    interval: Interval
    """Of `share`, at the run's `confidence`."""
    reference_share: float
    """The same share in the drift baseline; at most 2 %, or the hour would not have told the value."""
    fit: float
    """Share of the contradicting rows that are right on that clock, of those it puts at a known hour."""
    by_chance: float
    """The same share if these rows had any other value, each as often as in the drift baseline."""
    rows: int
    """Sampled rows that were asked."""
    shown: bool
    """Whether both are more than chance at the run's error budget, and the clock explains nine tenths."""
    message: str


class Follows(Frozen):
    """Another feature whose shift brings this one's along: each of its values came with rows as they always were."""

    feature: str
    share: float
    """Part of what the most popular values gained that weighting the sampled rows of the drift baseline to the other
    feature's shares now gives by itself; four fifths or more, or half or more and more
    than the other way round."""
    rows: int
    """Sampled rows of the drift baseline that were weighted."""
    message: str


class FeatureDrift(Frozen):
    """How one feature's distribution moved. `psi` and `band` are null where `reason` says why not.

    `interval`, `by_chance` and what `significance` could have shown are of the PSI, whatever `method` is: the test is
    of the shares of the bins, not of one distance.
    """

    name: str
    kind: Literal["categorical", "numeric"]
    psi: float | None
    band: Band | None
    outcome: Outcome
    yellow: float
    red: float
    reference_rows: int
    current_rows: int
    bins: list[BinShare] = []
    moved_most: str | None = None
    """The bin with the largest part of the PSI, in words."""
    by_chance: float | None = None
    """What PSI averages by chance alone where nothing moved: for independent rows (bins in use - 1)(1 / rows then +
    1 / rows now), and that many times the design effect where a unit is known."""
    by_chance_limit: float | None = None
    """What PSI stays below 19 times in 20 by chance alone where nothing moved: rows independent, or units where a unit
    is known. Null where it was not tested, and in older packets."""
    interval: Interval | None = None
    """Of the PSI beyond chance, at the run's `confidence`: of what `psi` would be without what sampling adds to it, so
    it may lie below `psi`; near zero it covers the truth more often than that."""
    significance: Significance | None = None
    """Whether `psi` is more than chance; null where size alone is judged."""
    unseen: list[UnseenValue] = []
    """Up to 10 of the most frequent values the reference never held."""
    clock: Clock | None = None
    """Null where under 1 % of the rows contradict their time, where the hour did not tell the value, and in older
    packets."""
    beyond: Beyond | None = None
    """Null where under 1 % of the sampled rows lie beyond the reference's numbers, or no more units than chance brings,
    where a range is configured, which has a check of its own, and in older packets."""
    follows: Follows | None = None
    """Asked where a few of its most popular values took over; null where no other feature accounts for that, where no
    rows are sampled, and in older packets."""
    reason: str | None = None
    method: str = "psi"
    """The distance that `band`, `yellow` and `red` are of, as in the configuration."""
    distances: dict[str, float] = {}
    """Every distance that could be read off the bins, the PSI among them, by the same names; those that need an order
    of numbers alone. Empty in older packets."""

    @property
    def size(self) -> float | None:
        """What its bands are held against: the PSI, or the distance that was chosen in its place."""
        return self.psi if self.method == "psi" else self.distances.get(self.method)


class OutputDrift(FeatureDrift):
    """How the distribution of the scores, or of the labels, moved; of a label `psi` is over its two values.

    It stands apart from the features, and is no part of `drift.outcome` unless it raises severity.
    """

    what: Literal["prediction", "label"]
    against: str
    """The window it is compared with: the performance baseline."""
    raises: bool
    """Whether a rule of this run's severity table asks for it; else it informs."""
    reading: str
    """What it tells in this run and what not, in words."""
