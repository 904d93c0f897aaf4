"""The sample of a window's units as arrays: group, known or new, label, score, and any feature's bins."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.plan import MISSING, UNIT_GROUPS, Plan
from dawnwatch.model.sample import RESCORED
from dawnwatch.model.window import Window
from dawnwatch.profiling.coding import label_text
from dawnwatch.profiling.hashing import mix, seed_word
from dawnwatch.stats.scored import Scored

__all__ = ["KNOWN", "NEW", "Bins", "Sampled", "bins_of"]

KNOWN, NEW = 0, 1
"""Strata: units the training rows held, and others."""
PIECES = 5
"""Bins of a number, by the baseline's quantiles."""
CATEGORIES = 20
"""Most frequent categories that have a bin of their own."""
Ints = NDArray[np.int64]


class Sampled:
    """The sampled rows that have a score.

    Parameters
    ----------
    window : with a sample that holds labels; see `of`
    scores : of the sampled rows, NaN where there is none, shape (rows of the sample,)
    """

    def __init__(self, window: Window, scores: NDArray[np.float64]) -> None:
        sample, plan = window.profile.sample, window.plan
        if sample is None or plan.label is None:
            raise ValueError("a window without a sample of labelled rows")
        self._window, self._all = window, scores
        self._at = np.flatnonzero(np.isfinite(scores))
        self._columns = sample.columns
        self.rows = int(self._at.size)
        units = sample.units[self._at]
        self.group: Ints = (units & np.uint64(UNIT_GROUPS - 1)).astype(np.int64)
        self.stratum = _strata(units, plan)
        self.label = _labels(sample.columns[plan.label][self._at], plan)
        fine = np.searchsorted(plan.score_bins.edges, scores[self._at], side="left")
        self.score: Ints = plan.score_bins.groups[fine].astype(np.int64)

    @classmethod
    def of(cls, window: Window) -> Sampled | None:
        """Return the sample; None where there is none, or label or score are private and so not in it."""
        sample, plan = window.profile.sample, window.plan
        if sample is None or plan.label not in sample.columns or plan.score not in sample.columns:
            return None
        return cls(window, np.asarray(sample.columns[plan.score], dtype=np.float64))

    def again(self) -> Sampled | None:
        """Return the same rows with the scores the model gives when asked again; None where it gave none.

        A row that it could not score keeps its logged score, so that the rows stay the same.
        """
        found = self._columns.get(RESCORED)
        if found is None:
            return None
        given = np.asarray(found, dtype=np.float64)
        return Sampled(self._window, np.where(np.isfinite(given) & np.isfinite(self._all), given, self._all))

    @property
    def names(self) -> set[str]:
        """Columns the sample holds."""
        return set(self._columns)

    def column(self, name: str) -> NDArray[Any]:
        """Return a column's values: float64 with NaN, or text with None; shape (rows,)."""
        return np.asarray(self._columns[name][self._at])

    @property
    def labelled(self) -> NDArray[np.bool_]:
        """Which rows have a label of one of the two classes, shape (rows,)."""
        return np.asarray(self.label < 2)

    def scored(self, kept: NDArray[np.bool_], bins: Ints | None = None, *, stratum: int | None = None) -> Scored:
        """Return some of the rows, all of which must be labelled.

        Parameters
        ----------
        bins : of the features, shape (rows, features)
        stratum : to put all rows into one
        """
        strata = self.stratum if stratum is None else np.full(self.rows, stratum, dtype=np.int64)
        features = np.zeros((self.rows, 0), dtype=np.int64) if bins is None else bins
        return Scored(self.group, self.label, self.score, strata, features).only(kept)


@dataclass(frozen=True)
class Bins:
    """Bins of one feature in several windows.

    Attributes
    ----------
    names : of the bins, in the order of their codes
    codes : of each window's rows
    """

    names: list[str]
    codes: list[Ints]


def bins_of(baseline: NDArray[Any], *windows: NDArray[Any]) -> Bins:
    """Return the bins of each window's values, fixed by the baseline's; values missing have one of their own.

    Numbers are cut at the baseline's quintiles; of texts the most frequent have a bin each and the others share one.
    """
    if baseline.dtype == object:
        told = np.array([text for text in baseline if text is not None], dtype=np.str_)
        kept, times = np.unique(told, return_counts=True)
        names = [str(name) for name in kept[np.argsort(-times, kind="stable")][:CATEGORIES]]
        at: dict[str | None, int] = {name: place for place, name in enumerate(names)}
        at[None] = len(names) + 1
        codes = [np.array([at.get(value, len(names)) for value in values], dtype=np.int64) for values in windows]
        return Bins([*names, "(other)", MISSING], codes)
    finite = baseline[np.isfinite(baseline)]
    edges = np.unique(np.quantile(finite, np.arange(1, PIECES) / PIECES)) if finite.size else np.empty(0)
    shown = [f"{edge:.3g}" for edge in edges.tolist()]
    spans = [f"({low}, {high}]" for low, high in pairwise(shown)]
    names = [f"≤ {shown[0]}", *spans, f"> {shown[-1]}"] if shown else ["any"]
    found = [
        np.where(np.isnan(values), edges.size + 1, np.searchsorted(edges, values, side="left")).astype(np.int64)
        for values in windows
    ]
    return Bins([*names, MISSING], found)


def _strata(units: NDArray[np.uint64], plan: Plan) -> Ints:
    """Return whether each row's unit, given by its seeded hash, was held by the training rows."""
    if plan.unit is None:
        return np.zeros(units.size, dtype=np.int64)
    known = mix(plan.unit.known ^ seed_word(plan.seed))
    return np.where(np.isin(units, known), KNOWN, NEW).astype(np.int64)


def _labels(values: NDArray[Any], plan: Plan) -> Ints:
    """Return 0, 1 or 2 (unknown) for each value."""
    meanings = {plan.negative: 0, plan.positive: 1}
    codes = {value: meanings.get(label_text(value), 2) for value in set(values.tolist())}
    return np.array([codes.get(value, 2) for value in values.tolist()], dtype=np.int64)  # NaN is not itself
