"""Placement losses against every pair of rows, and against scikit-learn's AUC."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from dawnwatch.stats.placements import placement_losses, placement_weights


@pytest.mark.parametrize("seed", range(10))
def test_agrees_with_every_pair(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = (rng.random(60) < 0.3).astype(np.int64)
    labels[:2] = 0, 1
    scores = (rng.normal(size=60) + labels).round(seed % 3)  # with many ties, some and none
    losses = placement_losses(labels, scores)
    for at, (label, score) in enumerate(zip(labels, scores, strict=True)):
        others = scores[labels != label]
        wrong = others > score if label else others < score
        assert losses[at] == pytest.approx((wrong + 0.5 * (others == score)).mean())
    lost = 1 - roc_auc_score(labels, scores)
    assert losses[labels == 1].mean() == pytest.approx(lost)
    assert losses[labels == 0].mean() == pytest.approx(lost)
    assert placement_weights(labels) @ losses == pytest.approx(lost)


def test_a_class_must_not_be_empty() -> None:
    with pytest.raises(ValueError, match="both classes"):
        placement_losses([1, 1], [0.1, 0.2])
