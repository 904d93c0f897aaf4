"""The sample of a window's units as arrays: group, known or new, label, score, and any feature's bins."""

from __future__ import annotations

from collections import Counter
from copy import copy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.performance.own_rows import version_texts
from dawnwatch.model.bin_names import MISSING
from dawnwatch.model.plan import UNIT_GROUPS, Plan
from dawnwatch.model.sample import RESCORED
from dawnwatch.model.window import Window
from dawnwatch.profiling.coding import label_text
from dawnwatch.profiling.hashing import mix, seed_word
from dawnwatch.stats.scored import Scored

__all__ = ["KNOWN", "NEW", "Cuts", "Sampled"]

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
        self.score: Ints = self._codes()

    @classmethod
    def of(cls, window: Window) -> Sampled | None:
        """Return the sample; None where there is none, or label or score are private and so not in it.

        It is read once and kept with the window, since a baseline is asked for every window held against it.
        """
        sample, plan = window.profile.sample, window.plan
        if sample is None or plan.label not in sample.columns or plan.score not in sample.columns:
            return None
        scores = np.asarray(sample.columns[plan.score], dtype=np.float64)
        return window.once("sampled rows", lambda: cls(window, scores))

    def again(self, rows: NDArray[np.bool_] | None = None) -> Sampled | None:
        """Return the same rows with the scores the model gives when asked again; None where it gave none.

        A row that it could not score keeps its logged score, so that the rows stay the same.

        Parameters
        ----------
        rows : whose scores are put in place of the logged ones, shape (rows,); all where not given
        """
        found = self._columns.get(RESCORED)
        if found is None:
            return None
        given = np.asarray(found, dtype=np.float64)
        again = copy(self)
        wanted = np.zeros(self._all.size, dtype=bool)
        wanted[self._at] = True if rows is None else rows
        again._all = np.where(np.isfinite(given) & wanted, given, self._all)
        again.score = again._codes()
        return again

    def cuts(self, name: str) -> Cuts:
        """Return the bins that these rows' values give a feature."""
        return self._window.once(("cuts", name), lambda: Cuts.of(self.column(name)))

    def bins(self, name: str, cuts: Cuts) -> Ints:
        """Return the bins of a column's values, shape (rows,)."""
        return self._window.once(("bins", name, cuts), lambda: cuts.codes(self.column(name)))

    def _codes(self) -> Ints:
        """Return the code of each row's score, which increases with it."""
        bins = self._window.plan.score_bins
        fine = np.searchsorted(bins.edges, self._all[self._at], side="left")
        return np.asarray(bins.groups[fine], dtype=np.int64)

    @property
    def names(self) -> set[str]:
        """Columns the sample holds."""
        return set(self._columns)

    def column(self, name: str) -> NDArray[Any]:
        """Return a column's values: float64 with NaN, or text with None; shape (rows,)."""
        return np.asarray(self._columns[name][self._at])

    @property
    def versions(self) -> NDArray[np.object_] | None:
        """The version of the model that scored each row, None where it is not told; shape (rows,)."""
        found = version_texts(self._window)
        return None if found is None else found[self._at]

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


@dataclass(frozen=True, eq=False)
class Cuts:
    """Bins of one feature, fixed by the baseline's values; values missing have one of their own.

    Attributes
    ----------
    names : of the bins, in the order of their codes
    edges : of a number's; None of texts
    """

    names: list[str]
    edges: NDArray[np.float64] | None

    @classmethod
    def of(cls, baseline: NDArray[Any]) -> Cuts:
        """Cut numbers at the baseline's quintiles; of texts the most frequent have a bin each, the others share one."""
        if baseline.dtype == object:
            times = Counter(text for text in baseline.tolist() if text is not None)
            kept = sorted(times, key=lambda text: (-times[text], text))[:CATEGORIES]
            return cls([*(str(text) for text in kept), "(other)", MISSING], None)
        finite = baseline[np.isfinite(baseline)]
        edges = np.unique(np.quantile(finite, np.arange(1, PIECES) / PIECES)) if finite.size else np.empty(0)
        shown = [f"{edge:.3g}" for edge in edges.tolist()]
        spans = [f"({low}, {high}]" for low, high in pairwise(shown)]
        names = [f"≤ {shown[0]}", *spans, f"> {shown[-1]}"] if shown else ["any"]
        return cls([*names, MISSING], edges)

    def codes(self, values: NDArray[Any]) -> Ints:
        """Return the bin of each value, shape (rows,)."""
        if self.edges is None:
            other = len(self.names) - 2
            at: dict[str | None, int] = {name: place for place, name in enumerate(self.names[:other])}
            at[None] = other + 1
            return np.fromiter((at.get(value, other) for value in values.tolist()), np.int64, values.size)
        found = np.searchsorted(self.edges, values, side="left")
        return np.where(np.isnan(values), self.edges.size + 1, found).astype(np.int64)


def _strata(units: NDArray[np.uint64], plan: Plan) -> Ints:
    """Return whether each row's unit, given by its seeded hash, was held by the training rows."""
    if plan.unit is None or not units.size:
        return np.zeros(units.size, dtype=np.int64)
    # The sample's few units are looked up in, not the training rows' many.
    sampled, at = np.unique(units, return_inverse=True)
    known = mix(plan.unit.known ^ seed_word(plan.seed))
    place = np.minimum(np.searchsorted(sampled, known), sampled.size - 1)
    strata = np.full(sampled.size, NEW, dtype=np.int64)
    strata[place[sampled[place] == known]] = KNOWN
    return strata[at.reshape(-1)]


def _labels(values: NDArray[Any], plan: Plan) -> Ints:
    """Return 0, 1 or 2 (unknown) for each value."""
    meanings = {plan.negative: 0, plan.positive: 1}
    told = values.tolist()
    codes = {value: meanings.get(label_text(value), 2) for value in set(told)}
    return np.fromiter((codes.get(value, 2) for value in told), np.int64, len(told))  # NaN is not itself
