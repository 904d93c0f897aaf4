"""Why logged scores are not what the model gives for the logged features: reading the rows that differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Apart", "Kind", "Misfit", "differs", "misfit"]

Kind = Literal["constant", "lagged", "shuffled", "rescaled", "reversed", "skewed", "alike", "unexplained"]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

CONSTANT = 0.9
"""Share of the rows that differ in which one score stands, from which on it is a default."""
LAGGED = 0.5
"""Share of the rows that differ which must hold the score of the row so far before, and by `SURE` more than ties do."""
SURE = 0.3
UNIT_LAGS = 5
SAME_ORDER, ALIKE = 0.99, 0.3
"""Rank correlations with the model's scores from which on they are a rescaling of them, or those of a like model."""
SHUFFLED = 0.15
CONCENTRATED = 0.5
"""Part of the difference's variance that lies between the values of one feature, from which on it is named."""
FEW = 20
BINS = 10


@dataclass(frozen=True)
class Apart:
    """The value of a feature in whose rows the scores differ most.

    Attributes
    ----------
    inside, outside : share of the rows that differ, with this value and with any other
    """

    column: str
    value: str
    rows: int
    inside: float
    outside: float


@dataclass(frozen=True)
class Misfit:
    """How the scores of the rows that differ relate to the model's.

    Attributes
    ----------
    kind : constant (one score stands in their place), lagged (those of an earlier row), shuffled (distributed as the
        model's, without order: those of other rows), rescaled (in the same order), reversed (in the opposite one),
        skewed (the difference goes with a feature), alike (much the same order: another version, or other features),
        or unexplained
    score : the one score, where constant
    lag : how many rows before, where lagged
    within_unit : whether those are rows of the same unit
    share : of the rows that differ, how many it explains; None where it is of all together
    apart : where they are concentrated; None where in no value of a feature
    """

    kind: Kind
    score: float | None = None
    lag: int | None = None
    within_unit: bool = False
    share: float | None = None
    correlation: float | None = None
    apart: Apart | None = None


def differs(logged: Floats, again: Floats, tolerance: float) -> Mask:
    """Return which rows' scores are apart by more than tolerance · max(1, |score|); shape (rows,), none NaN."""
    return np.asarray(np.abs(logged - again) > tolerance * np.maximum(1.0, np.abs(again)))


def misfit(
    logged: Floats,
    again: Floats,
    off: Mask,
    *,
    units: NDArray[np.uint64],
    order: NDArray[np.intp],
    whole: bool,
    features: Mapping[str, NDArray[Any]],
    tolerance: float,
) -> Misfit:
    """Read the rows that differ, by the first reading that fits.

    Parameters
    ----------
    logged, again : the log's scores and the model's, shape (rows,)
    off : which rows differ, as `differs` says; at least one
    units : each row's unit
    order : positions of the rows in the order they were scored
    whole : whether these are all rows of the window, so that the row before is known
    features : float64 with NaN, or objects with None, per column: where differences may be concentrated
    tolerance : as for `differs`
    """
    apart = _apart(np.where(off, logged - again, 0.0), off, features)
    ours, theirs = logged[off], again[off]
    values, times = np.unique(ours, return_counts=True)
    most = int(times.argmax())
    if times[most] >= CONSTANT * ours.size and ours.size >= FEW and np.unique(theirs).size > 1:
        return Misfit("constant", score=float(values[most]), share=times[most] / ours.size, apart=apart)
    found = _lagged(logged, again, off, units, order, whole, tolerance)
    if found is not None:
        return Misfit("lagged", lag=found[0], within_unit=found[1], share=found[2], apart=apart)
    if ours.size < FEW:
        return Misfit("unexplained", apart=apart)
    rank = _rank_correlation(ours, theirs)
    if rank >= SAME_ORDER:
        return Misfit("rescaled", correlation=rank, apart=apart)
    if rank <= -SAME_ORDER:
        return Misfit("reversed", correlation=rank, apart=apart)
    noise = 3 / sqrt(ours.size)
    if rank < max(SHUFFLED, noise) and _distance(ours, theirs) <= 1.63 * sqrt(2 / ours.size):
        return Misfit("shuffled", correlation=rank, apart=apart)
    if apart is not None:
        return Misfit("skewed", correlation=rank, apart=apart)
    return Misfit("alike" if rank >= ALIKE else "unexplained", correlation=rank)


