"""Rates by hand, and out of fold."""

from __future__ import annotations

import numpy as np

from dawnwatch.drills.data.rates import Rate, out_of_fold


def test_by_hand() -> None:
    rate = Rate.learn(np.array(["a"] * 10 + ["b"] * 10), np.array([1] * 10 + [0] * 10))
    assert rate.of(np.array(["a", "b", "new"])).tolist() == [0.75, 0.25, 0.5]


def test_out_of_fold_a_label_does_not_move_its_own_rate() -> None:
    rng = np.random.default_rng(0)
    keys, label = np.array([f"k{i}" for i in range(50)] * 4), rng.integers(0, 2, 200)
    other = label.copy()
    other[7] = 1 - other[7]
    rates = [out_of_fold(keys, labels, np.random.default_rng(1)) for labels in (label, other)]
    assert rates[0][7] == rates[1][7]
    assert (rates[0] != rates[1]).any()
