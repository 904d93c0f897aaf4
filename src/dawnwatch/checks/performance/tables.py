"""Labels and scores of both windows per group of units: what intervals of any metric can be read off."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.units import Units, clustering
from dawnwatch.model.window import Window
from dawnwatch.stats.left_out import scattered

__all__ = ["GROUPS", "by_unit", "mean_scores", "tables"]

GROUPS = 64
SEED = 0
Table = NDArray[np.int64]


def tables(run: RunContext) -> tuple[Table, Table]:
    """Return rows per group of units, label and score bin of the performance baseline and of the current window.

    Returns
    -------
    Shape (64, 3, score bins) each, labels negative, positive, unknown. Where units are not known in both windows, rows
    are taken as independent and lie in random groups.
    """
    if by_unit(run):
        return _grouped(run.performance_baseline), _grouped(run.current)
    return _alone(run.performance_baseline), _alone(run.current)


def by_unit(run: RunContext) -> bool:
    """Whether the groups of `tables` are of units."""
    windows = (run.performance_baseline, run.current)
    known = all(window.profile.group_scores is not None for window in windows)
    return known and clustering(*(Units.of(window) for window in windows))[0] is not None


def mean_scores(window: Window, bins: int) -> NDArray[np.float64]:
    """Return the mean score of the window's rows in each coarse score bin, to within the width of the fine bins.

    Parameters
    ----------
    bins : coarse score bins

    Returns
    -------
    Shape (bins,); of a bin without rows the middle of its fine bins.
    """
    rows = window.profile.scores[:, :-1].sum(axis=0).astype(np.float64)
    groups, middles = window.plan.score_bins.groups[:-1], window.plan.score_bins.middles
    held = np.bincount(groups, weights=rows, minlength=bins)[:bins]
    summed = np.bincount(groups, weights=rows * middles, minlength=bins)[:bins]
    fine = np.maximum(np.bincount(groups, minlength=bins)[:bins], 1)
    empty = np.bincount(groups, weights=middles, minlength=bins)[:bins] / fine
    return np.asarray(np.where(held > 0, summed / np.maximum(held, 1.0), empty))


def _grouped(window: Window) -> Table:
    table = window.profile.group_scores
    assert table is not None  # noqa: S101 - asked before
    return np.asarray(table.sum(axis=0)[:, :, :-1])


def _alone(window: Window) -> Table:
    """Return the coarse score bins of a window whose rows are taken as independent, in random groups."""

    def compute() -> Table:
        groups = window.plan.score_bins.groups[:-1]
        table = np.zeros((3, int(groups.max()) + 1), np.int64)
        for of, fine in zip(table, window.profile.scores[:, :-1], strict=True):
            np.add.at(of, groups, fine)
        return scattered(table, GROUPS, np.random.default_rng(SEED))

    return window.once("scattered rows", compute)
