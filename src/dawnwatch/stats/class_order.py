"""Whether labels that are still to come could be all there is to a change: those of one class may come first.

Where labels of positives come sooner than those of negatives, the labelled rows hold more positives than the window,
whatever their features. That changes no AUC to speak of, and it moves calibration, precision, accuracy and F1 as a
changed base rate does; the labelled rows alone cannot tell the two apart. Each is therefore tested twice: as it is, and
on rows weighted as though one class had come first, by as much as would explain their level best.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.stats.left_out import LeftOut

__all__ = ["ClassOrder", "class_order", "p_in_either_order"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ClassOrder:
    """The labelled rows, weighted as though the labels of one class came first.

    Attributes
    ----------
    odds : by how much a positive then has its label sooner than a negative: the ratio of both classes' share of labels
    table : a positive weighs 1 / odds, a negative 1; per group of units, label and score bin
    """

    odds: float
    table: Floats


def class_order(labelled: ArrayLike, waiting: float, chance: ArrayLike) -> ClassOrder | None:
    """Return the labelled rows in the order of arrival that brings their positives nearest to what was expected.

    Parameters
    ----------
    labelled : rows, or their weights, per group of units, label (negative, positive) and score bin,
        shape (groups, 2, score bins)
    waiting : rows whose labels are still to come
    chance : of a positive in each score bin, in [0, 1], shape (score bins,)

    Returns
    -------
    None where no label is still to come, or a class has none.

    Notes
    -----
    Weighted by 1 / r, as many positives came as their chances say where Σ₊ (1 - p) / r = Σ₋ p. The rows still waiting
    are all of one class at most, so r lies from P / (P + W) to (N + W) / N: the fewer labels lack, the less they
    explain, and nothing once all are there.
    """
    table, share = np.asarray(labelled, np.float64), np.asarray(chance, np.float64)
    negatives, positives = table.sum(axis=0)
    n, p = float(negatives.sum()), float(positives.sum())
    if waiting <= 0 or min(n, p) <= 0:
        return None
    best = float(positives @ (1 - share)) / max(float(negatives @ share), 1e-12)
    odds = float(np.clip(best, p / (p + waiting), (n + waiting) / n))
    return ClassOrder(odds, table * np.array([1.0, 1.0 / odds])[:, None])


def p_in_either_order(as_it_is: LeftOut, weighted: LeftOut | None) -> float:
    """Return the p-value of "this is zero" whichever class's labels come first.

    The larger one of the rows as they are and of the rows weighted by `class_order`; 1 where the two lie on either side
    of zero, since an order between them then explains all of it. Where no label is to come, that of the rows.
    """
    if weighted is None:
        return as_it_is.p_value
    if as_it_is.value * weighted.value <= 0:
        return 1.0
    return max(as_it_is.p_value, weighted.p_value)