def _lagged(
    logged: Floats,
    again: Floats,
    off: Mask,
    units: NDArray[np.uint64],
    order: NDArray[np.intp],
    whole: bool,
    tolerance: float,
) -> tuple[int, bool, float] | None:
    """Return by how many rows, whether within the unit, and for what share of the rows scores are late."""
    _, found = np.unique(np.round(again / tolerance), return_inverse=True)
    by_ties = float((np.bincount(found) ** 2.0).sum()) / again.size**2
    least = max(LAGGED, by_ties + SURE)
    best: tuple[int, bool, float] | None = None
    by_unit = order[np.argsort(units[order], kind="stable")]
    tries = [(by_unit, range(1, UNIT_LAGS + 1), True)]
    if whole:
        tries.append((order, range(1, logged.size // 2), False))
    for rows, lags, within in tries:
        ours, theirs, differing, whose = logged[rows], again[rows], off[rows], units[rows]
        least_apart = tolerance * np.maximum(1.0, np.abs(theirs))  # as in `differs`, in the rows' order
        for lag in lags:
            late = differing[lag:]
            if within:
                late = late & (whose[lag:] == whose[:-lag])
            tried = int(np.count_nonzero(late))
            if tried < FEW:
                continue
            other = np.abs(ours[lag:] - theirs[:-lag]) > least_apart[:-lag]
            share = 1 - int(np.count_nonzero(late & other)) / tried
            if share >= least and (best is None or share > best[2]):
                best = (lag, within, share)
    return best


def _apart(difference: Floats, off: Mask, features: Mapping[str, NDArray[Any]]) -> Apart | None:
    """Return the value in whose rows the difference lies, of the feature that tells most of its variance."""
    best: tuple[float, Apart] | None = None
    # Whether a row differs where some do not; by how much where all do.
    target = difference if off.mean() > 0.95 else off.astype(np.float64)
    spread = float(((target - target.mean()) ** 2).sum())
    if not spread > 0:
        return None
    for column, values in features.items():
        codes, names = _coded(values)
        rows = np.bincount(codes, minlength=len(names)).astype(np.float64)
        means = np.bincount(codes, weights=target, minlength=len(names)) / np.maximum(rows, 1)
        usable = rows >= FEW
        told = float((rows * (means - target.mean()) ** 2)[usable].sum()) / spread
        if told < CONCENTRATED or (best is not None and told <= best[0]):
            continue
        gap = np.abs(means - (target.sum() - means * rows) / np.maximum(rows.sum() - rows, 1))
        at = int(np.where(usable & (means != 0), gap, -1).argmax())
        inside = codes == at
        found = Apart(
            column, names[at], int(inside.sum()), float(off[inside].mean()), float(off[~inside].mean() or 0.0)
        )
        best = (told, found)
    return None if best is None else best[1]


def _coded(values: NDArray[Any]) -> tuple[NDArray[np.intp], list[str]]:
    """Return each row's code, and what the codes mean: texts, or intervals between deciles."""
    if values.dtype == object:
        texts = np.array(["(missing)" if value is None else str(value) for value in values.tolist()])
        names, codes = np.unique(texts, return_inverse=True)
        return codes, names.tolist()
    known = values[~np.isnan(values)]
    edges = np.unique(np.quantile(known, np.arange(1, BINS) / BINS)) if known.size else np.empty(0)
    codes = np.where(np.isnan(values), edges.size + 1, np.searchsorted(edges, values, side="left"))
    return codes, [*_intervals(edges), "(missing)"]


def _intervals(edges: Floats) -> list[str]:
    if not edges.size:
        return ["any number"]
    between = [f"{low:.4g} to {high:.4g}" for low, high in pairwise(edges.tolist())]
    return [f"at most {edges[0]:.4g}", *between, f"above {edges[-1]:.4g}"]


def _rank_correlation(one: Floats, other: Floats) -> float:
    """Return Spearman's rank correlation, ties at their mean rank; 0 where one does not vary."""
    ranks = [_ranks(values) for values in (one, other)]
    a, b = (rank - rank.mean() for rank in ranks)
    size = sqrt(float((a**2).sum()) * float((b**2).sum()))
    return float((a * b).sum()) / size if size > 0 else 0.0


def _ranks(values: Floats) -> Floats:
    _, at, times = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(times) - (times - 1) / 2)[at])


def _distance(one: Floats, other: Floats) -> float:
    """Return the Kolmogorov-Smirnov distance of two sets of values."""
    every = np.concatenate([one, other])
    below = [np.searchsorted(np.sort(values), every, side="right") / values.size for values in (one, other)]
    return float(np.abs(below[0] - below[1]).max())
