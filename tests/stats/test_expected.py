from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import roc_auc_score

from dawnwatch.stats.expected import calibrated, expected_auc, expected_auc_of_groups
from dawnwatch.stats.jackknife import clustered_auc
from dawnwatch.stats.left_out import left_out_of

GROUPS, BINS = 32, 40


def chance_of(score: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-score))


def test_the_calibration_is_sklearns_isotonic_fit() -> None:
    rng = np.random.default_rng(1)
    neg, pos = rng.integers(0, 30, 50), rng.integers(0, 30, 50)
    neg[[0, 7, 8, 49]] = pos[[0, 7, 8, 49]] = 0
    held = neg + pos > 0
    theirs = IsotonicRegression(y_min=0, y_max=1).fit(
        np.flatnonzero(held), pos[held] / (neg + pos)[held], sample_weight=(neg + pos)[held]
    )
    ours = calibrated(neg, pos)
    np.testing.assert_allclose(ours[held], theirs.predict(np.flatnonzero(held)), atol=1e-12)
    assert ours[0] == ours[1]
    assert ours[8] == ours[7] == ours[6]
    assert ours[49] == ours[48]


def test_without_rows_nothing_is_known() -> None:
    assert calibrated([0, 0], [0, 0]).tolist() == [0.5, 0.5]


def test_the_expected_auc_is_what_all_pairs_come_to() -> None:
    rng = np.random.default_rng(2)
    rows, chance = rng.integers(0, 4, 12), rng.random(12)
    scores = np.repeat(np.arange(12), rows)
    ordered = pairs = 0.0
    for i, j in product(scores, scores):
        weight = chance[i] * (1 - chance[j])
        pairs += weight
        ordered += weight * (1.0 if i > j else 0.5 if i == j else 0.0)
    assert expected_auc(rows, chance) == pytest.approx(ordered / pairs, abs=1e-12)


@pytest.mark.parametrize("chance", [[0.0, 0.0], [1.0, 1.0]])
def test_one_class_alone_has_no_auc(chance: list[float]) -> None:
    assert expected_auc([3, 4], chance) is None


def test_it_comes_to_the_realised_auc_where_scores_keep_their_meaning() -> None:
    rng = np.random.default_rng(3)
    score = rng.normal(0.5, 1.5, 200_000)
    label = rng.random(score.size) < chance_of(score)
    edges = np.quantile(score, np.linspace(0, 1, 301)[1:-1])
    rows = np.bincount(np.searchsorted(edges, score), minlength=300)
    middle = np.bincount(np.searchsorted(edges, score), weights=chance_of(score), minlength=300) / rows
    assert expected_auc(rows, middle) == pytest.approx(roc_auc_score(label, score), abs=0.003)


def drawn(rng: np.random.Generator, units: int, moved: float) -> np.ndarray:
    """Rows per group, label and score bin, of units that have a level of their own; [groups, 2, bins]."""
    table = np.zeros((GROUPS, 2, BINS), np.int64)
    for unit in range(units):
        score = rng.normal(moved, 1.0) + rng.normal(0, 1.0, 20)
        bins = np.clip(((score + 5) * 4).astype(int), 0, BINS - 1)
        label = (rng.random(20) < chance_of((bins + 0.5) / 4 - 5)).astype(int)
        np.add.at(table, (unit % GROUPS, label, bins), 1)
    return table


def test_its_interval_covers_what_infinitely_many_rows_would_come_to() -> None:
    rng = np.random.default_rng(4)
    bins = np.arange(BINS)
    density = np.zeros(BINS)
    for score in np.clip(((rng.normal(0.7, np.sqrt(2), 400_000) + 5) * 4).astype(int), 0, BINS - 1):
        density[score] += 1
    truth = expected_auc(density, chance_of((bins + 0.5) / 4 - 5))
    assert truth is not None
    covered = 0
    for _ in range(200):
        found = expected_auc_of_groups(drawn(rng, 320, 0.0), drawn(rng, 160, 0.7).sum(axis=1))
        assert found is not None
        low, high = found.interval(0.95)
        covered += low <= truth <= high
    assert 180 <= covered <= 199, covered


def test_a_gap_is_seen_where_the_concept_flips_and_not_where_scores_alone_move() -> None:
    rng = np.random.default_rng(5)
    reference, moved = drawn(rng, 640, 0.0), drawn(rng, 640, 0.7)
    flipped = moved[:, ::-1]
    p_values = []
    for window in (moved, flipped):
        realised, expected = clustered_auc(window), expected_auc_of_groups(reference, window.sum(axis=1))
        assert realised is not None
        assert expected is not None
        found = left_out_of(realised.value, realised.left_out, np.ones(GROUPS, bool)) - expected
        assert found.value == pytest.approx(realised.value - expected.value)
        p_values.append(found.p_value)
    assert p_values[0] > 0.05
    assert p_values[1] < 1e-6


def test_without_one_of_the_groups_there_may_be_no_class_left() -> None:
    reference = np.zeros((2, 2, 3))
    reference[0, 1, 2] = reference[1, 0, 0] = reference[0, 0, 0] = 5
    assert expected_auc_of_groups(reference, np.ones((2, 3))) is None
