"""Which of many features moved, by themselves or among rows alike in those that did."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from dawnwatch.stats.movers import LEAST_WEIGHTED, MOST_WEIGHTED, movers
from dawnwatch.stats.scored import Scored

GROUPS = 64
ROWS = 6_000


def window(seed: int, *bins: NDArray[np.int64], quiet: int = 40) -> Scored:
    """Rows with these features, and others that never move."""
    rng = np.random.default_rng(seed)
    rows = len(bins[0]) if bins else ROWS
    features = np.column_stack([*bins, rng.integers(0, 5, (rows, quiet))])
    idle = np.zeros(rows, np.int64)
    return Scored(rng.integers(0, GROUPS, rows), rng.integers(0, 2, rows), idle, idle, features)


def test_what_moved_is_found_among_many_that_did_not() -> None:
    rng = np.random.default_rng(0)
    then = window(1, rng.choice(3, ROWS, p=[0.5, 0.3, 0.2]), rng.integers(0, 5, ROWS))
    now = window(2, rng.choice(3, ROWS, p=[0.2, 0.3, 0.5]), rng.choice(5, ROWS, p=[0.25, 0.15, 0.2, 0.2, 0.2]))
    found = movers(then, now, groups=GROUPS)
    assert {0, 1} <= set(found.features)
    assert found.balanced
    assert LEAST_WEIGHTED <= len(found.features) <= LEAST_WEIGHTED + 3, "chance takes one in a hundred along"


@pytest.mark.parametrize("seed", range(3))
def test_a_feature_that_moved_only_among_rows_alike_in_another_is_found(seed: int) -> None:
    rng = np.random.default_rng(seed)

    def side(share: float, given: tuple[float, float]) -> list[NDArray[np.int64]]:
        kind = (rng.random(ROWS) >= share).astype(np.int64)
        return [kind, (rng.random(ROWS) < np.array(given)[kind]).astype(np.int64)]

    # The second is 1 in half of the rows of either window: 0.3 · 0.8 + 0.7 · 0.371.
    then, now = window(seed, *side(0.7, (0.371, 0.8))), window(seed + 9, *side(0.3, (0.8, 0.371)))
    alone = movers(then, now, groups=GROUPS)
    assert {0, 1} <= set(alone.features)


def test_where_all_moved_the_largest_are_weighted_by_and_the_rest_is_owned_up_to() -> None:
    rng = np.random.default_rng(5)
    features = 30
    step = 0.1 + 0.01 * np.arange(features)
    then = window(1, *(rng.integers(0, 2, ROWS) for _ in step), quiet=0)
    now = window(2, *((rng.random(ROWS) < 0.5 + by).astype(np.int64) for by in step), quiet=0)
    found = movers(then, now, groups=GROUPS)
    assert found.features[-5:] == list(range(25, 30))
    assert len(found.features) == MOST_WEIGHTED
    assert not found.balanced


@pytest.mark.parametrize("unit", [1, 20])
def test_rows_that_no_change_was_made_to_are_weighted_by_chance_as_often_as_the_level_says(unit: int) -> None:
    taken = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        sides = []
        for _ in range(2):
            owner = np.repeat(np.arange(ROWS // unit), unit)
            of_owner = rng.integers(0, 5, (ROWS // unit, 50))[owner]
            # Half of a unit's values are its own, so that rows of one resemble each other.
            bins = np.where(rng.random((ROWS, 50)) < 0.5, of_owner, rng.integers(0, 5, (ROWS, 50)))
            idle = np.zeros(ROWS, np.int64)
            sides.append(Scored(rng.integers(0, GROUPS, ROWS // unit)[owner], idle, idle, idle, bins))
        taken.append(len(movers(*sides, groups=GROUPS).features) - LEAST_WEIGHTED)
    assert np.mean(taken) < 1, "of 50 features 0.5 come by chance, of which the five that moved most take most in"


def test_a_feature_of_one_value_never_moved() -> None:
    same = np.zeros(ROWS, np.int64)
    found = movers(window(1, same, quiet=25), window(2, same, quiet=25), groups=GROUPS)
    assert 0 not in found.features


def test_few_features_are_all_weighted_by() -> None:
    then, now = window(1, quiet=3), window(2, quiet=3)
    assert movers(then, now, groups=GROUPS).features == [0, 1, 2]
