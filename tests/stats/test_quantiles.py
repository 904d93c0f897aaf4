"""Quantiles of numbers passed by twice: exactly those of all of them sorted, whatever order they come in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dawnwatch.stats.binning import quantile_edges
from dawnwatch.stats.quantiles import Brackets, Thinned

Floats = NDArray[np.float64]
finite = st.floats(allow_nan=False, allow_infinity=False)


def batches(values: Floats, size: int) -> Iterator[Floats]:
    return (values[at : at + size] for at in range(0, len(values), size))


def thinned(values: Floats, most: int, size: int) -> Thinned:
    sample = Thinned(most)
    for batch in batches(values, size):
        sample.add(batch)
    return sample


def looked_up(values: Floats, sample: Thinned, bins: int, size: int, wider: float) -> Floats | None:
    brackets = Brackets(sample, bins, wider=wider)
    for batch in batches(values, size):
        brackets.add(batch, np.searchsorted(brackets.edges, batch, side="left").astype(np.int32))
    return brackets.result()


@given(st.integers(0, 300), st.integers(1, 40), st.lists(st.integers(0, 50), max_size=20))
def test_a_thinned_stream_holds_every_kth_value(n: int, most: int, sizes: list[int]) -> None:
    values, sample, at = np.arange(n, dtype=np.float64), Thinned(most), 0
    for size in [*sizes, n]:
        sample.add(values[at : at + size])
        at = min(at + size, n)
    assert sample.total == n
    step = next(2**power for power in range(10) if -(-n // 2**power) <= most)
    assert sample.values.tolist() == values[::step].tolist()
    assert sample.whole is (step == 1)
    assert sample.values.tolist() == sample.values.tolist()


CASES = {
    "random": lambda rng, n: rng.normal(size=n),
    "sorted": lambda rng, n: np.sort(rng.normal(size=n)),
    "reversed": lambda rng, n: np.sort(rng.normal(size=n))[::-1],
    "periodic": lambda rng, n: np.sin(np.arange(n) * np.pi / 8) + np.arange(n) * 1e-9,
    "periodic with the step": lambda rng, n: (np.arange(n) % 64).astype(float),
    "tied": lambda rng, n: rng.integers(0, 12, n).astype(float),
    "mostly zero": lambda rng, n: np.where(rng.random(n) < 0.85, 0.0, rng.normal(size=n)),
    "constant": lambda rng, n: np.full(n, 3.25),
    "bimodal": lambda rng, n: np.concatenate([rng.normal(-1e6, 1, n // 2), rng.normal(1e6, 1, n - n // 2)]),
    "a late shift": lambda rng, n: np.concatenate([np.zeros(n // 2), rng.normal(50, 1, n - n // 2)]),
    "heavy tails": lambda rng, n: np.tan(np.pi * (rng.random(n) - 0.5)) * 1e200,
    "subnormal": lambda rng, n: rng.integers(-50, 50, n) * 5e-324,
    "ends of the floats": lambda rng, n: rng.choice([-1.7976931348623157e308, 1.7976931348623157e308, 0.0], n),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(("n", "most", "size"), [(20_000, 1500, 777), (20_000, 1500, 1), (5000, 64, 5000), (70, 64, 9)])
@pytest.mark.parametrize("bins", [10, 3])
def test_the_edges_are_those_of_the_whole(name: str, n: int, most: int, size: int, bins: int) -> None:
    if size == 1:
        n = 1000
        most = 100
    values = CASES[name](np.random.default_rng(n), n)
    sample = thinned(values, most, size)
    assert not sample.whole
    found = next(
        edges for wider in (1.0, 8.0, 1e9) if (edges := looked_up(values, sample, bins, size, wider)) is not None
    )
    assert found.tolist() == quantile_edges(values, bins).tolist()


def test_a_quantile_outside_its_bracket_is_said_to_be() -> None:
    # Of every 64 values the sample sees the first only.
    values = np.where(np.arange(64_000) % 64 == 0, -1.0, np.random.default_rng(0).random(64_000))
    sample = thinned(values, 1000, 64_000)
    assert set(sample.values.tolist()) == {-1.0}
    assert looked_up(values, sample, 10, 640, 1.0) is None
    everything = looked_up(values, sample, 10, 640, 1e9)
    assert everything is not None
    assert everything.tolist() == quantile_edges(values, 10).tolist()


@settings(max_examples=150)
@given(
    st.lists(finite | st.sampled_from([0.0, -0.0, 1.0, 5e-324]), min_size=3, max_size=120),
    st.integers(1, 20),
    st.integers(2, 20),
    st.sampled_from([0.01, 1.0, 1e9]),
)
def test_what_is_found_is_right_however_narrow_the_brackets(
    given_: list[float], most: int, bins: int, wider: float
) -> None:
    values = np.array(given_)
    sample = thinned(values, most, 7)
    brackets = Brackets(sample, bins, wider=wider)
    assert (np.diff(brackets.edges) > 0).all()
    brackets.add(values, np.array([bisect_left(brackets.edges.tolist(), v) for v in given_], np.int32))
    found = brackets.result()
    assert found is not None or wider < 1e9
    if found is not None:
        assert found.tolist() == quantile_edges(values, bins).tolist()
