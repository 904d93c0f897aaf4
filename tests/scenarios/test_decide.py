"""MetroPulse's decision, replayed: the figures of docs/decide.md, beside scikit-learn's and a bootstrap of riders."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.decide.example import best_of, bootstrapped, by_hand, promised, replayed, within_blocks
from sklearn.metrics import log_loss, roc_auc_score

from dawnwatch import Config
from dawnwatch.model.replay import Candidate, Replay
from metropulse.scenario import MetroPulse

BEFORE = {
    "wait": 0.6906320301138592,
    "older-half": 0.6842702406753527,
    "retrain on reference + current": 0.7092699156722189,
}
BEFORE_INTERVAL = (0.004799882348604711, 0.0324758887681146)
"""What `decide --demo --retrain` of version 1.2 of the replay gave, which had one cut."""


@pytest.fixture(scope="module")
def found(injected: MetroPulse, config: Config) -> Replay:
    return replayed(injected, config, cuts=3)[0]


@pytest.fixture(scope="module")
def once(injected: MetroPulse, config: Config) -> Replay:
    return replayed(injected, config, cuts=1)[0]


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
    rows = by_hand(found, injected, config)
    assert [int((rows.block == at).sum()) for at in range(3)] == [block.rows for block in found.blocks]
    best = best_of(found)
    assert auc_of(named(found, "wait")) == pytest.approx(within_blocks(rows.labels, rows.waiting, rows.block))
    assert auc_of(best) == pytest.approx(within_blocks(rows.labels, rows.retrained, rows.block))
    loss = named(found, "wait").gain("log_loss")
    assert loss is not None
    assert loss.value == pytest.approx(log_loss(rows.labels, rows.waiting))
    for at, part in enumerate(best.blocks):
        own, inside = part.gain("auc"), rows.block == at
        assert own is not None
        assert own.value == pytest.approx(roc_auc_score(rows.labels[inside], rows.retrained[inside]))
    assert best.leading is not None
    assert best.leading.interval == pytest.approx(np.percentile(bootstrapped(rows, draws=300), [2.5, 97.5]), abs=0.005)


def test_a_random_split_would_have_promised_far_more(found: Replay, injected: MetroPulse) -> None:
    """Riders, and what is liked that week, stand on both sides of it."""
    (auc,) = promised(injected, seeds=1)
    assert auc == pytest.approx(0.762, abs=0.01)
    assert auc > auc_of(best_of(found)) + 0.04
