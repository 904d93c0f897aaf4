"""The loops over rows: those in C and those in NumPy against plain Python, to the last integer."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dawnwatch.model.score_bins import GROUPS, ScoreBins
from dawnwatch.native import LIBRARY, load_native
from dawnwatch.profiling.counting import Counting, NumPy, best, bucket_starts

SIZES = [0, 1, 7, 15, 16, 17, 2047, 2048, 2049, 5000]
ODD = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e308, -1.7e308, 1.7e308, 5e-324, -5e-324, 2.2e-308, 1.0, -1.0, 2.0**53 + 2]


@pytest.fixture(params=["numpy", "native"])
def counting(request: pytest.FixtureRequest) -> Counting:
    if request.param == "numpy":
        return NumPy()
    native = load_native()
    if native is None:
        pytest.skip(f"nothing was compiled: there is no {LIBRARY.name}, or DAWNWATCH_NATIVE is 0")
    return native


def numbers(rng: np.random.Generator, n: int, *, odd: bool = True) -> Any:
    pool = np.concatenate([ODD, rng.normal(size=50), np.round(rng.normal(size=20), 1)])
    return rng.choice(pool if odd else pool[np.isfinite(pool)], n)


def spaced(values: Any) -> Any:
    """The same values with others between them in memory."""
    wide = np.zeros(2 * len(values), np.asarray(values).dtype)
    wide[::2] = values
    return wide[::2]


def neighbours(values: Any) -> tuple[Any, Any]:
    """The next floats on both sides."""
    with np.errstate(over="ignore", under="ignore"):
        return np.nextafter(values, -np.inf), np.nextafter(values, np.inf)


def words(rng: np.random.Generator, n: int) -> Any:
    return rng.integers(0, 2**64, n, dtype=np.uint64)


def test_the_best_is_the_compiled_one_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert best().name == ("numpy" if load_native() is None else "native")
    monkeypatch.setenv("DAWNWATCH_NATIVE", "0")
    load_native.cache_clear()
    try:
        assert best().name == "numpy"
    finally:
        monkeypatch.undo()
        load_native.cache_clear()


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("edges", [0, 1, 2, 9, 24, 25, 40])
def test_bins_are_how_many_edges_lie_below(counting: Counting, n: int, edges: int) -> None:
    rng = np.random.default_rng(n + edges)
    values = numbers(rng, n)
    finite = np.unique(numbers(rng, 400, odd=False) + 0.0)
    cuts = np.sort(rng.choice(finite, edges, replace=False))
    expected = [edges + 1 if value != value else bisect_left(cuts.tolist(), value) for value in values.tolist()]
    assert counting.bins(values, cuts).tolist() == expected
    assert counting.bins(spaced(values), spaced(cuts)).tolist() == expected
    assert counting.bins(values, cuts).dtype == np.int32


@given(
    arrays(np.float64, st.integers(0, 40), elements=st.floats(width=64)),
    st.lists(st.floats(allow_nan=False), max_size=40, unique_by=lambda edge: edge + 0.0),
)
def test_any_bins_are_how_many_edges_lie_below(values: Any, edges: list[float]) -> None:
    cuts = sorted(edge + 0.0 for edge in edges)
    expected = [len(cuts) + 1 if value != value else bisect_left(cuts, value) for value in values.tolist()]
    for counting in {NumPy(), best()}:
        assert counting.bins(values, np.array(cuts)).tolist() == expected


@pytest.mark.parametrize("n", SIZES)
def test_pairs_and_times_add_to_a_table(counting: Counting, n: int) -> None:
    rng = np.random.default_rng(n)
    a, b = rng.integers(0, 5, n, dtype=np.int32), rng.integers(0, 7, n, dtype=np.int32)
    pairs, times = np.full((5, 7), 3, np.int64), np.full(5, 3, np.int64)
    for left, right in ((a, b), (spaced(a), spaced(b))):
        counting.pairs(left, right, pairs)
        counting.times(left, times)
    both, one = Counter(zip(a.tolist(), b.tolist(), strict=True)), Counter(a.tolist())
    assert pairs.tolist() == [[3 + 2 * both[i, j] for j in range(7)] for i in range(5)]
    assert times.tolist() == [3 + 2 * one[i] for i in range(5)]


def grids() -> dict[str, Any]:
    rng = np.random.default_rng(0)
    return {
        "linear": np.unique(rng.random(500)),
        "logarithmic": np.unique(np.exp(-np.abs(rng.normal(6, 3, 3000)))),
        "crowded": np.unique(np.r_[0.5 + rng.random(2000) * 1e-9, rng.random(5)]),
        "negative": np.unique(rng.normal(size=900)),
        "neighbours": np.unique(np.nextafter([0.1, 0.2, 0.5], [[0.0], [0.3], [1.0]])),
        "of one": np.array([0.25]),
        "at zero": np.array([-5e-324, 0.0]),
        "minus zero": np.array([-0.0, 0.5, 1.0]),
        "subnormal": np.arange(1, 40) * 5e-324,
        "of all floats": np.array([-np.inf, -1.7976931348623157e308, -1e-300, 0.0, 5e-324, 1.0, 1.7e308]),
        "none": np.empty(0),
    }


@pytest.mark.parametrize("name", grids())
def test_score_bins_are_how_many_edges_lie_below(counting: Counting, name: str) -> None:
    rng = np.random.default_rng(1)
    edges = grids()[name]
    near = np.concatenate([edges, *neighbours(edges)])
    scores = np.concatenate([near, ODD, rng.random(300), rng.normal(0, 5, 300), np.exp(rng.normal(-9, 9, 300))])
    expected = [edges.size + 1 if score != score else bisect_left(edges.tolist(), score) for score in scores.tolist()]
    for n in (len(scores), 0, 1, 7):
        assert fine_by(counting, scores[:n], edges) == expected[:n]
    assert fine_by(counting, spaced(scores), edges) == expected


def fine_by(counting: Counting, scores: Any, edges: Any) -> list[int]:
    """The fine bin of each score, read off coarse bins that are the fine ones, and the table held against it."""
    bins = ScoreBins(edges, np.arange(edges.size + 2, dtype=np.int32))
    labels = (np.arange(scores.size) % 3).astype(np.int32)
    table = np.ones((3, edges.size + 2), np.int64)
    fine = counting.scores(scores, labels, bins, table).tolist()
    counted = Counter(zip(labels.tolist(), fine, strict=True))
    assert table.tolist() == [[1 + counted[label, at] for at in range(edges.size + 2)] for label in range(3)]
    return [int(at) for at in fine]


@settings(max_examples=60)
@given(
    arrays(np.float64, st.integers(0, 30), elements=st.floats(width=64)),
    st.lists(st.floats(allow_nan=False) | st.floats(0, 1), max_size=30, unique_by=lambda edge: edge + 0.0),
)
def test_any_score_bins_are_how_many_edges_lie_below(scores: Any, edges: list[float]) -> None:
    cuts = sorted(edge + 0.0 for edge in edges)
    given_and_near = np.concatenate([scores, cuts, *neighbours(cuts)])
    expected = [len(cuts) + 1 if score != score else bisect_left(cuts, score) for score in given_and_near.tolist()]
    for counting in {NumPy(), best()}:
        assert fine_by(counting, given_and_near, np.array(cuts)) == expected


@pytest.mark.parametrize("n", SIZES)
def test_the_fused_loops_are_their_parts(counting: Counting, n: int) -> None:
    rng = np.random.default_rng(n)
    values, edges = numbers(rng, n), np.unique(rng.normal(size=9))
    outcome = rng.integers(0, 6, n).astype(np.int32)
    plain = NumPy()
    for same in (values, spaced(values)):
        table, expected = np.ones((11, 6), np.int64), np.ones((11, 6), np.int64)
        bins = plain.bins(values, edges)
        plain.pairs(bins, outcome, expected)
        found, kept = counting.numeric(same, edges, outcome, table, keep=True)
        assert kept is not None
        assert (kept.tolist(), table.tolist()) == (bins.tolist(), expected.tolist())
        assert found == counting.moments(values)
        assert counting.numeric(same, edges, outcome, table, keep=False)[1] is None
        assert table.tolist() == (2 * expected - 1).tolist()
    codes, of = rng.integers(0, 20, n).astype(np.int32), rng.integers(0, 4, 20).astype(np.int32)
    for keep in (True, False):
        table, times = np.zeros((4, 6), np.int64), np.zeros(20, np.int64)
        kept = counting.coded(codes, of, outcome, table, times, keep=keep)
        counted = Counter(zip(of[codes].tolist(), outcome.tolist(), strict=True))
        assert table.tolist() == [[counted[i, j] for j in range(6)] for i in range(4)]
        assert times.tolist() == np.bincount(codes, minlength=20).tolist()
        assert (None if kept is None else kept.tolist()) == (of[codes].tolist() if keep else None)


@pytest.mark.parametrize("n", SIZES)
def test_outcomes_and_mixed_sums(counting: Counting, n: int) -> None:
    rng = np.random.default_rng(n)
    labels, coarse = rng.integers(0, 3, n).astype(np.int32), rng.integers(0, 513, n).astype(np.int32)
    for shift in range(6):
        width = (GROUPS >> shift) + 1
        expected = [label * width + (at >> shift) for label, at in zip(labels.tolist(), coarse.tolist(), strict=True)]
        assert counting.outcome(labels, coarse, shift, width).tolist() == expected
    words, total = rng.integers(0, 2**64, n, dtype=np.uint64), rng.integers(0, 2**64, n, dtype=np.uint64)
    turn = np.uint64(0xD1B54A32D192ED03)
    expected = [
        (was + word) % 2**64 for was, word in zip(total.tolist(), NumPy().mix(words ^ turn).tolist(), strict=True)
    ]
    counting.mix_into(words, turn, total)
    assert total.tolist() == expected


@pytest.mark.parametrize("n", SIZES)
def test_moments_are_those_of_numpy(counting: Counting, n: int) -> None:
    for values in (numbers(np.random.default_rng(n), n), numbers(np.random.default_rng(n), n, odd=False)):
        found, same = counting.moments(values), counting.moments(spaced(values))
        assert found == same
        finite = [value for value in values.tolist() if np.isfinite(value)]
        assert found.finite == len(finite)
        assert found.nan == sum(value != value for value in values.tolist())
        assert (found.pos_inf, found.neg_inf) == ((values == np.inf).sum(), (values == -np.inf).sum())
        assert (found.low, found.high) == (min(finite, default=None), max(finite, default=None))
        twin = NumPy().moments(values)
        assert found.checksum == twin.checksum
        assert found.mean == pytest.approx(twin.mean, rel=1e-9, abs=1e295)
        assert found.squares == pytest.approx(twin.squares, rel=1e-9)


@pytest.mark.parametrize("n", [0, 1, 7, 1000])
@pytest.mark.parametrize("held", [0, 1, 2, 3, 500])
def test_members_are_those_that_are_known(counting: Counting, n: int, held: int) -> None:
    rng = np.random.default_rng(n + held)
    known = np.unique(np.r_[words(rng, max(held - 2, 0)), np.array([0, 2**64 - 1], np.uint64)[:held]])
    asked = np.concatenate([words(rng, n), known, known + np.uint64(1)])
    expected = [word in set(known.tolist()) for word in asked.tolist()]
    assert counting.members(asked, known, bucket_starts(known)).tolist() == expected
    assert counting.members(spaced(asked), known, bucket_starts(known)).tolist() == expected


@pytest.mark.parametrize("n", [0, 1, 7, 2049])
def test_a_partition_orders_by_leading_bits_and_leaves_zeros_out(counting: Counting, n: int) -> None:
    hashes = words(np.random.default_rng(n), n)
    hashes[::3] = 0
    for given_ in (hashes, spaced(hashes)):
        ordered, ends = counting.partition([given_[: n // 3], given_[n // 3 :]], 6)
        expected = sorted((word for word in hashes.tolist() if word), key=lambda word: word >> 58)  # a stable sort
        assert ordered.tolist() == expected
        assert ends.tolist() == [sum(word >> 58 <= part for word in expected) for part in range(64)]


@given(st.lists(st.integers(1, 2**58 - 1) | st.integers(1, 9), max_size=60), st.sampled_from([0, 1, 6]))
def test_repeats_are_all_but_the_first(low: list[int], bits: int) -> None:
    # All share their leading bits.
    hashes = np.array([(word % 2**57) | (2**63 if bits else 0) for word in low if word % 2**57], np.uint64)
    counted = Counter(hashes.tolist())
    expected = sorted(word for word, times in counted.items() for _ in range(times - 1))
    for counting in {NumPy(), best()}:
        assert sorted(counting.repeats(hashes, bits).tolist()) == expected
        assert sorted(counting.repeats(spaced(hashes), bits).tolist()) == expected


@pytest.mark.parametrize("kinds", [1, 40, 8192, 8193, 10**6])
def test_distinct_hashes_are_counted(counting: Counting, kinds: int) -> None:
    rng = np.random.default_rng(kinds)
    pool = np.unique(np.append(words(rng, kinds), np.uint64(0)))
    hashes = rng.choice(pool, 20_000)
    for given_ in (hashes, spaced(hashes), hashes[:0], pool[:8193]):
        found, times = counting.distinct(given_)
        counted = Counter(given_.tolist())
        assert found.tolist() == sorted(counted)
        assert times.tolist() == [counted[word] for word in found.tolist()]


@pytest.mark.parametrize("n", SIZES)
def test_mixing_is_a_bijection_that_both_agree_on(counting: Counting, n: int) -> None:
    given_ = words(np.random.default_rng(n), n)
    found = counting.mix(spaced(given_))
    assert found.tolist() == NumPy().mix(given_).tolist()
    assert np.unique(found).size == np.unique(given_).size
