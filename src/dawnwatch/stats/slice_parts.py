"""What a slice adds to an AUC's fall: its own getting worse, and there being more of it."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from dawnwatch.stats.clusters import spread
from dawnwatch.stats.distributions import t_above, t_quantile

__all__ = ["Part", "SliceParts", "slice_parts", "slice_parts_of_each"]

Floats = NDArray[np.float64]
Pairs = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the fall, in AUC, with its variance between groups of rows; None where there are no groups."""

    value: float
    variance: float | None
    degrees: float

    def interval(self, confidence: float = 0.95) -> tuple[float, float] | None:
        """Two-sided Student's interval; None without a variance."""
        if self.variance is None:
            return None
        half = t_quantile(confidence, self.degrees) * sqrt(self.variance)
        return self.value - half, self.value + half

    @property
    def p_value(self) -> float | None:
        """Of "the part is not above 0", one-sided; None without a variance."""
        if self.variance is None:
            return None
        if self.variance <= 0:
            return 0.0 if self.value > 0 else 1.0
        return float(t_above(self.value / sqrt(self.variance), self.degrees))


@dataclass(frozen=True, slots=True)
class SliceParts:
    """What a slice adds to the fall of the AUC; see `slice_parts`.

    Attributes
    ----------
    degradation : its rows are ranked worse than its rows were before
    composition : there are more of its rows than before, and they are ranked worse than others
    total : both
    base_rates : positives are more or fewer of the slice's rows, or of the rest's; of no side, and not in `total`
    grew : by how much its share of the rows rose
    worse : how much larger its mean placement loss is than that of all other rows, before and now
    """

    degradation: Part
    composition: Part
    total: Part
    base_rates: Part
    grew: Part
    worse: tuple[Part, Part]

    @property
    def grew_and_is_worse(self) -> float | None:
        """The p-value of "composition does no harm, its share did not rise, or it ranked or ranks no worse".

        All four must be refuted, so it is the largest of their p-values, each at the level of the whole (Berger). None
        without variances.

        References
        ----------
        Berger, Technometrics 24 (1982) 295-300.
        """
        values = [part.p_value for part in (self.composition, self.grew, *self.worse)]
        return max((value for value in values if value is not None), default=None)


def slice_parts(before: NDArray[np.int64], now: NDArray[np.int64]) -> SliceParts | None:
    """Split what a slice adds to an AUC's fall.

    Parameters
    ----------
    before, now : shape (groups, 2, 2, score bins)
        Rows per group, rest or slice, label (negative, positive) and score bin, score bins increasing. Groups are the
        same in both; one group alone gives no variances.

    Returns
    -------
    None where the slice or the rest has no rows in one of the windows, or a window lacks a class.

    Notes
    -----
    1 - AUC is a sum over kinds of pairs, a positive in the slice or the rest and a negative in the slice or the rest:
    the kind's share of all pairs times the share of its pairs in the wrong order. The fall is exactly the sum over
    kinds of the mean share of both windows times the change of the wrong part, and of the change of the share times
    the mean wrong part (Kitagawa). The former are the degradation; pairs of a row in the slice and one outside count
    half for the slice. So a slice that scores too high or too low as a whole adds to the fall although its own AUC
    holds, and one that only grew has no degradation.

    A kind's share of the pairs follows from the slice's share of the rows and the base rates of slice and rest. What
    the former changes, averaged over the base rates of both windows, is the composition; what the latter change, over
    the shares of both, is `base_rates` (two factors by Shapley, as Das Gupta standardises rates). Where the labels
    follow the features less than before, a slice of high scores has fewer positives, and so fewer pairs, with not a
    row more or less: that is no composition.

    Variances are the jackknife's, a group left out of both windows at once and all rows ranked anew.

    References
    ----------
    Kitagawa, Journal of the American Statistical Association 50 (1955) 1168-1194. Das Gupta, Standardization and
    Decomposition of Rates, U.S. Bureau of the Census, Current Population Reports P23-186 (1993).
    """
    whole = _split(*(_pairs(table.sum(axis=0, keepdims=True)) for table in (before, now)))
    if not np.isfinite(whole).all():
        return None
    filled = (before.sum(axis=(1, 2, 3)) > 0) | (now.sum(axis=(1, 2, 3)) > 0)
    left_out = None
    if filled.sum() > 1:
        left_out = _split(*(_pairs_without(table) for table in (before, now)))[:, filled]
        left_out = left_out if np.isfinite(left_out).all() else None
    return _of_split(whole, 0, left_out)


def slice_parts_of_each(before: NDArray[np.int64], now: NDArray[np.int64]) -> list[SliceParts | None]:
    """Return `slice_parts`, without variances, of each of a set of slices that together are all rows.

    Parameters
    ----------
    before, now : shape (slices, 2, score bins)
    """
    tables = [np.stack([side.sum(axis=0) - side, side], axis=1) for side in (before, now)]
    found = _split(*(_pairs(table) for table in tables))
    known = np.asarray(np.isfinite(found).all(axis=0))
    return [_of_split(found, at, None) if known[at] else None for at in range(len(before))]


