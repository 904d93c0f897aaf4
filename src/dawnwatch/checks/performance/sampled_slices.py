"""The sampled rows of both windows, ready to have any slice of them measured."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.coded_sample import CodedSample
from dawnwatch.model.plan import UNIT_GROUPS
from dawnwatch.stats.placements import placement_losses, placement_weights
from dawnwatch.stats.slice_excess import SliceExcess, clustered_excess, slice_excess
from dawnwatch.stats.slice_parts import SliceParts, slice_parts

__all__ = ["Conditions", "Least", "Mask", "SampledPair", "SampledSide"]

SCORE_BINS = 256
"""Bins of the scores in the jackknife's tables."""
HALF_BIT = 6
"""Bit of a unit's hash that tells the halves apart; the lower six tell its group."""
Mask = NDArray[np.bool_]
Conditions = tuple[tuple[str, int], ...]
"""Column and bin code of each condition of a slice."""


@dataclass(frozen=True)
class Least:
    """What a slice and the rest must hold, in either window, to be measured."""

    rows: int
    per_class: int
    units: int


@dataclass(frozen=True)
class ColumnBins:
    """What every bin of a column holds in one window's sample.

    Attributes
    ----------
    rows : per label (negative, positive) and score bin, shape (bins, 2, score bins)
    units : distinct units, shape (bins,)
    """

    rows: NDArray[np.int64]
    units: NDArray[np.int64]

    def size(self, code: int) -> int:
        """Return how many rows a bin holds."""
        return int(self.rows[code].sum())


@dataclass(frozen=True)
class SampledSide:
    """One window's sampled rows, with both classes among them."""

    coded: CodedSample

    @cached_property
    def halves(self) -> tuple[SampledSide, SampledSide]:
        """The rows of one half of the units, and of the other; a unit is in the same half in every window."""
        second = (self.coded.units >> np.uint64(HALF_BIT)) & np.uint64(1) == 1
        return SampledSide(self.coded.only(~second)), SampledSide(self.coded.only(second))

    def holds(self, conditions: Conditions) -> Mask:
        """Return which rows meet all conditions."""
        masks = [self.coded.bins[column] == code for column, code in conditions]
        return np.asarray(np.logical_and.reduce(masks))

    @cached_property
    def both(self) -> bool:
        """Whether there are rows of both classes."""
        return bool(self.coded.labels.any() and not self.coded.labels.all())

    @cached_property
    def losses(self) -> NDArray[np.float64]:
        """Placement loss of each row; see `stats.placements`."""
        return placement_losses(self.coded.labels, self.coded.scores)

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """Weights with which the losses sum to 1 - AUC."""
        return placement_weights(self.coded.labels)

    @cached_property
    def groups(self) -> NDArray[np.int64]:
        """Group of each row's unit."""
        return (self.coded.units & np.uint64(UNIT_GROUPS - 1)).astype(np.int64)

    @cached_property
    def _units(self) -> NDArray[np.int64]:
        """Number of each row's unit, from 0."""
        return np.unique(self.coded.units, return_inverse=True)[1].astype(np.int64).reshape(-1)

    @cached_property
    def _positive(self) -> Mask:
        return np.asarray(self.coded.labels == 1)

    @cached_property
    def _ranks(self) -> NDArray[np.int64]:
        return np.unique(self.coded.scores, return_inverse=True)[1].astype(np.int64).reshape(-1)

    @cached_property
    def _coarse(self) -> NDArray[np.int64]:
        return self._ranks * SCORE_BINS // (int(self._ranks.max(initial=0)) + 1)

    @cached_property
    def all_counts(self) -> NDArray[np.int64]:
        """What `counts` gives of all rows."""
        return self.counts(np.ones(self.coded.rows, bool))

    @cached_property
    def all_tables(self) -> NDArray[np.int64]:
        """What `tables` gives of all rows."""
        return self.tables(np.ones(self.coded.rows, bool))

    def counts(self, inside: Mask) -> NDArray[np.int64]:
        """Return rows per label and distinct score, shape (2, scores)."""
        size = int(self._ranks.max(initial=0)) + 1
        at = self.coded.labels[inside] * size + self._ranks[inside]
        return np.bincount(at, minlength=2 * size).reshape(2, size)

    def tables(self, inside: Mask) -> NDArray[np.int64]:
        """Return rows per group of units, label and score bin, shape (groups, 2, score bins)."""
        at = (self.groups[inside] * 2 + self.coded.labels[inside]) * SCORE_BINS + self._coarse[inside]
        cells = UNIT_GROUPS * 2 * SCORE_BINS
        return np.bincount(at, minlength=cells).reshape(UNIT_GROUPS, 2, SCORE_BINS)

    def split(self, inside: Mask) -> NDArray[np.int64]:
        """Return rows per group of units, rest or slice, label and score bin, shape (groups, 2, 2, score bins)."""
        at = ((self.groups * 2 + inside) * 2 + self.coded.labels) * SCORE_BINS + self._coarse
        return np.bincount(at, minlength=UNIT_GROUPS * 4 * SCORE_BINS).reshape(UNIT_GROUPS, 2, 2, SCORE_BINS)

    def column(self, name: str, bins: int) -> ColumnBins:
        """Return what each of a column's bins, of which there are so many, holds."""
        codes = self.coded.bins[name].astype(np.int64)
        at = (codes * 2 + self.coded.labels) * SCORE_BINS + self._coarse
        rows = np.bincount(at, minlength=bins * 2 * SCORE_BINS).reshape(bins, 2, SCORE_BINS)
        every = int(self._units.max(initial=0)) + 1
        held = np.unique(codes * every + self._units) // every
        return ColumnBins(rows, np.bincount(held, minlength=bins))

    def enough_of(self, column: ColumnBins, least: Least) -> Mask:
        """Return for each bin of a column what `enough` says of it, shape (bins,)."""
        classes = column.rows.sum(axis=2)
        others = classes.sum(axis=0) - classes
        fewest = np.minimum(classes.min(axis=1), others.min(axis=1))
        rows = np.minimum(classes.sum(axis=1), others.sum(axis=1))
        return np.asarray((rows >= least.rows) & (fewest >= least.per_class) & (column.units >= least.units))

    def enough(self, inside: Mask, least: Least) -> bool:
        """Whether the slice and the rest hold rows, and the slice units, enough to be measured."""
        rows = int(np.count_nonzero(inside))
        positives = int(np.count_nonzero(inside & self._positive))
        others = int(np.count_nonzero(self._positive)) - positives
        fewest = min(positives, rows - positives, others, self.coded.rows - rows - others)
        return bool(
            rows >= least.rows
            and self.coded.rows - rows >= least.rows
            and fewest >= least.per_class
            and (least.units == 0 or np.count_nonzero(np.bincount(self._units[inside])) >= least.units)
        )


