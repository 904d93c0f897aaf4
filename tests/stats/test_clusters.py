"""Residuals and their spread against explicit loops, and against normal residuals of a known spread."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from dawnwatch.stats.clusters import share_residuals, spread


def test_residuals_of_independent_rows_have_the_multinomial_covariance_whatever_the_groups_sizes() -> None:
    rng = np.random.default_rng(1)
    sizes, shares = np.array([400, 90, 60, 30, 5]), np.array([0.5, 0.3, 0.2])
    parts = [share_residuals(rng.multinomial(sizes, shares).T.astype(float)) for _ in range(4000)]
    covariance = np.mean([z @ z.T for z in parts], axis=0)
    expected = (np.diag(shares) - np.outer(shares, shares)) / sizes.sum()
    assert covariance == pytest.approx(expected, rel=0.1)


def test_residuals_by_hand() -> None:
    found = share_residuals(np.array([[1.0, 3.0], [1.0, 0.0]]))
    one, other = (1 - 2 * 0.8) / (5 * sqrt(1 - 2 / 5)), (3 - 3 * 0.8) / (5 * sqrt(1 - 3 / 5))
    assert found == pytest.approx(np.array([[one, other], [-one, -other]]))


def test_the_spread_is_that_of_pairs_of_groups() -> None:
    rng = np.random.default_rng(2)
    z = rng.normal(size=(5, 40)) * np.array([3, 1, 1, 1, 0.5])[:, None]
    found = spread(z, 5)
    own = sum(float(z[:, g] @ z[:, g]) ** 2 for g in range(40))
    pairs = sum(float(z[:, g] @ z[:, h]) ** 2 for g in range(40) for h in range(40) if g != h)
    total = float((z**2).sum())
    assert found.total == pytest.approx(np.linalg.eigvalsh(z @ z.T).sum())
    # The two conditions that the degrees and the groups meet.
    free = (1 + 2 / found.degrees) * total**2 / own
    assert found.degrees == pytest.approx((1 - 1 / free) * total**2 / pairs)
    assert found.groups == pytest.approx(min(free, 40.0))


@pytest.mark.parametrize("directions", [1, 3, 13, 99])
def test_the_degrees_of_equal_directions_are_their_number(directions: int) -> None:
    rng = np.random.default_rng(directions)
    drawn = [spread(rng.normal(size=(directions, 64)), directions) for _ in range(200)]
    assert np.mean([found.degrees for found in drawn]) == pytest.approx(directions, rel=0.06)
    assert 50 <= np.mean([found.groups for found in drawn]) <= 64


def test_few_heavy_groups_are_few_groups() -> None:
    rng = np.random.default_rng(7)
    weights = np.r_[np.full(4, 10.0), np.full(60, 0.1)]
    found = [spread(rng.normal(size=(13, 64)) * weights, 13) for _ in range(200)]
    assert np.median([each.groups for each in found]) == pytest.approx(4, abs=1)
    assert np.median([each.degrees for each in found]) > 9


def test_one_group_alone_is_as_good_as_two() -> None:
    z = np.zeros((3, 5))
    z[:, 2] = [1, -2, 1]
    assert spread(z, 2) == (6, 2, 2)
