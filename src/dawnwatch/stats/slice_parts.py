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
    shares : of all rows' weight, before and now
    losses : mean placement loss in the slice, before and now
    rest_losses : the same of all other rows
    """

    degradation: Part
    composition: Part
    total: Part
    shares: tuple[float, float]
    losses: tuple[float, float]
    rest_losses: tuple[float, float]


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
    the mean wrong part (Kitagawa). The former are the degradation, the latter the composition; pairs of a row in the
    slice and one outside count half for the slice. So a slice that scores too high or too low as a whole adds to the
    fall although its own AUC holds, and one that only grew has no degradation. Variances are the jackknife's, a group
    left out of both windows at once and all rows ranked anew.

    References
    ----------
    Kitagawa, Journal of the American Statistical Association 50 (1955) 1168-1194.
    """
    whole = _split(*(_pairs(table.sum(axis=0, keepdims=True)) for table in (before, now)))
    if not np.isfinite(whole.parts).all():
        return None
    filled = (before.sum(axis=(1, 2, 3)) > 0) | (now.sum(axis=(1, 2, 3)) > 0)
    left_out = None
    if filled.sum() > 1:
        left_out = _split(*(_pairs_without(table) for table in (before, now))).parts[:, filled]
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
    known = np.asarray(np.isfinite(found.parts).all(axis=0))
    return [_of_split(found, at, None) if known[at] else None for at in range(len(before))]


def _of_split(found: _Split, at: int, left_out: Floats | None) -> SliceParts:
    """Return the parts of one of the sets, with the variances of what they are without each group."""
    shares, losses, rest = ((float(pair[0, at]), float(pair[1, at])) for pair in found.sides)
    parts = [_part(float(v), None if left_out is None else left_out[i]) for i, v in enumerate(found.parts[:, at])]
    return SliceParts(parts[0], parts[1], parts[2], shares, losses, rest)


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


@dataclass(frozen=True)
class _Split:
    parts: Floats
    """Degradation, composition and both, shape (3, sets)."""
    sides: tuple[Floats, Floats, Floats]
    """Shares, losses and the rest's losses, [before or now, set] each."""


def _split(before: Pairs, now: Pairs) -> _Split:
    with np.errstate(divide="ignore", invalid="ignore"):
        kinds = [_kinds(*side) for side in (before, now)]
        share, wrong = (np.array(pair) for pair in zip(*kinds, strict=True))
        degraded = share.mean(axis=0) * (wrong[1] - wrong[0])
        degradation = degraded[:, 1, 1] + (degraded[:, 0, 1] + degraded[:, 1, 0]) / 2
        composition = ((share[1] - share[0]) * wrong.mean(axis=0)).sum(axis=(1, 2))
        weight = (share.sum(axis=2) + share.sum(axis=3)) / 2  # of the part, [before or now, set, part]
        lost = share * wrong
        loss = (lost.sum(axis=2) + lost.sum(axis=3)) / 2 / weight
    sides = weight[..., 1], loss[..., 1], loss[..., 0]
    return _Split(np.array([degradation, composition, degradation + composition]), sides)


def _kinds(rows: Floats, wrong: Floats) -> Pairs:
    """Return each kind's share of all pairs, and the part of it in the wrong order, [set, positive, negative]."""
    of_class = rows / rows.sum(axis=1, keepdims=True)
    share = of_class[:, :, None, 1] * of_class[:, None, :, 0]
    return share, wrong / (rows[:, :, None, 1] * rows[:, None, :, 0])


def _part(value: float, left_out: Floats | None) -> Part:
    if left_out is None:
        return Part(value, None, 0.0)
    groups = left_out.size
    apart = left_out - left_out.mean()
    variance = (groups - 1) / groups * float(apart @ apart)
    effective = spread(apart[None, :], 1).groups if variance > 0 else float(groups)
    return Part(value, variance, effective - 1)
