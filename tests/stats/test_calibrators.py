"""Maps from score bins to chances, and which of them labels call for."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from dawnwatch.stats.calibrators import chances, choose, platt

BINS, GROUPS = 40, 32
SCORES = (np.arange(BINS) + 0.5) / BINS


def drawn(seed: int, chance: np.ndarray, rows: int = 20_000) -> np.ndarray:
    """Rows per group, label and score bin, labels by these chances."""
    rng = np.random.default_rng(seed)
    score, group = rng.integers(0, BINS, rows), rng.integers(0, GROUPS, rows)
    label = (rng.random(rows) < chance[score]).astype(int)
    return np.bincount((group * 2 + label) * BINS + score, minlength=GROUPS * 2 * BINS).reshape(GROUPS, 2, BINS)


def test_platt_is_the_logistic_regression_over_the_logit_of_weighted_rows() -> None:
    table = drawn(0, expit(0.5 * logit(SCORES) - 1)).sum(axis=0) * 1.7
    found = platt(np.stack([table, 2 * table]), SCORES)
    x = np.tile(logit(SCORES), 2)[:, None]
    model = LogisticRegression(C=1e12, tol=1e-10, max_iter=1000).fit(
        x, np.repeat([0, 1], BINS), sample_weight=table.ravel()
    )
    assert found[0] == pytest.approx(model.predict_proba(x[:BINS])[:, 1], abs=2e-4)
    assert found[1] == pytest.approx(found[0], abs=2e-4)


def test_platt_stays_finite_where_scores_part_the_classes_and_says_the_share_where_one_is_empty() -> None:
    apart = np.zeros((2, BINS))
    apart[0, : BINS // 2] = apart[1, BINS // 2 :] = 50
    alone = np.stack([np.zeros(BINS), np.ones(BINS)])
    found = platt(np.stack([apart, alone]), SCORES)
    assert np.isfinite(found).all()
    assert found[0, 0] < 0.02
    assert found[0, -1] > 0.98
    assert (found[1] == 1).all()


def test_the_isotonic_map_is_scikit_learns() -> None:
    table = drawn(1, SCORES**2).sum(axis=0)
    rows = table.sum(axis=0)
    model = IsotonicRegression(y_min=0, y_max=1).fit(SCORES, table[1] / rows, sample_weight=rows)
    assert chances("isotonic", table[None], SCORES)[0] == pytest.approx(model.predict(SCORES), abs=1e-12)


@pytest.mark.parametrize(
    ("chance", "probabilities", "wanted"),
    [
        (SCORES, True, "none"),
        (expit(0.4 * logit(SCORES) - 1), True, "platt"),
        (np.where(SCORES < 0.5, 0.1, 0.3 + 0.2 * SCORES), True, "isotonic"),
        (SCORES, False, "isotonic"),
    ],
    ids=["scores that are chances", "scores too sure", "a step", "scores that are no chances"],
)
def test_the_simplest_map_that_serves_is_chosen(chance: np.ndarray, probabilities: bool, wanted: str) -> None:
    found = choose(drawn(2, chance), SCORES, probabilities=probabilities)
    assert found.calibrator == wanted
    assert found.error < 0.02
    assert (found.uncalibrated is None) is not probabilities
    if wanted in {"platt", "isotonic"} and probabilities:
        assert found.uncalibrated is not None
        assert found.uncalibrated > found.error


def test_scores_that_are_chances_are_seldom_given_a_map() -> None:
    maps = [choose(drawn(seed, SCORES, 3000), SCORES, probabilities=True).calibrator for seed in range(60)]
    assert sum(name != "none" for name in maps) <= 8
