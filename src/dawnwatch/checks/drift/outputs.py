"""The views of what the model gives out and of what came true: the shares of its scores, and of its labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import Bins, RunContext, Subject
from dawnwatch.checks.units import Units
from dawnwatch.model.distances import PSI
from dawnwatch.model.frequent import Frequent
from dawnwatch.model.measurement import NotComputed
from dawnwatch.model.score_bins import GROUPS, ScoreBins
from dawnwatch.model.window import Window
from dawnwatch.stats.binning import interval_names

__all__ = ["NO_SCORE", "LabelShares", "Predictions"]

BINS = 10
NO_SCORE = "(no score)"
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Predictions(Bins):
    """The scores' rows between the deciles of the performance baseline, whose rows the model never learned from."""

    @classmethod
    def subjects(cls, run: RunContext) -> Iterator[Subject]:
        """Yield one subject where there are scores."""
        score = run.current.plan.score
        if score is None:
            return
        baseline = run.performance_baseline
        bins, edges = _deciles(_coarse(baseline), baseline.plan.score_bins)
        expected = not run.config.counts("prediction")
        pair = [
            cls._scored(window, (bins, edges), run, NotComputed(reason=f"{role} has no score", expected=expected))
            for window, role in ((baseline, "the performance baseline"), (run.current, "the current window"))
        ]
        yield Subject(score, *pair)

    @classmethod
    def _scored(
        cls, window: Window, cut: tuple[Counts, NDArray[np.float64]], run: RunContext, missing: NotComputed
    ) -> Predictions:
        (bins, edges), tables, name = cut, window.profile.group_scores, window.plan.score or ""
        names = interval_names(edges)
        if run.config.column(name).private:
            names = [f"bin {i} of {len(names)}" for i in range(1, len(names) + 1)]
        counts = np.zeros(len(names) + 1, np.int64)
        coarse = _coarse(window)
        np.add.at(counts, bins, coarse)
        groups = None
        if tables is not None:
            groups = np.zeros((len(names) + 1, tables.shape[1]), np.int64)
            np.add.at(groups, bins, tables.sum(axis=(0, 2)).T)
        fault = missing if coarse[:-1].sum() == 0 else None
        return cls(
            name=name,
            kind="numeric",
            names=(*names, NO_SCORE),
            counts=counts,
            unseen=Frequent(),
            fault=fault,
            window=window,
            groups=groups,
            units=Units.of(window),
            method=PSI,
            edges=edges,
            extremes=(None, None),
        )


@dataclass(frozen=True)
class LabelShares(Bins):
    """The labelled rows by label, against those of the performance baseline."""

    @classmethod
    def subjects(cls, run: RunContext) -> Iterator[Subject]:
        """Yield one subject where a label is configured."""
        run, label = run.of_labels(), run.config.roles.label
        if label is None:
            return
        expected = not run.config.counts("label")
        late = None if run.no_labels is None else NotComputed(reason=run.no_labels, expected=True)
        pair = []
        for window, role in (
            (run.performance_baseline, "the performance baseline"),
            (run.current, "the current window"),
        ):
            fault = late
            if fault is None and window.profile.labelled == 0:
                fault = NotComputed(reason=f"no row of {role} has a label", expected=expected)
            pair.append(cls._labelled(window, label, run, fault))
        yield Subject(label, *pair)

    @classmethod
    def _labelled(cls, window: Window, label: str, run: RunContext, fault: NotComputed | None) -> LabelShares:
        plan, tables = window.plan, window.profile.group_scores
        names = (plan.negative or "(negative)", plan.positive)
        return cls(
            name=label,
            kind="categorical",
            names=("negative", "positive") if run.config.column(label).private else names,
            counts=window.profile.scores[:2].sum(axis=1),
            unseen=Frequent(),
            fault=fault,
            window=window,
            groups=None if tables is None else tables.sum(axis=(0, 3))[:, :2].T,
            units=Units.of(window),
            method=PSI,
            edges=np.empty(0),
            extremes=(None, None),
        )


def _coarse(window: Window) -> Counts:
    """Return a window's rows per coarse score bin, the last being "no score", shape (GROUPS + 1,)."""
    fine = window.profile.scores.sum(axis=0)
    found = np.zeros(GROUPS + 1, np.int64)
    np.add.at(found, window.plan.score_bins.groups, fine)
    return found


def _deciles(counts: Counts, by: ScoreBins) -> tuple[Counts, NDArray[np.float64]]:
    """Return the bin of each coarse score bin, "no score" last, and the edges between the bins.

    A coarse bin belongs where its middle row does, so that a score which alone holds more than a tenth of the rows has
    a bin of its own, or nearly. Fewer than ten bins are left where scores are few.
    """
    scored = counts[:-1]
    middles = (np.cumsum(scored) - scored / 2) / max(int(scored.sum()), 1)
    tenths = np.minimum((middles * BINS).astype(np.int64), BINS - 1)
    fine_tenths = tenths[by.groups[:-1]]
    # Only where a fine bin lies are there scores; tenths without one have no name.
    used, of_fine = np.unique(fine_tenths, return_inverse=True)
    bins = np.append(np.minimum(np.searchsorted(used, tenths), used.size - 1), used.size)
    ends = np.flatnonzero(np.diff(of_fine))
    return bins, by.edges[ends]
