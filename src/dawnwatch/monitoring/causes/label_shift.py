"""Another reading of the data: more or fewer positives, and nothing else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.model.causes import LabelShift
from dawnwatch.stats.replicates import Part, without_each

__all__ = ["label_shift"]

PIECES = 8
"""Score bins that the windows' scores are compared in."""


def label_shift(run: RunContext) -> LabelShift | None:
    """Return how the positives' share moved, and how much of the scores' move that alone would explain.

    Where only the labels' shares moved, scores of each class are as they were: the scores now are then those of the old
    positives and negatives, mixed in the new shares (Lipton, Wang and Smola, arXiv 1802.03916, 2018). The fit is 1 less
    the total variation between these and the scores now, as a share of that between the scores then and now. Chance in
    the scores lowers it, so beside it stands how far they moved along that way: the change of share that the scores
    alone speak for, by weighted least squares (one scoring step of Saerens, Latinne and Decaestecker, Neural
    Computation 14 (2002) 21-41), over that of the labels. It is about 1 where only the labels' shares moved, and about
    0 where rows scored as before came true otherwise. None where no unit is configured, or a class is empty.
    """
    tables = [window.profile.group_scores for window in (run.performance_baseline, run.current)]
    if tables[0] is None or tables[1] is None:
        return None
    counts = [table.sum(axis=0)[:, :2, :-1] for table in tables if table is not None]
    parts = []
    for side in counts:
        classes = without_each(side.sum(axis=2))
        if classes.min() <= 0:
            return None
        parts.append(Part(classes[:, 1] / classes.sum(axis=1), side.sum(axis=(1, 2)) > 0))
    change = parts[1] - parts[0]
    if not change.known:
        return None
    then, now = (_coarse(side.sum(axis=0)) for side in counts)
    classes = then / then.sum(axis=1, keepdims=True)
    predicted = parts[1].value * classes[1] + (1 - parts[1].value) * classes[0]
    scores = [side.sum(axis=0) / side.sum() for side in (then, now)]
    moved, left = (float(np.abs(other - scores[1]).sum()) / 2 for other in (scores[0], predicted))
    asked, found = predicted - scores[0], scores[1] - scores[0]
    used = scores[0] > 0
    information = float((asked[used] ** 2 / scores[0][used]).sum())
    along = float((asked[used] * found[used] / scores[0][used]).sum())
    return LabelShift(
        then=parts[0].value,
        now=parts[1].value,
        interval=change.interval(run.config.performance.confidence),
        scores_moved=moved,
        fit=max(0.0, 1 - left / moved) if moved > 0 else None,
        along=along / information if information > 0 else None,
    )


def _coarse(table: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return label and score bins, joined into `PIECES`, shape (2, pieces)."""
    return np.asarray(table.reshape(2, PIECES, -1).sum(axis=2), dtype=np.float64)
