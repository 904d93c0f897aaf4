"""Windows drawn from the counts of a reference: as many as wanted, and no row read again.

The reference is cut once into cells: the rows of one group of units in one block of time. Counts of cells add, so
that a drawn window is a sum of cells, and is judged as any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from dawnwatch.stats.distributions import f_above

__all__ = ["Apart", "Cells", "Draw", "RowDraw", "TimeEffect", "UnitDraw", "time_effect"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
LEVEL = 0.05
"""At which stretches of time must differ by more than chance before they are taken to differ at all."""


@dataclass(frozen=True)
class Cells:
    """What is counted, by time and group of units.

    Attributes
    ----------
    counts : shape (blocks, groups, ...), blocks in order of time; one group where rows are independent. Where several
        tables lie side by side, such as features, they are the next axis: shape (blocks, groups, tables, ...)
    """

    counts: Ints

    @property
    def blocks(self) -> int:
        """How many blocks of time there are."""
        return int(self.counts.shape[0])

    @property
    def groups(self) -> int:
        """How many groups of units there are."""
        return int(self.counts.shape[1])

    def whole(self, groups: Ints | None = None) -> Ints:
        """Return the counts of all time, of each of these groups, shape (*groups.shape, ...); of all where None."""
        return np.asarray(self._whole if groups is None else self._whole[groups])

    def run(self, starts: Ints | int, length: int, groups: Ints | None = None, tables: Ints | None = None) -> Ints:
        """Return the counts of `length` blocks from each start on, of each of these groups; of each table where given.

        Behind the last block comes the first again, so that every block is in as many stretches as any other: else
        the middle of the past would be drawn more often than its ends (Politis and Romano 1992).
        """
        groups = np.arange(self.groups) if groups is None else groups
        places = (np.asarray(starts), groups) if tables is None else (np.asarray(starts), groups, tables)
        return np.asarray(self._runs(length)[places])

    @cached_property
    def _whole(self) -> Ints:
        return np.asarray(self.counts.sum(axis=0))

    def _runs(self, length: int) -> Ints:
        """Return the counts of every stretch of this length, by where it begins; shape of `counts`."""
        if length == 1:
            return self.counts
        if length not in self._kept:
            total = self.counts.copy()
            for later in range(1, length):
                total += np.roll(self.counts, -later, axis=0)
            self._kept[length] = total
        return self._kept[length]

    @cached_property
    def _kept(self) -> dict[int, Ints]:
        return {}


class Draw(Protocol):
    """One drawn pair of windows, of which every table is drawn alike."""

    @property
    def common(self) -> int:
        """Where the current window's own stretch of time begins."""
        ...

    def current(self, cells: Cells, share: float) -> Ints:
        """Return the current window's counts, shape (groups, ...).

        Parameters
        ----------
        share : of the window that comes from one stretch of time, see `TimeEffect.share`
        """
        ...

    def reference(self, cells: Cells, share: float) -> Ints:
        """Return the reference's counts, shape (groups, ...)."""
        ...


@dataclass(frozen=True)
class UnitDraw:
    """A pair of windows of whole groups of units, drawn with replacement.

    Attributes
    ----------
    length : blocks of a stretch as long as a window
    groups : what each place of the current window is filled with, shape (places, fills)
    starts : where the stretch of each begins, shape (places, fills); any block, behind the last comes the first
    common : where the window's own stretch begins
    lot : in [0, 1), below `share` the fill is of the window's own stretch, shape (places, fills)
    others : what each place of the reference is filled with, shape (places,)
    stays : whether the units of a place are in both windows, as units that stay are, shape (places,)
    """

    length: int
    groups: Ints
    starts: Ints
    common: int
    lot: Floats
    others: Ints
    stays: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        rng: np.random.Generator,
        *,
        blocks: int,
        length: int,
        groups: int,
        fills: int = 1,
        staying: float = 0.0,
        common: int = 0,
    ) -> UnitDraw:
        """Draw a pair.

        Parameters
        ----------
        blocks : of the reference
        fills : how many cells make one place of a window, where what is drawn from holds fewer rows than a window
        staying : share of a window's rows whose units have rows at other times too
        common : where the window's own stretch begins
        """
        drawn = rng.integers(groups, size=(groups, fills))
        stays = rng.random(groups) < staying
        return cls(
            length=length,
            groups=drawn,
            starts=rng.integers(blocks, size=(groups, fills)),
            common=common,
            lot=rng.random((groups, fills)),
            others=np.where(stays, drawn[:, 0], rng.integers(groups, size=groups)),
            stays=stays,
        )

    def began(self, share: float | Floats) -> Ints:
        """Return where the stretch of each fill begins, shape (places, fills, *share.shape)."""
        shares = np.asarray(share)
        lot, starts = (of.reshape(*of.shape, *[1] * shares.ndim) for of in (self.lot, self.starts))
        return np.where(lot < shares, self.common, starts)

    def current_of_each(self, cells: Cells, shares: Floats) -> Ints:
        """Return what `current` does of several tables side by side, each with its share: (groups, tables, ...)."""
        tables = np.arange(shares.size)
        return np.asarray(cells.run(self.began(shares), self.length, self.groups[..., None], tables).sum(axis=1))

    def reference_of_each(self, cells: Cells, shares: Floats) -> Ints:
        """Return what `reference` does of several tables side by side; see `current_of_each`."""
        whole, both = cells.whole(self.others), np.flatnonzero(self.stays)
        mine, tables = self.groups[both, :1], np.arange(shares.size)
        whole[both] -= cells.run(self.began(shares)[both, 0], self.length, mine, tables)
        return whole

    def current(self, cells: Cells, share: float) -> Ints:
        """See `Draw.current`."""
        return np.asarray(cells.run(self.began(share), self.length, self.groups).sum(axis=1))

    def reference(self, cells: Cells, share: float) -> Ints:
        """See `Draw.reference`; a unit's rows of the current window are not in its reference."""
        whole = cells.whole(self.others)
        both = np.flatnonzero(self.stays)
        whole[both] -= cells.run(self.began(share)[both, 0], self.length, self.groups[both, 0])
        return whole


