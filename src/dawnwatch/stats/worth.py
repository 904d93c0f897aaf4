"""What scores are worth on labelled rows, each measure with what it is without each group of units.

Two scorings of the same rows are compared by subtracting: a group is left out of both at once, so what both find easy
does not count as noise (see `LeftOut`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.calibration import BINS, LEAST, equal_mass
from dawnwatch.stats.left_out import LeftOut, left_out_of

__all__ = ["auc_left_out", "brier_left_out", "ece_left_out", "log_loss_left_out"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def auc_left_out(
    labels: ArrayLike, scores: ArrayLike, group: Ints, groups: int, *, block: Ints | None = None
) -> LeftOut | None:
    """Return the AUC of all rows, exactly, and without each group of units.

    Parameters
    ----------
    labels : 0 or 1, shape (rows,)
    scores : not NaN, shape (rows,); higher means more surely 1
    group : group of each row's unit, from 0, shape (rows,)
    groups : number of groups; those without rows are left alone
    block : which rows were scored by one model, shape (rows,); by default all. Only rows of one block make a pair.

    Returns
    -------
    None where no pair is left of all rows or of those without one of the groups, or one group holds all rows.

    Notes
    -----
    Every row is placed among the rows of the other class; without a group go its rows' placements, and its pairs that
    were taken twice come back. Time n log n, memory n, whatever the groups. Placements are counted in halves, so that
    all sums are whole.

    Scores of two models are on no common scale, so a pair across blocks says nothing. Pairs of all blocks count alike:
    the value is the mean of the blocks' AUCs, each weighted by its pairs. A group is left out of all blocks at once.
    """
    y, s = np.asarray(labels) == 1, np.asarray(scores, np.float64)
    of = np.zeros(y.size, np.int64) if block is None else block
    ordered, pairs = np.zeros(1 + groups, np.int64), np.zeros(1 + groups, np.int64)
    for one in np.unique(of):
        inside = of == one
        own = _ordered(y[inside], s[inside], group[inside], groups)
        ordered, pairs = ordered + own[0], pairs + own[1]
    filled = np.bincount(group, minlength=groups) > 0
    if filled.sum() < 2 or (pairs[1:][filled] == 0).any():
        return None
    without = np.where(pairs[1:] > 0, ordered[1:] / np.maximum(2 * pairs[1:], 1), np.nan)
    return left_out_of(float(ordered[0] / (2 * pairs[0])), without, filled)


def log_loss_left_out(labels: ArrayLike, scores: ArrayLike, group: Ints, groups: int) -> LeftOut | None:
    """Return the mean negative log-likelihood of the labels, in nats; scores are chances. Lower is better.

    Scores of 0 and 1 are taken as 1e-7 from them, as `calibration.log_loss` does. None where one group holds all rows.
    """
    y, inside = np.asarray(labels) == 1, np.clip(np.asarray(scores, np.float64), LEAST, 1 - LEAST)
    return _mean(np.where(y, -np.log(inside), -np.log1p(-inside)), group, groups)


def brier_left_out(labels: ArrayLike, scores: ArrayLike, group: Ints, groups: int) -> LeftOut | None:
    """Return the mean squared distance of scores and labels, in [0, 1]. Lower is better. See `log_loss_left_out`."""
    return _mean((np.asarray(scores, np.float64) - (np.asarray(labels) == 1)) ** 2, group, groups)


def ece_left_out(labels: ArrayLike, scores: ArrayLike, group: Ints, groups: int, *, bins: int = BINS) -> LeftOut | None:
    """Return the expected calibration error over bins of about equal rows, in [0, 1]. Lower is better.

    The bins are those of all rows, and stay when a group is left out. Even perfect scores have an error of about the
    noise of the shares; two scorings of the same rows have about the same of it.
    """
    y, s = (np.asarray(labels) == 1).astype(np.float64), np.asarray(scores, np.float64)
    _, place, rows = np.unique(s, return_inverse=True, return_counts=True)
    which = equal_mass(rows, bins)[place.reshape(-1)]
    count = int(which.max(initial=0)) + 1
    flat = group * count + which
    apart = np.bincount(flat, weights=s - y, minlength=groups * count).reshape(groups, count)
    held = np.bincount(group, minlength=groups)
    if (held > 0).sum() < 2:
        return None
    whole = np.abs(apart.sum(axis=0)).sum() / s.size
    without = np.abs(apart.sum(axis=0) - apart).sum(axis=1) / np.maximum(s.size - held, 1)
    return left_out_of(float(whole), without, held > 0)


def _mean(values: Floats, group: Ints, groups: int) -> LeftOut | None:
    held = np.bincount(group, minlength=groups)
    if (held > 0).sum() < 2:
        return None
    of = np.bincount(group, weights=values, minlength=groups)
    without = (of.sum() - of) / np.maximum(values.size - held, 1)
    return left_out_of(float(values.mean()), without, held > 0)


def _ordered(y: NDArray[np.bool_], scores: Floats, group: Ints, groups: int) -> tuple[Ints, Ints]:
    """Return twice the pairs that are ordered right, and all pairs: of all rows, then without each group.

    Shape (1 + groups,) each.
    """
    pos, neg = scores[y], scores[~y]
    pos_of, neg_of = np.bincount(group[y], minlength=groups), np.bincount(group[~y], minlength=groups)
    below = _twice_below(pos, np.sort(neg))
    above = 2 * pos.size - _twice_below(neg, np.sort(pos))
    taken = _sums(below, group[y], groups) + _sums(above, group[~y], groups) - _within(y, scores, group, groups)
    total = int(below.sum())
    pairs = (pos.size - pos_of) * (neg.size - neg_of)
    return np.concatenate([[total], total - taken]), np.concatenate([[pos.size * neg.size], pairs])


def _twice_below(scores: Floats | Ints, others: Floats | Ints) -> Ints:
    """Return twice the rows of `others`, sorted, with a smaller score, and once those with an equal one."""
    less, up_to = np.searchsorted(others, scores, "left"), np.searchsorted(others, scores, "right")
    return np.asarray(less + up_to, np.int64)


def _sums(values: Ints, group: Ints, groups: int) -> Ints:
    found = np.zeros(groups, np.int64)
    np.add.at(found, group, values)
    return found


def _within(y: NDArray[np.bool_], scores: Floats, group: Ints, groups: int) -> Ints:
    """Return twice the ordered pairs within each group."""
    rank = np.unique(scores, return_inverse=True)[1].reshape(-1)
    # A row of a later group stands above all rows of earlier ones, which are then taken off.
    place = group * (rank.max(initial=0) + 1) + rank
    earlier = np.concatenate([[0], np.cumsum(np.bincount(group[~y], minlength=groups))])
    below = _twice_below(place[y], np.sort(place[~y])) - 2 * earlier[group[y]]
    return _sums(below, group[y], groups)
