"""Incidents of a known size against the sizes measured of them."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from dawnwatch.stats.divergence import psi
from dawnwatch.stats.injection import blur_for, blurred, move_for, moved, moves_for

COUNTS = np.array([500_000, 300_000, 150_000, 50_000])


@pytest.mark.parametrize("size", [0.02, 0.1, 0.3, 1.0])
@pytest.mark.parametrize("target", range(4))
def test_moved_rows_make_the_shift_asked_for(size: float, target: int) -> None:
    dose = move_for(COUNTS, target, size)
    assert dose is not None
    table = np.stack([COUNTS // 2, COUNTS - COUNTS // 2], axis=1)
    (after,) = moved(table, target, [dose], np.random.default_rng(1))
    assert psi(COUNTS, after.sum(axis=1)) == pytest.approx(size, rel=0.03)
    assert (after.sum(axis=0) == table.sum(axis=0)).all()  # each group keeps its rows


def test_no_share_of_rows_makes_a_shift_that_large() -> None:
    assert move_for([999, 1], 0, 1.0) is None


def test_growing_doses_touch_the_same_rows_and_more() -> None:
    first, second, third = moved(COUNTS[:, None], 0, [0.1, 0.3, 1.0], np.random.default_rng(2))
    assert (second[1:] <= first[1:]).all()
    assert third.ravel().tolist() == [COUNTS.sum(), 0, 0, 0]
    assert 1 - second[1:].sum() / COUNTS[1:].sum() == pytest.approx(0.3, abs=0.002)


def scored(rng: np.random.Generator, rows: int = 200_000) -> np.ndarray:
    """[group, class, score bin] of a model with an AUC of about 0.76."""
    label = rng.random(rows) < 0.4
    score = np.clip(np.digitize(rng.normal(label * 1.0, 1.0), np.linspace(-3, 4, 63)), 0, 63)
    table = np.zeros((8, 2, 64), np.int64)
    np.add.at(table, (rng.integers(8, size=rows), label.astype(int), score), 1)
    return table


def auc(table: np.ndarray) -> float:
    counts = table.sum(axis=0)
    label = np.repeat([0, 1], counts.sum(axis=1))
    score = np.concatenate([np.repeat(np.arange(64), of) for of in counts])
    return float(roc_auc_score(label, score))


def test_blurred_scores_make_the_fall_asked_for() -> None:
    rng = np.random.default_rng(3)
    table = scored(rng)
    sizes = [0.02, 0.08, 0.2]
    doses = [blur_for(table.sum(axis=0), size) for size in sizes]
    assert None not in doses
    for size, after in zip(sizes, blurred(table, [dose for dose in doses if dose is not None], rng), strict=True):
        assert auc(table) - auc(after) == pytest.approx(size, abs=0.004)
        assert (after.sum(axis=2) == table.sum(axis=2)).all()  # every group keeps its rows and labels


def test_an_auc_cannot_fall_below_chance() -> None:
    table = scored(np.random.default_rng(4)).sum(axis=0)
    assert blur_for(table, auc(table[None]) - 0.5 + 0.01) is None
    assert blur_for([[5, 0], [0, 0]], 0.1) is None


def test_doses_solved_at_once_are_those_solved_one_by_one() -> None:
    sizes = np.geomspace(0.01, 1.5, 10).tolist()
    for shares in ([40, 30, 20, 10], [0.98, 0.0, 0.02], [5, 0, 1, 900, 94]):
        for target in np.flatnonzero(shares).tolist():
            one_by_one = [move_for(shares, target, size) for size in sizes]
            kept = [dose for dose in one_by_one if dose is not None]
            assert moves_for(shares, target, sizes) == pytest.approx(kept, abs=1e-12)