@dataclass(frozen=True)
class RowDraw:
    """A pair of windows of independent rows, drawn with replacement.

    Attributes
    ----------
    common : where the window's own stretch begins
    fills : rows of the current window for every row of a stretch as long as it
    """

    rng: np.random.Generator
    length: int
    common: int
    fills: float = 1.0

    def current(self, cells: Cells, share: float) -> Ints:
        """See `Draw.current`."""
        whole, own = cells.whole().ravel(), cells.run(self.common, self.length).ravel()
        rows = round(whole.sum() * self.length / cells.blocks * self.fills)
        mine = round(share * rows) if own.sum() else 0
        drawn = self._drawn(own, mine) + self._drawn(whole, rows - mine)
        return np.asarray(drawn.reshape(cells.counts.shape[1:]))

    def reference(self, cells: Cells, share: float) -> Ints:
        """See `Draw.reference`."""
        whole = cells.whole()
        return np.asarray(self._drawn(whole.ravel(), int(whole.sum())).reshape(whole.shape))

    def _drawn(self, counts: Ints, rows: int) -> Ints:
        if rows == 0:
            return np.zeros(counts.size, np.int64)
        return np.asarray(self.rng.multinomial(rows, counts / counts.sum()), np.int64)


class Apart(NamedTuple):
    """How far one stretch of time lies from all others."""

    distance: float
    """Squared, such as Pearson's statistic of the shares, or the square of a difference of AUCs."""
    noise: float
    """Its mean where time changes nothing."""
    degrees: float
    """Degrees of freedom of the distance."""


@dataclass(frozen=True)
class TimeEffect:
    """By how much stretches of the reference differ beyond chance.

    Attributes
    ----------
    windows : stretches compared, none of which overlap
    ratio : mean distance of a stretch over what chance alone would make it
    p_value : of "time changes nothing"
    error : relative standard error of the variance between windows
    """

    windows: int
    ratio: float
    p_value: float
    error: float

    @property
    def share(self) -> float:
        """What part of a drawn window comes from one stretch of time; 0 where time changes nothing to be seen.

        A stretch differs from all time by its own noise too. Taken whole, its noise would count twice: once as
        drawn, once as if it were season. With this part the variance between drawn windows is that between the
        reference's own stretches.
        """
        return sqrt(1 - 1 / self.ratio) if self.ratio > 1 and self.p_value <= LEVEL else 0.0


def time_effect(found: Sequence[Apart]) -> TimeEffect | None:
    """Return how far stretches of time lie apart, from stretches that do not overlap; None from fewer than two.

    Notes
    -----
    One-way analysis of variance: distances over their noise average 1 where time changes nothing, with
    (stretches - 1) times the degrees of freedom of one, since the stretches are compared with each other. A season that
    moves all bins in one direction has fewer: how unequal the distances are says so, and makes `error` larger.
    """
    noise = sum(one.noise for one in found)
    if len(found) < 2 or noise <= 0:
        return None
    ratio = sum(one.distance for one in found) / noise
    degrees = sum(one.degrees for one in found) * (len(found) - 1) / len(found)
    ratios = np.array([one.distance / one.noise for one in found if one.noise > 0])
    unequal = float(ratios.std(ddof=1) / ratios.mean()) / sqrt(ratios.size) if ratios.size > 1 and ratios.any() else 0.0
    return TimeEffect(len(found), ratio, f_above(ratio, degrees), max(sqrt(2 / degrees), unequal))
