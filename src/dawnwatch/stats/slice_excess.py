"""Whether the AUC fell in a slice, and by more than among all other rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import erfc, inf, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.auc import AucEstimate, auc_from_counts
from dawnwatch.stats.clusters import spread
from dawnwatch.stats.distributions import t_above, t_quantile, z_quantile
from dawnwatch.stats.jackknife import ClusteredDrop, clustered_drop

__all__ = ["SliceExcess", "clustered_excess", "slice_excess"]


@dataclass(frozen=True, slots=True)
class SliceExcess:
    """The fall of the AUC within a slice beside that within the rest; positive means worse.

    Attributes
    ----------
    before, now : the slice's AUCs
    drop : its fall
    rest : the fall within all other rows
    variances : of `drop`, and of `drop` less `rest`
    degrees : of freedom of both; inf where rows are independent
    bounds : largest binning error of both
    """

    before: AucEstimate
    now: AucEstimate
    drop: float
    rest: float
    variances: tuple[float, float]
    degrees: tuple[float, float] = (inf, inf)
    bounds: tuple[float, float] = (0.0, 0.0)

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Two-sided interval of the fall within the slice."""
        half = _quantile(confidence, self.degrees[0]) * sqrt(self.variances[0]) + self.bounds[0]
        return self.drop - half, self.drop + half

    @property
    def p_value(self) -> float:
        """Of "the slice did not fall, or fell no more than the rest", one-sided: the larger of the two p-values.

        Where the whole model got worse every slice did; only one that stands out is weak.
        """
        sides = zip((self.drop, self.drop - self.rest), self.variances, self.degrees, self.bounds, strict=True)
        return max(_above(value, variance, degrees, bound) for value, variance, degrees, bound in sides)

    def spread_like(self, sampled: SliceExcess, independent: SliceExcess) -> SliceExcess:
        """Return the same falls with the variances that units give.

        Parameters
        ----------
        sampled, independent : the same slice on a sample of whole units, with units and with rows independent; by as
            much as its variance is larger, that of all rows is
        """
        pairs = zip(self.variances, sampled.variances, independent.variances, strict=True)
        grown = [own * max(by / alone, 1.0) if alone > 0 else own for own, by, alone in pairs]
        return replace(self, variances=(grown[0], grown[1]), degrees=sampled.degrees)


def slice_excess(
    inside: tuple[ArrayLike, ArrayLike],
    rest: tuple[ArrayLike, ArrayLike],
    *,
    exact: bool | NDArray[np.bool_] = True,
) -> SliceExcess | None:
    """Return how far the AUC fell within a slice and within the rest, with DeLong's variances.

    Parameters
    ----------
    inside, rest : of the window before and the window now, shape (2, score bins) each
        Rows per label (negative, positive) and score bin, score bins increasing.
    exact : as in `auc_from_counts`

    Returns
    -------
    None where one of the four lacks a class.
    """
    found = [auc_from_counts(*np.asarray(table), exact=exact) for table in (*inside, *rest)]
    before, now, rest_before, rest_now = found
    if before is None or now is None or rest_before is None or rest_now is None:
        return None
    variance, bound = before.variance + now.variance, before.bound + now.bound
    return SliceExcess(
        before,
        now,
        before.value - now.value,
        rest_before.value - rest_now.value,
        (variance, variance + rest_before.variance + rest_now.variance),
        bounds=(bound, bound + rest_before.bound + rest_now.bound),
    )


def clustered_excess(
    alone: SliceExcess, inside: tuple[ArrayLike, ArrayLike], rest: tuple[ArrayLike, ArrayLike]
) -> SliceExcess | None:
    """Return the same falls with variances that hold where only groups of units are independent.

    Parameters
    ----------
    alone : of the same rows, by `slice_excess`
    inside, rest : of the window before and the window now, shape (groups, 2, score bins) each, whose bins
        may be coarser

    Returns
    -------
    None where one of the four lacks a class, or would without one of the groups.

    Notes
    -----
    The jackknife leaves a group out of slice and rest, before and now, at once: a rider has rows in all four.
    """
    of_slice, of_rest = clustered_drop(*inside), clustered_drop(*rest)
    if of_slice is None or of_rest is None:
        return None
    variance, degrees = _between(of_slice, of_rest)
    return replace(alone, variances=(of_slice.variance, variance), degrees=(of_slice.degrees, degrees))


def _between(of_slice: ClusteredDrop, of_rest: ClusteredDrop) -> tuple[float, float]:
    """Return the variance of the difference of two falls over the same groups, and its degrees of freedom."""
    values = of_slice.left_out - of_rest.left_out
    groups = max(of_slice.groups, of_rest.groups)
    # A group without rows leaves every pair as it was, and must not count as one more that agrees.
    filled = (of_slice.left_out != of_slice.value) | (of_rest.left_out != of_rest.value)
    apart = values[filled] - values[filled].mean() if filled.any() else np.zeros(1)
    variance = (groups - 1) / groups * float(apart @ apart)
    effective = spread(apart[None, :], 1).groups if variance > 0 else float(groups)
    return variance, effective - 1


def _above(value: float, variance: float, degrees: float, bound: float) -> float:
    least = value - bound
    if variance <= 0:
        return 0.0 if least > 0 else 1.0
    errors = least / sqrt(variance)
    return erfc(errors / sqrt(2)) / 2 if degrees == inf else t_above(errors, degrees)


def _quantile(confidence: float, degrees: float) -> float:
    return z_quantile((1 - confidence) / 2) if degrees == inf else t_quantile(confidence, degrees)
