"""What it does to the AUC that some rows have no label yet."""

from __future__ import annotations

import numpy as np

from dawnwatch.model.plan import UNIT_GROUPS
from dawnwatch.model.score_bins import GROUPS
from dawnwatch.monitoring.causes.frame import Frame
from dawnwatch.monitoring.causes.sampled import Sampled
from dawnwatch.stats.density_ratio import ratios
from dawnwatch.stats.replicates import Part
from dawnwatch.stats.scored import Replicated, Weights, auc_part

__all__ = ["maturity"]

FEW = 0.01
SCORE_PIECES = 8


def maturity(frame: Frame) -> None:
    """Take off what the AUC of all rows would be above that of the rows with a label.

    Labels are taken to be missing at random among rows alike in score and in whether the model knew the unit.
    """
    if frame.run.label_gain is not None:
        # The fall is that of the weighted AUC, so that this part is taken off already.
        frame.left -= frame.run.label_gain
        frame.ruled_out.append("The AUC is weighted for which rows have their labels, so no part is theirs")
        return
    lacking = [1 - float(side.labelled.mean()) if side.rows else 0.0 for side in (frame.then, frame.now)]
    if max(lacking) < FEW:
        frame.ruled_out.append("Every row has its label, so no part is labels that are still to come")
        return
    part = _gain(frame.now) - _gain(frame.then)
    if not part.known:
        frame.unresolved.append("What the rows without a label would do to the AUC: too few have one")
        return
    frame.take(
        "maturity",
        part,
        assumptions=["Rows without a label are like those that have one at the same score, known and new units apart"],
    )


def _gain(side: Sampled) -> Part:
    """Return the AUC of the labelled rows weighted to stand for all, less their AUC as they are."""
    rows = side.scored(side.labelled)
    cells = side.stratum * SCORE_PIECES + side.score * SCORE_PIECES // GROUPS
    kinds, at = np.unique(cells, return_inverse=True)
    counts = [
        np.bincount(side.group[own] * kinds.size + at[own], minlength=UNIT_GROUPS * kinds.size)
        .reshape(UNIT_GROUPS, -1)
        .astype(np.float64)
        for own in (side.labelled, np.ones(side.rows, dtype=bool))
    ]
    pieces = np.stack([kinds // SCORE_PIECES, kinds % SCORE_PIECES], axis=1)
    whole = Replicated(rows, UNIT_GROUPS)
    key = whole.rows.stratum * SCORE_PIECES + whole.rows.score * SCORE_PIECES // GROUPS
    weights = Weights(np.searchsorted(kinds, key), ratios(pieces, *counts).T)
    return Part(whole.auc(weights), rows.filled(UNIT_GROUPS)) - auc_part(rows, UNIT_GROUPS)
