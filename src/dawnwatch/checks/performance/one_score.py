"""How many of a window's scores are one and the same: a score bin is wide at the edges, so its rows are not enough."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.window import Window

__all__ = ["fullest_bin", "same_score"]


def fullest_bin(window: Window) -> tuple[int, float]:
    """Return the fine score bin that most scored rows lie in, and their share of the scored rows; 0 where none are."""
    rows = window.profile.scores[:, :-1].sum(axis=0)
    at = int(rows.argmax())
    return at, float(rows[at] / max(rows.sum(), 1))


def same_score(window: Window, at: int) -> float:
    """Return the share of the scored rows that hold the most frequent score of one fine bin, 0 to 1.

    Bins were cut where the baseline had scores, and the outermost ones reach to infinity: scores on another scale all
    lie in one of them and differ all the same. So the scores themselves are counted where they are kept, else those of
    the sampled rows. Where neither is, an inner bin is narrow enough to stand for one score, and an outermost one
    counts only where the column holds no second value.

    Parameters
    ----------
    at : the fine bin's place, from 0
    """
    return window.once(("same score", at), lambda: _counted(window, at))


def _counted(window: Window, at: int) -> float:
    plan, profile = window.plan, window.profile
    rows = profile.scores[:, :-1].sum(axis=0)
    share = float(rows[at] / max(rows.sum(), 1))
    scores = _kept(window)
    if scores is not None and scores.size:
        inside = scores[np.searchsorted(plan.score_bins.edges, scores) == at]
        times = np.unique(inside, return_counts=True)[1]
        return float(times.max(initial=0) / scores.size)
    column = profile.columns.get(plan.score or "")
    sole = column is not None and column.sole is not None
    return share if sole or 0 < at < rows.size - 1 else 0.0


def _kept(window: Window) -> NDArray[np.float64] | None:
    """Return the scores that are kept, all rows' or the sampled rows'; None where no row is."""
    if window.rows is not None:
        scores = window.rows.scores
    else:
        sample = window.profile.sample
        if sample is None or window.plan.score not in sample.columns:
            return None
        scores = sample.columns[window.plan.score]
    return scores[~np.isnan(scores)]
