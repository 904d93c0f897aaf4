"""Recalibration, held against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from dawnwatch.stats.recalibration import fit_isotonic, fit_platt


def drawn(seed: int = 0, rows: int = 2000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    score = rng.beta(2, 3, rows).round(3)
    return (rng.random(rows) < score**1.5).astype(np.int64), score


def test_platt_is_a_logistic_regression_on_the_logit_towards_platts_targets() -> None:
    label, score = drawn()
    ours = fit_platt(label, score)
    assert ours is not None
    positives, negatives = label.sum(), (1 - label).sum()
    high, low = (positives + 1) / (positives + 2), 1 / (negatives + 2)
    inside = score.clip(1e-7, 1 - 1e-7)
    x = np.log(inside / (1 - inside))[:, None]
    target = np.where(label == 1, high, low)
    # A fractional target is a row of either class with its weight.
    theirs = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(
        np.vstack([x, x]), np.repeat([1, 0], len(x)), sample_weight=np.concatenate([target, 1 - target])
    )
    assert ours.slope == pytest.approx(theirs.coef_[0, 0], abs=1e-4)
    assert ours.intercept == pytest.approx(theirs.intercept_[0], abs=1e-4)
    assert ours(score) == pytest.approx(theirs.predict_proba(x)[:, 1], abs=1e-4)


def test_isotonic_is_scikit_learns_on_old_and_new_scores() -> None:
    label, score = drawn(1)
    ours = fit_isotonic(label, score)
    assert ours is not None
    theirs = IsotonicRegression(out_of_bounds="clip").fit(score, label)
    new = np.random.default_rng(2).random(500)
    assert ours(score) == pytest.approx(theirs.predict(score), abs=1e-12)
    assert ours(new) == pytest.approx(theirs.predict(new), abs=1e-12)


def test_scores_that_are_right_stay_and_a_base_rate_moves_the_intercept_alone() -> None:
    rng = np.random.default_rng(3)
    score = rng.beta(2, 2, 200_000)
    right = fit_platt(rng.random(score.size) < score, score)
    assert right is not None
    assert (right.slope, right.intercept) == (pytest.approx(1, abs=0.03), pytest.approx(0, abs=0.03))
    odds = score / (1 - score) * np.e
    moved = fit_platt(rng.random(score.size) < odds / (1 + odds), score)
    assert moved is not None
    assert (moved.slope, moved.intercept) == (pytest.approx(1, abs=0.03), pytest.approx(1, abs=0.03))


def test_scores_of_0_and_1_and_classes_that_are_parted_stay_finite() -> None:
    found = fit_platt([0, 0, 1, 1], [0.0, 0.2, 0.8, 1.0])
    assert found is not None
    chances = found([0.0, 0.5, 1.0])
    assert np.isfinite(chances).all()
    assert (np.diff(chances) > 0).all()


@pytest.mark.parametrize("fit", [fit_platt, fit_isotonic])
@pytest.mark.parametrize("label", [0, 1])
def test_one_class_alone_teaches_nothing(fit, label) -> None:  # type: ignore[no-untyped-def]
    assert fit([label] * 5, [0.1, 0.2, 0.3, 0.4, 0.5]) is None
