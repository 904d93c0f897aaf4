"""The deployed score as what rows are alike in: is it the same function of the features in both windows?

Features are compared in a few bins, and an AUC depends on what moves within these: rows of middling score that come
more often rank less well though their labels are as likely as ever. The score tells that most finely, while it is a
function of the features.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from dawnwatch.checks.performance.symptoms import EXPLAINED, score_link
from dawnwatch.model.sample import RESCORED
from dawnwatch.monitoring.causes.frame import Frame
from dawnwatch.stats.scored import Scored

__all__ = ["PIECES", "Tie", "tie_of", "with_score"]

PIECES = 20
"""Bins of the score, by the baseline's quantiles."""
Tie = Literal["sure", "open", "broken"]
"""Whether scores are the same function of the logged features in both windows."""


def tie_of(frame: Frame) -> Tie:
    """Return whether the remaining rows' scores are the same function of the logged features in both windows.

    `sure` where the model gave the logged scores when asked again (or its own were put in their place), and where a
    stand-in for it says so: the features tell at least as much of the scores as `checks.performance.symptoms` needs to
    judge by, and no less of them than before. `broken` where the scores look like no model's. `open` where nothing
    tells, as of a version that the baseline lacks: another model gives the same rows other scores.
    """
    if frame.doubted:
        return "broken"
    if not frame.put_right and not _same_versions(frame):
        return "open"
    sample = frame.run.current.profile.sample
    if frame.put_right or (sample is not None and RESCORED in sample.columns):
        return "sure"
    found = score_link(frame.run)
    return "sure" if found is not None and found.explained >= EXPLAINED else "open"


def with_score(then: Scored, now: Scored) -> tuple[Scored, Scored]:
    """Return the same rows with one more column of bins: the score's, in `PIECES` of the rows then."""
    edges = np.unique(np.quantile(then.score, np.arange(1, PIECES) / PIECES))
    sides = [
        replace(side, bins=np.column_stack([side.bins, np.searchsorted(edges, side.score, side="left")]))
        for side in (then, now)
    ]
    return sides[0], sides[1]


def _same_versions(frame: Frame) -> bool:
    """Whether every version of the model among the remaining rows now is among those then."""
    then, now = frame.then.versions, frame.now.versions
    if then is None or now is None:
        return now is None
    return set(now[frame.kept_now].tolist()) <= set(then[frame.kept_then].tolist())
