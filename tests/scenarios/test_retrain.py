"""Retraining without some riders: what the others' rows look like had nobody known them, and how they rank."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from dawnwatch import Config
from metropulse.retrain import trainer
from metropulse.scenario import CONFIG, MetroPulse


def test_held_riders_have_the_affinities_of_riders_nobody_knows(injected: MetroPulse) -> None:
    rows = injected.training
    own = rows["user_id"].to_numpy() % 5 == 0
    learn, held = rows.filter(~own), rows.filter(own)
    found = trainer(Config.load(CONFIG), 7)(learn, held)
    assert found.num_rows == held.num_rows
    assert found["user_id"].equals(held["user_id"])
    assert set(found["user_affinity"].to_pylist()) == {learn["label"].to_numpy().mean()}
    # An item's affinity is that of the rows learned from, drawn to their mean by ten of them.
    item = held["item_id"].to_numpy()[0]
    labels = learn["label"].to_numpy()[learn["item_id"].to_numpy() == item]
    expected = (labels.sum() + 10 * learn["label"].to_numpy().mean()) / (len(labels) + 10)
    assert found["item_affinity"].to_numpy()[0] == pytest.approx(expected)


def test_riders_nobody_knows_rank_less_well_than_the_holdout_promised(injected: MetroPulse) -> None:
    """Out of fold over all riders of the reference the AUC is 0.70 to 0.71, where the random holdout has 0.756."""
    retrain, learned, rows = trainer(Config.load(CONFIG), 7), injected.training, injected.drift_baseline
    labels, scores = [], []
    for fold in range(5):
        known, own = learned["user_id"].to_numpy() % 5 != fold, rows["user_id"].to_numpy() % 5 == fold
        found = retrain(learned.filter(known), rows.filter(own))
        labels.append(found["label"].to_numpy())
        scores.append(found["score"].to_numpy())
    assert 0.695 <= roc_auc_score(np.concatenate(labels), np.concatenate(scores)) <= 0.715
