"""MetroPulse's decision, replayed: the figures of docs/decide.md, beside scikit-learn's and a bootstrap of riders."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from dawnwatch import Config
from dawnwatch.model.replay import Candidate, Replay
from dawnwatch.monitoring.replay.replay import replay
from metropulse.recommender import score
from metropulse.scenario import MetroPulse


@pytest.fixture(scope="module")
def found(injected: MetroPulse, config: Config) -> Replay:
    return replay(
        config,
        current=injected.current,
        reference=injected.drift_baseline,
        model=injected.model,
        earlier={"older-half": injected.older_model()},
        trainer=injected.retrain,
    )


def named(found: Replay, name: str) -> Candidate:
    return next(one for one in found.candidates if one.name == name)


def auc_of(candidate: Candidate) -> float:
    gain = candidate.gain("auc")
    assert gain is not None
    return gain.value


def test_retraining_helps_a_little_and_rolling_back_does_not(found: Replay) -> None:
    assert auc_of(named(found, "wait")) == pytest.approx(0.691, abs=0.0015)
    assert auc_of(named(found, "older-half")) == pytest.approx(0.684, abs=0.0015)
    assert auc_of(named(found, "retrain on reference + current")) == pytest.approx(0.709, abs=0.0015)
    assert auc_of(named(found, "retrain on current")) < 0.69
    assert (found.advice.verdict, found.advice.candidate) == ("retrain", "retrain on reference + current")
    gain = named(found, "retrain on reference + current").gain("auc")
    assert gain is not None
    assert gain.interval is not None
    assert gain.interval[0] == pytest.approx(0.005, abs=0.003)
    assert gain.interval[1] == pytest.approx(0.032, abs=0.004)
    # In every slice of the device, which says nothing of the label.
    parts = named(found, "retrain on reference + current").slices
    assert len(parts) == 3
    assert all(part.auc is not None and part.auc.gain > 0.01 for part in parts)


def test_the_figures_are_scikit_learns_and_the_interval_a_bootstrap_of_riders(
    found: Replay, injected: MetroPulse, config: Config
) -> None:
    current = injected.current
    cut = int(found.cut_at.timestamp())
    learn, judge = (current.filter(pa.array(of)) for of in _sides(current, cut))
    assert (learn.num_rows, judge.num_rows) == (found.learn_rows, found.judged_rows)
    label = judge["label"].to_numpy()
    waiting = score(injected.model, judge, features=config.model.features)
    before = injected.drift_baseline
    earlier = before.filter(pa.array(before["timestamp"].to_numpy() < current["timestamp"].to_numpy().min()))
    retrained = injected.retrain(pa.concat_tables([earlier, learn]), judge)["score"].to_numpy()
    assert auc_of(named(found, "wait")) == pytest.approx(roc_auc_score(label, waiting))
    assert auc_of(named(found, "retrain on reference + current")) == pytest.approx(roc_auc_score(label, retrained))
    loss = named(found, "wait").gain("log_loss")
    assert loss is not None
    assert loss.value == pytest.approx(log_loss(label, waiting))

    gain = named(found, "retrain on reference + current").gain("auc")
    assert gain is not None
    assert gain.interval is not None
    rider = judge["user_id"].to_numpy()
    rows = {one: np.flatnonzero(rider == one) for one in np.unique(rider)}
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(300):
        take = np.concatenate([rows[one] for one in rng.choice(list(rows), len(rows))])
        drawn.append(roc_auc_score(label[take], retrained[take]) - roc_auc_score(label[take], waiting[take]))
    low, high = np.percentile(drawn, [2.5, 97.5])
    assert gain.interval[0] == pytest.approx(low, abs=0.005)
    assert gain.interval[1] == pytest.approx(high, abs=0.005)


def test_a_random_split_would_have_promised_far_more(found: Replay, injected: MetroPulse) -> None:
    """Riders, and what is liked that week, stand on both sides of it."""
    rng = np.random.default_rng(0)
    later = rng.random(injected.current.num_rows) < 0.5
    learn, judge = (injected.current.filter(pa.array(of)) for of in (~later, later))
    rows = injected.retrain(pa.concat_tables([injected.drift_baseline, learn]), judge)
    promised = roc_auc_score(rows["label"].to_numpy(), rows["score"].to_numpy())
    assert promised == pytest.approx(0.764, abs=0.01)
    assert promised > auc_of(named(found, "retrain on reference + current")) + 0.04


def _sides(table: Any, cut: int) -> tuple[Any, Any]:
    seconds = table["timestamp"].to_numpy()
    return seconds < cut, seconds >= cut
