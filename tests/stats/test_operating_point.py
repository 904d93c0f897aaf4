"""Answers at a threshold, held against scikit-learn, plain leaving out, and a bootstrap of whole units."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import f1_score, precision_score, recall_score

from dawnwatch.stats.operating_point import Answers, answers_of_groups, change

GROUPS, BINS, FIRST = 64, 20, 11
Arrays = tuple[np.ndarray, np.ndarray, np.ndarray]
SKLEARN = {"precision": precision_score, "recall": recall_score, "f1": f1_score}


def drawn(seed: int, units: int = 300, each: int = 10, lift: float = 0.0) -> Arrays:
    """Labels, score bins and units; units differ in how often they are positive, and how high they are scored."""
    rng = np.random.default_rng(seed)
    unit = np.repeat(np.arange(units), each)
    own = rng.normal(0, 0.8, units)[unit]
    label = (rng.random(unit.size) < 1 / (1 + np.exp(-own))).astype(np.int64)
    score = np.clip(np.round(9 + 3 * label + 2 * own + lift + rng.normal(0, 3, unit.size)), 0, BINS - 1).astype(
        np.int64
    )
    return label, score, unit


def table(rows: Arrays, groups: int = GROUPS) -> np.ndarray:
    label, score, unit = rows
    counts = np.zeros((groups, 2, BINS), np.int64)
    np.add.at(counts, (unit % groups, label, score), 1)
    return counts


def answers(rows: Arrays) -> Answers:
    return answers_of_groups(table(rows), FIRST, false_positive=1.0, false_negative=5.0)


def cost(label: Any, said: Any) -> float:
    return float(np.mean(np.where(said, 1.0 * (label == 0), 5.0 * (label == 1))))


@pytest.mark.parametrize("name", ["precision", "recall", "f1", "cost"])
def test_values_with_and_without_each_group_are_scikit_learns(name: str) -> None:
    label, score, unit = rows = drawn(1)
    measure = SKLEARN.get(name, cost)
    found = getattr(answers(rows), name)
    assert found.value == pytest.approx(measure(label, score >= FIRST))
    left = [measure(label[unit % GROUPS != g], score[unit % GROUPS != g] >= FIRST) for g in range(GROUPS)]
    assert found.left_out == pytest.approx(left)
    assert answers(rows).said_yes == pytest.approx(np.mean(score >= FIRST))


@pytest.mark.parametrize("name", ["precision", "recall", "f1", "cost"])
def test_a_change_varies_as_a_bootstrap_of_the_units_of_both_windows_says(name: str) -> None:
    before, now = drawn(2), drawn(3, lift=1.0)  # the same units in both
    moved = change(getattr(answers(now), name), getattr(answers(before), name))
    measure, rng = SKLEARN.get(name, cost), np.random.default_rng(4)
    rows_of = [np.flatnonzero(before[2] == one) for one in range(300)]
    differences = []
    for _ in range(400):
        take = np.concatenate([rows_of[one] for one in rng.integers(0, 300, 300)])
        both = [measure(label[take], score[take] >= FIRST) for label, score, _ in (now, before)]
        differences.append(both[0] - both[1])
    assert np.sqrt(moved.variance) == pytest.approx(np.std(differences), rel=0.25)
    low, high = moved.interval()
    assert low < np.mean(differences) < high


def test_intervals_cover_as_often_as_they_say() -> None:
    label, score, _ = drawn(5, units=100_000)
    held = dict.fromkeys(SKLEARN, 0)
    for seed in range(300):
        found = answers(drawn(1000 + seed))
        for name, measure in SKLEARN.items():
            low, high = getattr(found, name).interval()
            held[name] += low <= measure(label, score >= FIRST) <= high
    assert all(0.92 <= times / 300 <= 0.98 for times in held.values()), held


def test_a_group_without_rows_counts_for_nothing() -> None:
    rows = drawn(6)
    few = rows[0], rows[1], rows[2] % 10
    found = answers_of_groups(table(few), FIRST)
    assert found.recall is not None
    assert found.recall.groups == 10
    assert change(found.recall, found.recall).groups == 10
    other = answers_of_groups(table((rows[0], rows[1], rows[2] % 10 + 5)), FIRST).recall
    assert other is not None
    assert change(found.recall, other).groups == 15


def test_without_a_denominator_there_is_no_measure() -> None:
    label, score, unit = drawn(7)
    never = answers_of_groups(table((label, np.minimum(score, FIRST - 1), unit)), FIRST)
    assert never.precision is None
    assert never.recall is not None
    assert (never.recall.value, never.said_yes) == (0.0, 0.0)
    none = answers_of_groups(table((np.zeros_like(label), score, unit)), FIRST)
    assert none.recall is None
    # One positive alone: without its group there is none.
    one = np.zeros_like(label)
    one[0] = 1
    assert answers_of_groups(table((one, score, unit)), FIRST).recall is None
    assert answers_of_groups(np.zeros((GROUPS, 2, BINS)), FIRST) == (None, None, None, None, 0.0)
    assert never.cost is None
