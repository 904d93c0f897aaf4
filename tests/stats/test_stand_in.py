"""The slope on the stand-in: what exchanging, defaulting, a changed mix and a changed concept do to it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from dawnwatch.stats.stand_in import Link, Scored, link

BINS = (4, 6)
Floats = np.ndarray[Any, np.dtype[np.float64]]


def rows(seed: int, n: int = 3000, *, first: float = 0.25) -> Scored:
    """Scores that are additive in two features but for a little noise, of 300 units; `first` is a category's share."""
    rng = np.random.default_rng(seed)
    one = rng.choice(4, n, p=[first, *[(1 - first) / 3] * 3])
    two = rng.integers(0, 6, n)
    scores = np.array([0.1, 0.3, 0.35, 0.5])[one] + 0.05 * two + rng.normal(0, 0.02, n)
    return Scored(np.column_stack([one, two]), scores, rng.integers(0, 300, n).astype(np.uint64))


def compared(current: Scored, reference: Scored | None = None) -> Link:
    found = link(reference or rows(0), current, BINS)
    assert found is not None
    return found


def exchanged(of: Scored, share: float) -> Scored:
    rng = np.random.default_rng(9)
    chosen = rng.permutation(of.scores.size)[: round(share * of.scores.size)]
    scores = of.scores.copy()
    scores[chosen] = scores[rng.permutation(chosen)]
    return Scored(of.codes, scores, of.units)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 1.0])
def test_exchanging_a_share_of_the_scores_loses_that_share(share: float) -> None:
    found = compared(exchanged(rows(1), share))
    low, high = found.interval(0.99)
    assert low <= share <= high
    assert found.lost == pytest.approx(share, abs=0.05)


def test_a_changed_mix_loses_nothing() -> None:
    low, high = compared(rows(2, first=0.7)).interval(0.99)
    assert low < 0 < high


def test_it_explains_what_a_regression_on_the_bins_explains() -> None:
    reference = rows(0)
    design = np.hstack([np.eye(4)[reference.codes[:, 0]], np.eye(6)[reference.codes[:, 1]]])
    expected = LinearRegression().fit(design, reference.scores).score(design, reference.scores)
    assert compared(rows(1)).explained == pytest.approx(expected, abs=0.005)


def test_features_that_tell_nothing_explain_nothing() -> None:
    noise = Scored(rows(0).codes, np.random.default_rng(1).random(3000), rows(0).units)
    found = link(noise, rows(1), BINS)
    assert found is None or found.explained < 0.02


@pytest.mark.parametrize("which", ["reference", "current"])
def test_scores_that_are_all_one_in_the_baseline_tell_nothing_and_now_lose_all(which: str) -> None:
    same = Scored(rows(1).codes, np.full(3000, 0.5), rows(1).units)
    if which == "reference":
        assert link(same, rows(1), BINS) is None
    else:
        assert compared(same).lost == pytest.approx(1.0)


def test_its_interval_covers_no_change_as_often_as_it_says() -> None:
    """Units have offsets of their own, so rows of one unit are alike: 95% of 200 clean pairs of windows, or nearly."""

    def clustered(seed: int) -> Scored:
        of = rows(seed, 1500)
        offsets = np.random.default_rng(seed + 1000).normal(0, 0.1, 300)
        return Scored(of.codes, of.scores + offsets[of.units.astype(int)], of.units)

    inside = 0
    for seed in range(200):
        low, high = compared(clustered(2 * seed), clustered(2 * seed + 1)).interval(0.95)
        inside += low <= 0 <= high
    assert 0.91 <= inside / 200 <= 0.99


def test_the_feature_that_was_changed_is_the_loosest_and_none_is_where_nothing_was() -> None:
    changed = rows(1)
    codes = changed.codes.copy()
    codes[:1500, 1] = 5
    assert compared(Scored(codes, changed.scores, changed.units)).loosest == 1
    assert compared(rows(2)).loosest is None
    assert compared(rows(2, first=0.7)).loosest is None
