"""Shapley values of a few players."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_PLAYERS", "shapley"]

MOST_PLAYERS = 5
"""Two to the power of five coalitions are looked at."""


def shapley(players: Sequence[str], worth: Callable[[frozenset[str]], NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Share the worth of all players among them: each one's mean gain over all orders in which they may come.

    Parameters
    ----------
    players : at most `MOST_PLAYERS`, each once
    worth : of a coalition, as a number or an array of any fixed shape; called once for each of the 2ᵖ coalitions

    Returns
    -------
    by player; the sum is the worth of all less the worth of none

    Raises
    ------
    ValueError
        Where there are more players than that.

    References
    ----------
    Shapley, A value for n-person games, Contributions to the Theory of Games II (1953) 307-317.

    Examples
    --------
    A left and a right glove are worth something as a pair only.

    >>> shared = shapley(["left", "right"], lambda who: np.array(float(len(who) == 2)))
    >>> {name: float(value) for name, value in shared.items()}
    {'left': 0.5, 'right': 0.5}
    """
    count = len(players)
    if count > MOST_PLAYERS:
        raise ValueError(f"at most {MOST_PLAYERS} players can be shared among, not {count}")
    worths = {
        frozenset(some): worth(frozenset(some)) for size in range(count + 1) for some in combinations(players, size)
    }
    shares = {}
    for player in players:
        others = [other for other in players if other != player]
        total = np.zeros_like(worths[frozenset()])
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for some in combinations(others, size):
                before = frozenset(some)
                total = total + weight * (worths[before | {player}] - worths[before])
        shares[player] = total
    return shares
