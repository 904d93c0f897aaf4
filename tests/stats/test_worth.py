"""What scores are worth, held against scikit-learn, plain leaving out, DeLong's paired variance and a bootstrap."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from dawnwatch.stats.paired import paired_drop
from dawnwatch.stats.worth import auc_left_out, brier_left_out, ece_left_out, log_loss_left_out

GROUPS = 64
MEASURES: list[tuple[Any, Any]] = [
    (auc_left_out, roc_auc_score),
    (log_loss_left_out, log_loss),
    (brier_left_out, brier_score_loss),
]


def drawn(rng: np.random.Generator, units: int = 200, each: int = 12) -> tuple[Any, ...]:
    """Rows of units that differ in how well either scoring knows them: (labels, scores, other scores, units)."""
    unit = np.repeat(np.arange(units), each)
    rows, effect = unit.size, rng.normal(size=(2, units))
    logit = rng.normal(size=rows)
    label = (rng.random(rows) < 1 / (1 + np.exp(-logit))).astype(np.int64)
    first = 1 / (1 + np.exp(-(0.8 * logit + effect[0][unit])))
    second = 1 / (1 + np.exp(-(logit + 0.5 * effect[1][unit])))
    # Coarse, so that scores tie.
    return label, first.round(2).clip(0.01, 0.99), second.round(2).clip(0.01, 0.99), unit


@pytest.mark.parametrize(("ours", "theirs"), MEASURES)
def test_values_with_and_without_each_group_are_scikit_learns(ours: Any, theirs: Any) -> None:
    label, score, _, unit = drawn(np.random.default_rng(1))
    group = unit % GROUPS
    found = ours(label, score, group, GROUPS)
    assert found.value == pytest.approx(theirs(label, score), abs=1e-12)
    without = [theirs(label[group != g], score[group != g]) for g in range(GROUPS)]
    assert found.left_out == pytest.approx(without, abs=1e-12)


def test_within_blocks_it_is_the_mean_of_scikit_learns_aucs_weighted_by_their_pairs() -> None:
    label, score, _, unit = drawn(np.random.default_rng(8))
    rng = np.random.default_rng(9)
    # Blocks of uneven sizes and base rates, each scored on a scale of its own; units have rows in all of them.
    block = rng.choice(3, label.size, p=[0.2, 0.3, 0.5])
    label = np.where((block == 2) & (rng.random(label.size) < 0.5), 0, label)
    score, group = score + 10 * block, unit % GROUPS

    def by_hand(kept: Any) -> float:
        parts = [(label[kept & (block == b)], score[kept & (block == b)]) for b in range(3)]
        return float(
            np.average([roc_auc_score(*p) for p in parts], weights=[p[0].sum() * (1 - p[0]).sum() for p in parts])
        )

    found = auc_left_out(label, score, group, GROUPS, block=block)
    assert found is not None
    assert found.value == pytest.approx(by_hand(np.ones(label.size, bool)), abs=1e-12)
    assert found.left_out == pytest.approx([by_hand(group != g) for g in range(GROUPS)], abs=1e-12)
    alike = auc_left_out(label, score, group, GROUPS, block=np.zeros_like(block))
    assert alike == auc_left_out(label, score, group, GROUPS)
    assert alike is not None
    assert np.array_equal(alike.left_out, auc_left_out(label, score, group, GROUPS).left_out)  # type: ignore[union-attr]


def test_a_block_of_one_class_has_no_pairs_and_takes_none_away() -> None:
    label, score, _, unit = drawn(np.random.default_rng(10))
    block = (np.arange(label.size) >= 2000).astype(np.int64)
    label = np.where(block == 1, 1, label)
    found = auc_left_out(label, score, unit % GROUPS, GROUPS, block=block)
    assert found is not None
    assert found.value == pytest.approx(roc_auc_score(label[:2000], score[:2000]), abs=1e-12)
    assert auc_left_out(label, score, unit % GROUPS, GROUPS, block=label) is None


def test_the_calibration_error_is_that_of_bins_of_equal_rows() -> None:
    rng = np.random.default_rng(2)
    score = rng.random(3000)
    label = (rng.random(3000) < score**2).astype(np.int64)
    group = rng.integers(0, GROUPS, 3000)
    found = ece_left_out(label, score, group, GROUPS, bins=15)
    parts = np.array_split(np.argsort(score), 15)
    by_hand = sum(abs(score[part].mean() - label[part].mean()) * part.size for part in parts) / 3000
    assert found is not None
    assert found.value == pytest.approx(by_hand, abs=1e-12)


def test_a_difference_varies_as_a_bootstrap_of_whole_units_says() -> None:
    rng = np.random.default_rng(3)
    label, first, second, unit = drawn(rng, units=400)
    group = unit % GROUPS
    rows_of = [np.flatnonzero(unit == one) for one in range(400)]
    takes = [np.concatenate([rows_of[i] for i in rng.integers(0, 400, 400)]) for _ in range(400)]
    for ours, theirs in MEASURES:
        apart = ours(label, second, group, GROUPS) - ours(label, first, group, GROUPS)
        drawn_apart = [theirs(label[t], second[t]) - theirs(label[t], first[t]) for t in takes]
        assert np.sqrt(apart.variance) == pytest.approx(np.std(drawn_apart), rel=0.25), ours.__name__
        low, high = apart.interval()
        assert low < np.mean(drawn_apart) < high


def test_rows_that_are_units_of_their_own_vary_as_delong_says() -> None:
    rng = np.random.default_rng(4)
    label, first, second, _ = drawn(rng, units=6000, each=1)
    group = rng.integers(0, GROUPS, label.size)
    apart = auc_left_out(label, second, group, GROUPS) - auc_left_out(label, first, group, GROUPS)  # type: ignore[operator]
    delong = paired_drop(label, second, first)
    assert delong is not None
    assert apart.value == pytest.approx(delong.value, abs=1e-12)
    # 64 groups know a standard error to about 9 %.
    assert np.sqrt(apart.variance) == pytest.approx(np.sqrt(delong.variance), rel=0.3)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    """Scores whose difference is known: 95 % intervals of 300 draws hold it in 92 to 98 %."""
    rng = np.random.default_rng(5)
    big = drawn(rng, units=60_000)
    truth = roc_auc_score(big[0], big[2]) - roc_auc_score(big[0], big[1])
    held = 0
    for _ in range(300):
        label, first, second, unit = drawn(rng)
        group = unit % GROUPS
        apart = auc_left_out(label, second, group, GROUPS) - auc_left_out(label, first, group, GROUPS)  # type: ignore[operator]
        low, high = apart.interval()
        held += low <= truth <= high
    assert 0.92 <= held / 300 <= 0.98


def test_the_best_of_four_that_are_no_better_is_seldom_called_better() -> None:
    """At joint 95 %, two-sided: in about 2.5 % of logs; of 200 more than 6 % would come in one of a thousand."""
    rng = np.random.default_rng(7)
    called = 0
    for _ in range(200):
        unit = np.repeat(np.arange(220), 8)
        logit, own = rng.normal(size=unit.size), rng.normal(size=(5, 220))[:, unit] * 0.6
        label = (rng.random(unit.size) < 1 / (1 + np.exp(-logit))).astype(np.int64)
        scores = [logit + effect + rng.normal(size=unit.size) * 0.7 for effect in own]
        first, *others = (auc_left_out(label, score, unit % GROUPS, GROUPS) for score in scores)
        called += any((other - first).interval(1 - 0.05 / 4)[0] > 0 for other in others)  # type: ignore[operator]
    assert called / 200 <= 0.06


def test_groups_without_rows_are_no_groups() -> None:
    label, score, _, unit = drawn(np.random.default_rng(6))
    few = unit % 10
    assert auc_left_out(label, score, few, GROUPS).groups == 10  # type: ignore[union-attr]
    assert ece_left_out(label, score, few, GROUPS).groups == 10  # type: ignore[union-attr]
    assert brier_left_out(label, score, few, GROUPS).groups == 10  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("labels", "group"), [([1, 1, 1], [0, 1, 2]), ([0, 1, 1], [0, 1, 2]), ([0, 1, 0, 1], [0, 0, 0, 0])]
)
def test_what_a_class_or_a_group_would_leave_empty_has_no_auc(labels: list[int], group: list[int]) -> None:
    scores = np.linspace(0.1, 0.9, len(labels))
    assert auc_left_out(labels, scores, np.array(group), GROUPS) is None
    if len(set(group)) == 1:
        assert log_loss_left_out(labels, scores, np.array(group), GROUPS) is None
        assert ece_left_out(labels, scores, np.array(group), GROUPS) is None