@dataclass(frozen=True)
class SampledPair:
    """Both windows' sampled rows.

    Attributes
    ----------
    clustered : whether rows of one unit are taken to belong together
    """

    before: SampledSide
    now: SampledSide
    clustered: bool

    @property
    def halves(self) -> tuple[SampledPair, SampledPair]:
        """One half of the units, and the other."""
        first, second = zip(self.before.halves, self.now.halves, strict=True)
        return SampledPair(*first, self.clustered), SampledPair(*second, self.clustered)

    @property
    def both(self) -> bool:
        """Whether each window has rows of both classes."""
        return self.before.both and self.now.both

    def masks(self, conditions: Conditions) -> tuple[Mask, Mask]:
        """Return which rows meet all conditions, before and now."""
        return self.before.holds(conditions), self.now.holds(conditions)

    def enough(self, masks: tuple[Mask, Mask], least: Least) -> bool:
        """Whether a slice can be measured in both windows."""
        return self.before.enough(masks[0], least) and self.now.enough(masks[1], least)

    def independent(self, masks: tuple[Mask, Mask]) -> SliceExcess | None:
        """Return the slice's fall beside the rest's, rows taken as independent."""
        sides = tuple(zip((self.before, self.now), masks, strict=True))
        inside = tuple(side.counts(mask) for side, mask in sides)
        rest = tuple(side.all_counts - table for (side, _), table in zip(sides, inside, strict=True))
        return slice_excess((inside[0], inside[1]), (rest[0], rest[1]))

    def by_unit(self, masks: tuple[Mask, Mask], alone: SliceExcess) -> SliceExcess | None:
        """Return the same falls with the variances that units give, where rows have them."""
        if not self.clustered:
            return alone
        sides = tuple(zip((self.before, self.now), masks, strict=True))
        inside = tuple(side.tables(mask) for side, mask in sides)
        rest = tuple(side.all_tables - table for (side, _), table in zip(sides, inside, strict=True))
        return clustered_excess(alone, (inside[0], inside[1]), (rest[0], rest[1]))

    def bins(self, name: str) -> tuple[ColumnBins, ColumnBins]:
        """Return what each bin of a column holds, before and now."""
        sides = (self.before, self.now)
        bins = 1 + max(int(side.coded.bins[name].max(initial=0)) for side in sides)
        before, now = (side.column(name, bins) for side in sides)
        return before, now

    def parts(self, masks: tuple[Mask, Mask]) -> SliceParts | None:
        """Return what the slice adds to the overall fall."""
        before, now = (side.split(mask) for side, mask in zip((self.before, self.now), masks, strict=True))
        return slice_parts(before, now)
