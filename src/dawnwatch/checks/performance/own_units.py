"""How many units the labelled rows of a window, or of one of its slices, are of: counted, estimated, or not known."""

from __future__ import annotations

from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.performance.scores import Scores
from dawnwatch.checks.units import EMPTY
from dawnwatch.model.sample import EVERY, Sample

__all__ = ["OwnUnits", "own_units"]

SAMPLED = 100
"""Units in a sample that leaves some out, from which on it tells the number of all: to 10% (one standard error)."""


class OwnUnits(NamedTuple):
    """How many units there are, and whether that is an estimate."""

    number: int
    about: bool


def own_units(part: Scores) -> OwnUnits | None:
    """Return how many units hold rows with a label and a score; None where nobody knows.

    Notes
    -----
    Counted in the sample of whole units, which holds all of a small window; of one that leaves units out, those in the
    part over the share of hashes that it keeps, as a theta sketch estimates (Dasgupta, Lang, Rhodes and Thaler, ICDT
    2016). Else of a whole window its counter of units; and of a part, by linear counting, how many of the groups it
    fills (Whang, Vander-Zanden and Taylor, ACM Transactions on Database Systems 15 (1990) 208-229): with nearly all
    filled, by a few hundred units as by a million, it tells nothing.
    """
    if part.units is None:
        return None
    sampled = _in_sample(part)
    if sampled is not None or part.groups is None:
        return sampled
    groups = part.groups[:, :2, :-1].reshape(part.groups.shape[0], -1).sum(axis=1)
    if part.n >= part.units.rows + part.units.missing:
        return OwnUnits(part.units.counts.units, not part.units.counts.exact)
    empty = int((groups == 0).sum())
    return OwnUnits(round(-groups.size * log(empty / groups.size)), True) if empty >= EMPTY else None


def _in_sample(part: Scores) -> OwnUnits | None:
    sample, units = part.window.profile.sample, part.units
    rows = None if sample is None else _rows(part, sample)
    if sample is None or rows is None or units is None:
        return None
    held = int(np.unique(sample.units[rows]).size)
    if sample.limit == EVERY and not sample.giants:
        # Rows without a unit are in no sample; other rows that it lacks say that it reads the part otherwise.
        whole = part.n - units.missing <= int(rows.sum()) <= part.n
        return OwnUnits(held, False) if whole else None
    return OwnUnits(round(held * EVERY / sample.limit), True) if held >= SAMPLED else None


def _rows(part: Scores, sample: Sample) -> NDArray[np.bool_] | None:
    """Return which sampled rows are the part's, and have a label and a score; None where the sample does not tell."""
    label, score = part.window.plan.label, part.window.plan.score
    if label not in sample.columns or score not in sample.columns:
        return None
    rows = _has(sample.columns[label]) & _has(sample.columns[score])
    if part.slice is None:
        return rows
    column, value = part.slice
    values = sample.columns.get(column)
    # Numbers are in bins, and rare texts in one of their own; what no row is named by is not looked for.
    if values is None or values.dtype != object or not (named := values == value).any():
        return None
    return np.asarray(rows & named)


def _has(values: NDArray[np.generic]) -> NDArray[np.bool_]:
    if values.dtype == object:
        return np.array([value is not None for value in values], dtype=bool)
    return ~np.isnan(values.astype(np.float64))
