"""Metrics estimated before labels come, against hand computation and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score, roc_auc_score

from dawnwatch.stats.estimates import METRICS, error_of, estimated, fitted, measures, realised
from dawnwatch.stats.replicates import without_each

BINS, GROUPS, FIRST = 30, 32, 14
CHANCE = (np.arange(BINS) + 0.5) / BINS


def table(seed: int, rows: int = 8000, *, moved: int = 0, flipped: bool = False) -> np.ndarray:
    rng = np.random.default_rng(seed)
    score = np.clip(rng.binomial(BINS - 1, 0.45, rows) + moved, 0, BINS - 1)
    label = (rng.random(rows) < CHANCE[score]).astype(int) ^ int(flipped)
    group = rng.integers(0, GROUPS, rows)
    return np.bincount((group * 2 + label) * BINS + score, minlength=GROUPS * 2 * BINS).reshape(GROUPS, 2, BINS)


def fit(counts: np.ndarray, calibrator: str = "none", first: int | None = FIRST):
    return fitted(without_each(counts), calibrator, CHANCE, first=first, filled=counts.sum(axis=(1, 2)) > 0)


def test_measures_of_counts_are_scikit_learns() -> None:
    counts = table(0).sum(axis=0)
    label = np.repeat([0, 1], counts.sum(axis=1))
    score = np.concatenate([np.repeat(np.arange(BINS), counts[0]), np.repeat(np.arange(BINS), counts[1])])
    said = score >= FIRST
    wanted = [roc_auc_score(label, score)]
    wanted += [of(label, said) for of in (accuracy_score, precision_score, recall_score, f1_score)]
    assert measures(counts[0].astype(float), counts[1].astype(float), FIRST) == pytest.approx(wanted, abs=1e-12)


def test_of_chances_they_are_what_the_rows_are_expected_to_come_to_by_hand() -> None:
    """Two rows answered with yes, of chances 0.9 and 0.6, and one with no, of 0.2."""
    rows, chance = np.array([1.0, 1.0, 1.0]), np.array([0.2, 0.6, 0.9])
    found = dict(zip(METRICS, measures(rows * (1 - chance), rows * chance, 1), strict=True))
    assert found["accuracy"] == pytest.approx((0.8 + 0.6 + 0.9) / 3)
    assert found["precision"] == pytest.approx(1.5 / 2)
    assert found["recall"] == pytest.approx(1.5 / 1.7)
    assert found["f1"] == pytest.approx(2 * 1.5 / (2 + 1.7))
    ties = (0.2 * 0.8 + 0.6 * 0.4 + 0.9 * 0.1) / 2
    assert found["auc"] == pytest.approx((0.6 * 0.8 + 0.9 * (0.8 + 0.4) + ties) / (1.7 * 1.3))


def test_without_a_denominator_there_is_none() -> None:
    of = fit(table(1))
    assert of is not None
    found = dict(zip(METRICS, estimated(of, np.eye(1, BINS)[0] * 100), strict=True))
    assert found["precision"] is None
    assert found["recall"] is not None
    assert realised(np.zeros((GROUPS, 2, BINS)), FIRST) == [None] * 5
    empty = table(1)
    empty[:, 1] = 0
    assert fit(empty) is None


@pytest.mark.parametrize("calibrator", ["none", "isotonic"])
def test_moved_scores_move_the_estimate_to_what_is_realised(calibrator: str) -> None:
    of, now = fit(table(2, 40_000), calibrator), table(3, 40_000, moved=5)
    assert of is not None
    for found, real in zip(estimated(of, now.sum(axis=(0, 1))), realised(now, FIRST), strict=True):
        assert found is not None
        assert real is not None
        assert found.value == pytest.approx(real.value, abs=0.02)
        low, high = found.interval(0.99)
        assert low <= real.value <= high
        assert 0 <= low < high <= 1


def test_a_smaller_window_has_a_wider_interval() -> None:
    of, now = fit(table(4)), table(5).sum(axis=(0, 1))
    assert of is not None
    wide, narrow = (estimated(of, size)[0] for size in (now / 20, now))
    assert wide is not None
    assert narrow is not None
    assert wide.value == pytest.approx(narrow.value)
    assert wide.labels == pytest.approx(20 * narrow.labels)


def test_flipped_labels_are_an_error_and_others_are_not() -> None:
    of = fit(table(6))
    assert of is not None
    clean, flipped = error_of(of, table(7)), error_of(of, table(7, flipped=True))
    assert all(one is not None and one[1].p_value > 0.01 for one in clean)
    assert flipped[0] is not None
    value, error = flipped[0]
    assert value - error.value == pytest.approx(1 - realised(table(7), None)[0].value, abs=1e-9)
    assert error.p_value < 1e-6


def test_weights_stand_for_rows_whose_labels_have_not_come() -> None:
    """Half of the positives' labels came: weighing them twice gives back all the rows' recall and precision."""
    whole = table(8, 40_000)
    rng = np.random.default_rng(0)
    came = whole.copy()
    came[:, 1] = rng.binomial(whole[:, 1], 0.5)
    weighed = came.astype(float)
    weighed[:, 1] *= 2
    wanted, biased, mended = (realised(of, FIRST)[2] for of in (whole, came, weighed))
    assert abs(biased.value - wanted.value) > 0.05
    assert mended.value == pytest.approx(wanted.value, abs=0.01)
