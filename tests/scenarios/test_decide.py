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

BEFORE = {
    "wait": 0.6906320301138592,
    "older-half": 0.6842702406753527,
    "retrain on reference + current": 0.7092699156722189,
}
BEFORE_INTERVAL = (0.004799882348604711, 0.0324758887681146)
"""What `decide --demo --retrain` of version 1.2 of the replay gave, which had one cut."""


def replayed(injected: MetroPulse, config: Config, *, cuts: int) -> Replay:
    return replay(
        config,
        current=injected.current,
        reference=injected.drift_baseline,
        model=injected.model,
        earlier={"older-half": injected.older_model()},
        trainer=injected.retrain,
        cuts=cuts,
    )


@pytest.fixture(scope="module")
def found(injected: MetroPulse, config: Config) -> Replay:
    return replayed(injected, config, cuts=3)


@pytest.fixture(scope="module")
def once(injected: MetroPulse, config: Config) -> Replay:
    return replayed(injected, config, cuts=1)


def named(found: Replay, name: str) -> Candidate:
    return next(one for one in found.candidates if one.name == name)


def auc_of(candidate: Candidate) -> float:
    gain = candidate.gain("auc")
    assert gain is not None
    return gain.value


def test_retraining_helps_a_little_at_every_cut_and_rolling_back_does_not(found: Replay) -> None:
    assert auc_of(named(found, "wait")) == pytest.approx(0.692, abs=0.0015)
    assert auc_of(named(found, "older-half")) == pytest.approx(0.686, abs=0.0015)
    assert auc_of(named(found, "retrain on reference + current")) == pytest.approx(0.713, abs=0.0015)
    assert (found.advice.verdict, found.advice.candidate) == ("retrain", "retrain on reference + current")
    best = named(found, "retrain on reference + current")
    assert best.leading is not None
    assert best.leading.interval == pytest.approx((0.006, 0.037), abs=0.004)
    assert [block.rows for block in found.blocks] == [5000, 5000, 5000]
    by_block = [gain.gain for block in best.blocks if (gain := block.gain("auc")) is not None]
    assert by_block == pytest.approx([0.016, 0.017, 0.030], abs=0.004)
    # In every slice of the device, which says nothing of the label.
    assert len(best.slices) == 3
    assert all(part.auc is not None and part.auc.gain > 0.01 for part in best.slices)


def test_at_one_cut_it_is_what_it_was_before_there_were_blocks(once: Replay) -> None:
    """The figures of docs/decide.md before forward chaining, but for what libraries round otherwise."""
    told = {name: auc_of(named(once, name)) for name in ("wait", "older-half", "retrain on reference + current")}
    assert told == pytest.approx(BEFORE, abs=5e-4)
    best = named(once, "retrain on reference + current").leading
    assert best is not None
    assert best.interval == pytest.approx(BEFORE_INTERVAL, abs=5e-4)
    assert (once.advice.verdict, once.advice.candidate) == ("retrain", "retrain on reference + current")
    assert auc_of(named(once, "retrain on current")) < 0.69


def test_the_figures_are_scikit_learns_by_block_and_the_interval_a_bootstrap_of_riders(
    found: Replay, injected: MetroPulse, config: Config
) -> None:
    parts = by_hand(found, injected, config)
    label, waiting, retrained, rider, block = (np.concatenate(part) for part in zip(*parts, strict=True))
    best = named(found, "retrain on reference + current")
    assert auc_of(named(found, "wait")) == pytest.approx(within(label, waiting, block))
    assert auc_of(best) == pytest.approx(within(label, retrained, block))
    loss = named(found, "wait").gain("log_loss")
    assert loss is not None
    assert loss.value == pytest.approx(log_loss(label, waiting))
    for at, part in enumerate(best.blocks):
        own = part.gain("auc")
        assert own is not None
        assert own.value == pytest.approx(roc_auc_score(label[block == at], retrained[block == at]))

    assert best.leading is not None
    assert best.leading.interval is not None
    rows = {one: np.flatnonzero(rider == one) for one in np.unique(rider)}
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(300):
        take = np.concatenate([rows[one] for one in rng.choice(list(rows), len(rows))])
        new, old = (within(label[take], scores[take], block[take]) for scores in (retrained, waiting))
        drawn.append(new - old)
    low, high = np.percentile(drawn, [2.5, 97.5])
    assert best.leading.interval[0] == pytest.approx(low, abs=0.005)
    assert best.leading.interval[1] == pytest.approx(high, abs=0.005)


def by_hand(found: Replay, injected: MetroPulse, config: Config) -> list[tuple[Any, ...]]:
    """For each block: labels, scores of waiting, of retraining on all rows before it, riders, which block."""
    current, before, parts = injected.current, injected.drift_baseline, []
    seconds = current["timestamp"].to_numpy()
    earlier = before.filter(pa.array(before["timestamp"].to_numpy() < seconds.min()))
    begins = [block.begins_at.timestamp() for block in found.blocks]
    for at, (begin, end) in enumerate(zip(begins, [*begins[1:], np.inf], strict=True)):
        learn = current.filter(pa.array(seconds < begin))
        judge = current.filter(pa.array((seconds >= begin) & (seconds < end)))
        assert (learn.num_rows, judge.num_rows) == (found.blocks[at].learn_rows, found.blocks[at].rows)
        waiting = score(injected.model, judge, features=config.model.features)
        retrained = injected.retrain(pa.concat_tables([earlier, learn]), judge)["score"].to_numpy()
        rows = (judge["label"].to_numpy(), waiting, retrained, judge["user_id"].to_numpy())
        parts.append((*rows, np.full(judge.num_rows, at)))
    return parts


def within(label: Any, scores: Any, block: Any) -> float:
    """The mean of the blocks' AUCs, each weighted by its pairs."""
    kept = [block == one for one in np.unique(block)]
    pairs = [label[rows].sum() * (1 - label[rows]).sum() for rows in kept]
    return float(np.average([roc_auc_score(label[rows], scores[rows]) for rows in kept], weights=pairs))


def test_a_random_split_would_have_promised_far_more(found: Replay, injected: MetroPulse) -> None:
    """Riders, and what is liked that week, stand on both sides of it."""
    rng = np.random.default_rng(0)
    later = rng.random(injected.current.num_rows) < 0.5
    learn, judge = (injected.current.filter(pa.array(of)) for of in (~later, later))
    rows = injected.retrain(pa.concat_tables([injected.drift_baseline, learn]), judge)
    promised = roc_auc_score(rows["label"].to_numpy(), rows["score"].to_numpy())
    assert promised == pytest.approx(0.764, abs=0.01)
    assert promised > auc_of(named(found, "retrain on reference + current")) + 0.04
