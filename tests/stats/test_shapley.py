"""Shapley values against the axioms and the mean over all orders."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from dawnwatch.stats.shapley import MOST_PLAYERS, shapley

PLAYERS = ["a", "b", "c", "d"]


def game(seed: int) -> dict[frozenset[str], np.ndarray]:
    rng = np.random.default_rng(seed)
    coalitions = [frozenset(p for i, p in enumerate(PLAYERS) if mask >> i & 1) for mask in range(16)]
    return {who: rng.normal(size=3) for who in coalitions}


def test_it_is_the_mean_gain_over_all_orders() -> None:
    worth = game(0)
    found = shapley(PLAYERS, worth.__getitem__)
    for player in PLAYERS:
        gains = []
        for order in permutations(PLAYERS):
            before = frozenset(order[: order.index(player)])
            gains.append(worth[before | {player}] - worth[before])
        assert found[player] == pytest.approx(np.mean(gains, axis=0))
    assert sum(found.values()) == pytest.approx(worth[frozenset(PLAYERS)] - worth[frozenset()])


def test_too_many_players_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 5"):
        shapley([str(i) for i in range(MOST_PLAYERS + 1)], lambda who: np.zeros(1))
