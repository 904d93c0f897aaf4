"""Weighted rows without each group, and what each kind of row carries, against explicit pairs."""

from __future__ import annotations

import numpy as np
import pytest

from dawnwatch.stats.scored import Replicated, Scored, Weights, auc_part

GROUPS = 8


def few(seed: int, rows: int = 60) -> Scored:
    rng = np.random.default_rng(seed)
    return Scored(
        rng.integers(0, GROUPS, rows),
        rng.integers(0, 2, rows),
        rng.integers(0, 12, rows),
        rng.integers(0, 2, rows),
        rng.integers(0, 3, (rows, 1)),
    )


def in_order(rows: Scored, groups: int = GROUPS) -> Replicated:
    return Replicated(rows, groups)


def pairs(rows: Scored, weights: np.ndarray, kept: np.ndarray) -> tuple[float, np.ndarray]:
    """The weighted AUC and what the rows of each bin carry of it, from every pair."""
    total, right, carried = 0.0, 0.0, np.zeros(3)
    for i in np.flatnonzero(kept & (rows.label == 1)):
        for j in np.flatnonzero(kept & (rows.label == 0)):
            weight = weights[i] * weights[j]
            part = weight * (float(rows.score[i] > rows.score[j]) + 0.5 * float(rows.score[i] == rows.score[j]))
            total, right = total + weight, right + part
            carried[rows.bins[i, 0]] += part / 2
            carried[rows.bins[j, 0]] += part / 2
    return right / total, carried / total


@pytest.mark.parametrize("seed", range(3))
def test_every_replicate_is_that_of_its_pairs(seed: int) -> None:
    whole = in_order(few(seed))
    rows, rng = whole.rows, np.random.default_rng(seed)
    kind, odds = rng.integers(0, 9, rows.label.size), rng.random((9, GROUPS + 1))
    aucs, carried = whole.auc(Weights(kind, odds)), whole.carried(Weights(kind, odds))
    for replicate in (0, 1, 5):
        kept = rows.group != replicate - 1
        auc, parts = pairs(rows, odds[kind, replicate], kept)
        assert aucs[replicate] == pytest.approx(auc)
        assert np.bincount(rows.bins[:, 0], carried[:, replicate]) == pytest.approx(parts)
        assert carried[:, replicate].sum() == pytest.approx(auc)


def test_without_weights_all_rows_count_once() -> None:
    rows = few(7)
    plain = auc_part(rows, GROUPS)
    assert plain.value == pytest.approx(pairs(rows, np.ones(60), np.ones(60, dtype=bool))[0])
    assert plain.filled.tolist() == [bool((rows.group == group).any()) for group in range(GROUPS)]


def test_coarser_groups_leave_more_out_at_once() -> None:
    rows = few(8)
    coarse = Replicated(rows.coarser(2), 2)
    kept = rows.group % 2 != 0
    assert coarse.auc()[1] == pytest.approx(pairs(rows, np.ones(60), kept)[0])


def test_a_class_that_is_empty_has_no_auc() -> None:
    rows = few(9)
    assert not auc_part(rows.only(rows.label == 1), GROUPS).known
