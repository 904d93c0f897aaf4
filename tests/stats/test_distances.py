"""Distances against scipy's, on the counts and on the rows they stand for."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.spatial.distance import chebyshev, cityblock, jensenshannon
from scipy.stats import energy_distance, entropy, ks_2samp, wasserstein_distance
from scipy.stats.contingency import association

from dawnwatch.stats.binning import assign, quantile_edges
from dawnwatch.stats.distances import (
    cramers_v,
    hellinger,
    jensen_shannon,
    kl,
    l_infinity,
    total_variation,
)
from dawnwatch.stats.divergence import psi
from dawnwatch.stats.ordered_distances import bin_positions, energy, ks, wasserstein

Counts = NDArray[np.int64]
SYMMETRIC = (total_variation, l_infinity, hellinger, jensen_shannon, cramers_v, ks)


def tables(seed: int) -> tuple[Counts, Counts]:
    """Two windows of other sizes, every third with empty bins."""
    rng = np.random.default_rng(seed)
    bins = int(rng.integers(2, 25))
    a, b = rng.poisson(rng.gamma(1, 30, bins)), rng.poisson(rng.gamma(1, 9, bins))
    a[0] += 1
    b[-1] += 1
    return (a, b) if seed % 3 == 0 else (a + 1, b + 1)


@pytest.mark.parametrize("seed", range(60))
def test_agrees_with_scipy(seed: int) -> None:
    a, b = tables(seed)
    p, q = a / a.sum(), b / b.sum()
    assert jensen_shannon(a, b) == pytest.approx(jensenshannon(p, q, base=2), abs=1e-9)
    assert l_infinity(a, b) == pytest.approx(chebyshev(p, q))
    assert total_variation(a, b) == pytest.approx(cityblock(p, q) / 2)
    assert hellinger(a, b) == pytest.approx(sqrt(max(0.0, 1 - float(np.sqrt(p * q).sum()))), abs=1e-9)
    used = (a + b) > 0
    # As many rows in both: a common multiple of the sizes.
    alike = np.array([a * int(b.sum()), b * int(a.sum())])[:, used]
    assert cramers_v(a, b) == pytest.approx(association(alike, method="cramer"), rel=1e-9)
    if (a > 0).all() and (b > 0).all():
        assert kl(a, b) == pytest.approx(entropy(q, p), rel=1e-9)
        assert kl(b, a) == pytest.approx(entropy(p, q), rel=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_agrees_with_scipy_on_the_rows(seed: int) -> None:
    a, b = tables(seed)
    at = np.sort(np.random.default_rng(seed).normal(0, 50, a.size))
    x, y = np.repeat(at, a), np.repeat(at, b)
    assert ks(a, b) == pytest.approx(ks_2samp(x, y, method="asymp").statistic)
    deviation = float(x.std())
    assert deviation > 0
    assert wasserstein(a, b, at) == pytest.approx(wasserstein_distance(x, y) / deviation)
    assert energy(a, b, at) == pytest.approx(energy_distance(x, y) / sqrt(deviation))


windows = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=20)


@given(windows, st.integers(1, 1000))
def test_laws(counts: list[tuple[int, int]], times: int) -> None:
    a, b = (np.array(side) for side in zip(*counts, strict=True))
    assume(a.sum() and b.sum())
    for distance in SYMMETRIC:
        found = distance(a, b)
        assert 0 <= found <= 1 + 1e-12, distance
        assert distance(b, a) == pytest.approx(found, abs=1e-9), distance
        assert distance(a * times, b) == pytest.approx(found, abs=1e-9), distance
        assert distance(a, a * times) == pytest.approx(0, abs=1e-7), distance
    assert kl(a, b) >= 0
    if ((a > 0) == (b > 0)).all():
        assert kl(a, b) + kl(b, a) == pytest.approx(psi(a, b), abs=1e-9)
    at = np.arange(a.size, dtype=float)
    for ordered in (wasserstein, energy):
        assert ordered(a, a * times, at) == pytest.approx(0, abs=1e-6)
        found = ordered(a, b, at)
        if np.isfinite(found):
            assert ordered(a * times, b, 7 * at - 3) == pytest.approx(found, rel=1e-6, abs=1e-9)


def test_windows_with_nothing_in_common() -> None:
    a, b = [5, 0, 0], [0, 2, 9]
    assert [distance(a, b) for distance in SYMMETRIC] == pytest.approx([1] * len(SYMMETRIC))
    assert np.isfinite(kl(a, b))


def test_order_matters_to_ordered_distances_alone() -> None:
    start, near, far = [10, 0, 0, 0], [0, 10, 0, 0], [0, 0, 0, 10]
    at = [0.0, 1.0, 2.0, 3.0]
    spread = [10, 10, 10, 10]
    assert total_variation(start, near) == total_variation(start, far) == 1
    assert wasserstein(spread, near, at) < wasserstein(spread, far, at)
    assert wasserstein(start, near, at) == energy(start, near, at) == float("inf")
    assert wasserstein(start, start, at) == energy(start, start, at) == 0


def test_positions_are_the_middles_of_the_bins() -> None:
    assert bin_positions([1.0, 3.0], -1.0, 9.0).tolist() == [0, 2, 6]
    assert bin_positions([], 2.0, 4.0).tolist() == [3]
    # An end within the bins, as where the reference's largest value is the last edge.
    assert bin_positions([1.0, 3.0], 1.0, 3.0).tolist() == [1, 2, 3]
    assert np.isfinite(bin_positions([0.0], -1.7e308, 1.7e308)).all()
    with pytest.raises(ValueError, match="finite; got -inf"):
        bin_positions([1.0], -np.inf, 2.0)


def test_fine_bins_come_near_the_distance_of_the_values() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=5000), rng.normal(0.4, 1.1, size=4000)
    edges = quantile_edges(x, 400)
    a, b = (np.bincount(assign(values, edges), minlength=edges.size + 1) for values in (x, y))
    at = bin_positions(edges, float(x.min()), float(x.max()))
    assert ks(a, b) == pytest.approx(ks_2samp(x, y).statistic, abs=0.005)
    assert wasserstein(a, b, at) == pytest.approx(wasserstein_distance(x, y) / x.std(), rel=0.05)
    assert energy(a, b, at) == pytest.approx(energy_distance(x, y) / sqrt(x.std()), rel=0.05)


def test_bins_and_positions_that_do_not_fit() -> None:
    for distance in (*SYMMETRIC, kl):
        with pytest.raises(ValueError, match="same bins; got 2 and 3"):
            distance([1, 2], [1, 2, 3])
        with pytest.raises(ValueError, match="no rows"):
            distance([1, 2], [0, 0])
    with pytest.raises(ValueError, match="position; got 3 for 2 bins"):
        wasserstein([1, 2], [2, 1], [0, 1, 2])
    for wrong in ([1.0, 0.0], [0.0, np.inf], [0.0, np.nan]):
        with pytest.raises(ValueError, match="finite and in order"):
            energy([1, 2], [2, 1], wrong)