def _of_split(found: Floats, at: int, left_out: Floats | None) -> SliceParts:
    """Return the parts of one of the sets, with the variances of what they are without each group."""
    parts = [_part(float(value), None if left_out is None else left_out[i]) for i, value in enumerate(found[:, at])]
    degradation, composition, total, base_rates, grew, before, now = parts
    return SliceParts(degradation, composition, total, base_rates, grew, (before, now))


def _pairs(tables: NDArray[np.int64]) -> Pairs:
    """Return rows per part and label, and the pairs in the wrong order, of each table."""
    return tables.sum(axis=3).astype(np.float64), _wrong(tables, tables)


def _pairs_without(table: NDArray[np.int64]) -> Pairs:
    """Return the same of the whole table without each group in turn.

    The wrong pairs without a group are all, less those of its positives, less those of its negatives, and those within
    it once more, which were taken off twice.
    """
    whole = table.sum(axis=0, keepdims=True)
    wrong = _wrong(whole, whole) - _wrong(table, whole) - _wrong(whole, table) + _wrong(table, table)
    return (whole - table).sum(axis=3).astype(np.float64), wrong


def _wrong(positives: NDArray[np.int64], negatives: NDArray[np.int64]) -> Floats:
    """Return how many pairs are in the wrong order, ties one half: [table, part of the positive, of the negative]."""
    of_positives, of_negatives = positives[:, :, 1].astype(np.float64), negatives[:, :, 0].astype(np.float64)
    above = of_negatives.sum(axis=2, keepdims=True) - np.cumsum(of_negatives, axis=2) + of_negatives / 2
    return np.asarray(of_positives @ np.swapaxes(above, 1, 2))


def _split(before: Pairs, now: Pairs) -> Floats:
    """Return the fields of `SliceParts` from degradation to worse, shape (7, sets)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        sides = [_Side.of(*pairs) for pairs in (before, now)]
        mean_wrong = (sides[0].wrong + sides[1].wrong) / 2
        degraded = (sides[0].kinds + sides[1].kinds) / 2 * (sides[1].wrong - sides[0].wrong)
        degradation = degraded[:, 1, 1] + (degraded[:, 0, 1] + degraded[:, 1, 0]) / 2
        # A window's share of the rows with a window's base rates: [share of, base rates of].
        crossed = [[_kinds(share.share, rate.rate) for rate in sides] for share in sides]
        grown = (crossed[1][0] - crossed[0][0] + crossed[1][1] - crossed[0][1]) / 2
        relabelled = (crossed[0][1] - crossed[0][0] + crossed[1][1] - crossed[1][0]) / 2
        composition, base_rates = ((moved * mean_wrong).sum(axis=(1, 2)) for moved in (grown, relabelled))
        grew = sides[1].share[:, 1] - sides[0].share[:, 1]
        worse = [side.losses[:, 1] - side.losses[:, 0] for side in sides]
    return np.array([degradation, composition, degradation + composition, base_rates, grew, *worse])


@dataclass(frozen=True)
class _Side:
    """One window's sets of rows, each split into rest and slice."""

    share: Floats
    """Of the rows, [set, part]."""
    rate: Floats
    """Share of positives in it, [set, part]."""
    kinds: Floats
    """Share of the pairs, [set, part of the positive, of the negative]."""
    wrong: Floats
    """Part of them in the wrong order."""

    @classmethod
    def of(cls, rows: Floats, wrong: Floats) -> _Side:
        """From rows [set, part, label] and the pairs in the wrong order."""
        of_part = rows.sum(axis=2)
        share, rate = of_part / of_part.sum(axis=1, keepdims=True), rows[:, :, 1] / of_part
        return cls(share, rate, _kinds(share, rate), wrong / (rows[:, :, None, 1] * rows[:, None, :, 0]))

    @property
    def losses(self) -> Floats:
        """Mean placement loss, [set, part]."""
        lost = self.kinds * self.wrong
        weight = self.kinds.sum(axis=2) + self.kinds.sum(axis=1)
        return np.asarray((lost.sum(axis=2) + lost.sum(axis=1)) / weight)


def _kinds(share: Floats, rate: Floats) -> Floats:
    """Return each kind's share of all pairs, [set, part of the positive, of the negative]."""
    positives, negatives = share * rate, share * (1 - rate)
    of_positives = positives / positives.sum(axis=1, keepdims=True)
    of_negatives = negatives / negatives.sum(axis=1, keepdims=True)
    return np.asarray(of_positives[:, :, None] * of_negatives[:, None, :])


def _part(value: float, left_out: Floats | None) -> Part:
    if left_out is None:
        return Part(value, None, 0.0)
    groups = left_out.size
    apart = left_out - left_out.mean()
    variance = (groups - 1) / groups * float(apart @ apart)
    effective = spread(apart[None, :], 1).groups if variance > 0 else float(groups)
    return Part(value, variance, effective - 1)
