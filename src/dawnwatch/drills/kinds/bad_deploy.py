"""A worse version of the model, from one moment on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from dawnwatch.drills.data.base import SCORE, VERSION
from dawnwatch.drills.data.scorecard import Scorecard
from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene, put

__all__ = ["NEW", "STEPS", "bad_deploy", "muddled"]

NEW = "v2"
STEPS = 1000
"""Between the deployed model and one that learned nothing."""


@kind("bad_deploy", pillar="performance", cause="serving", action="rollback", measure="auc_drop")
def bad_deploy(scene: Scene) -> Recipe:
    """A worse version of the model goes live: every row from one moment on has its version and its score.

    The version before is at hand and ranks as it did, so going back to it helps; the new one serves what it is, so no
    pipeline is broken.
    """
    rows = np.arange(scene.onset, scene.rows)
    table = put(scene.table, VERSION, rows, NEW)
    orders = [scene.rng.permutation(len(weights)) for weights in scene.model.weights]

    def apply(dose: int) -> pa.Table:
        score = muddled(scene.model, orders, dose / STEPS).score(scene.table)
        return put(table, SCORE, rows, score[rows])

    told = f"{VERSION} became {NEW}, a worse model,"
    # Without rows of the version before there is no moment of the deploy in the window.
    return Recipe(apply, STEPS if scene.onset else 0, told, VERSION, NEW, touched=len(rows))


def muddled(model: Scorecard, orders: list[np.ndarray], share: float) -> Scorecard:
    """Return a model as one would learn it where the bins of every feature were mixed up in part of the training rows.

    Parameters
    ----------
    orders : for each feature, the bin whose weight each bin is given
    share : of the training rows in which they were, in [0, 1]; with 1 nothing of the model is left
    """
    pairs = zip(model.weights, orders, strict=True)
    return replace(model, weights=tuple((1 - share) * own + share * own[order] for own, order in pairs))
