"""What a replayed decision rests on: the simulated logs are as they are said to be, and the page holds all."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.decide.example import BEST, ByHand, best_of, bootstrapped, within_blocks
from benchmarks.decide.luck import judged
from benchmarks.decide.page import Measured, page

from dawnwatch.monitoring.replay.replay import replay
from dawnwatch.stats.worth import auc_left_out
from tests.monitoring.replay.logs import DAY, START, config, log, logistic


def drawn(seed: int = 0) -> ByHand:
    """Rows of 100 riders in two blocks; what is retrained ranks better."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=2000)
    labels = (rng.random(2000) < 1 / (1 + np.exp(-truth))).astype(np.int64)
    waiting, retrained = truth + rng.normal(size=2000) * 2, truth + rng.normal(size=2000)
    return ByHand(labels, waiting, retrained, rng.integers(0, 100, 2000), np.repeat([0, 1], 1000))


def test_by_hand_it_is_what_the_replay_counts() -> None:
    rows = drawn()
    ours = auc_left_out(rows.labels, rows.waiting, rows.riders % 64, 64, block=rows.block)
    assert ours is not None
    assert within_blocks(rows.labels, rows.waiting, rows.block) == pytest.approx(ours.value, abs=1e-12)


def test_a_bootstrap_draws_whole_riders_about_the_gain() -> None:
    rows = drawn()
    gain = within_blocks(rows.labels, rows.retrained, rows.block) - within_blocks(rows.labels, rows.waiting, rows.block)
    found = bootstrapped(rows, draws=100)
    assert found.mean() == pytest.approx(gain, abs=0.01)
    # With each rider's rows in one draw or out of it, one rider gives no other gain than all of its rows.
    alone = ByHand(rows.labels, rows.waiting, rows.retrained, np.zeros(2000, np.int64), rows.block)
    assert bootstrapped(alone, draws=2) == pytest.approx([gain, gain])


def test_logs_without_a_gain_have_none_and_those_with_one_have_it() -> None:
    none, better = judged(6, cuts=2), judged(6, cuts=2, own=0.1)
    assert none.gains.shape == none.held.shape == (6, 4)
    assert abs(none.gains.mean()) < 0.01
    assert better.gains.mean() > 0.015
    assert np.array_equal(judged(2, cuts=2).gains, none.gains[:2])
    assert not judged(2, cuts=1).turned.any()


def test_the_page_tells_everything_measured() -> None:
    current, before = log(turned=0.6), log(seed=5, start=START - 200 * DAY)
    found, once = (replay(config(), current=current, reference=before, trainer=logistic, cuts=c) for c in (3, 1))
    luck = judged(2, cuts=2)
    said = page(
        Measured(found, once, (1.0, 2.0), drawn(), np.array([0.01, 0.02]), [0.7, 0.8], {1: luck, 3: luck}, luck)
    )
    best = best_of(found)
    assert best.name == BEST
    for words in (
        f"| {BEST} | 3 from ",
        "Random splits promise 0.750 (of 2: 0.700 to 0.800).",
        "2 bootstrap draws of whole riders: 0.010 to 0.020; the jackknife says ",
        "takes 2.0 seconds of one core, and 1.0 at one cut.",
        "| none, 1 cut | 2 | ",
        "| none, 3 cuts | 2 | ",
        "| every action, 3 cuts | 2 | ",
        found.advice.text,
        once.advice.text,
    ):
        assert words in said
