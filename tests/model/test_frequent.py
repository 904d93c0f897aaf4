"""Frequent names: exact while they are few, else within the bound of Misra and Gries, however they were merged."""

from __future__ import annotations

from collections import Counter
from functools import reduce

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawnwatch.model import frequent
from dawnwatch.model.frequent import NAMED, Frequent

KEPT = 5
"""Names that a summary keeps in these tests."""


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frequent, "NAMED", KEPT)


def tree(parts: list[Frequent], rng: np.random.Generator) -> Frequent:
    """Add any two until one is left."""
    parts = list(parts)
    while len(parts) > 1:
        one, other = (parts.pop(int(rng.integers(len(parts)))) for _ in range(2))
        parts.append(one + other)
    return parts[0]


def within_bound(found: Frequent, truth: Counter[str], kept: int) -> None:
    assert found.total == truth.total()
    assert len(found.counts) <= kept
    assert found.error * (kept + 1) <= found.total
    for name in {*truth, *found.counts}:
        assert truth[name] - found.error <= found.counts.get(name, 0) <= truth[name]


names = st.lists(st.sampled_from("abcdefghijklmnop"), max_size=30)


@settings(max_examples=200)
@given(st.lists(names, min_size=1, max_size=8), st.integers(0, 10**6))
def test_the_bound_holds_under_any_tree(batches: list[list[str]], seed: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(frequent, "NAMED", KEPT)
        truth = Counter(name for batch in batches for name in batch)
        found = tree([Frequent.of(Counter(batch)) for batch in batches], np.random.default_rng(seed))
        within_bound(found, truth, KEPT)
        streamed = reduce(lambda so_far, batch: so_far.plus(Counter(batch)), batches, Frequent())
        within_bound(streamed, truth, KEPT)
        one, other = Frequent.of(Counter(batches[0])), Frequent.of(Counter(batches[-1]))
        assert one + other == other + one


def test_the_bound_holds_at_its_real_size() -> None:
    rng = np.random.default_rng(0)
    batches = [[f"n{i}" for i in rng.zipf(1.2, 4000) % 20_000] for _ in range(9)]
    truth = Counter(name for batch in batches for name in batch)
    assert len(truth) > 3 * NAMED
    within_bound(tree([Frequent.of(Counter(batch)) for batch in batches], rng), truth, NAMED)


@given(st.lists(st.lists(st.integers(0, NAMED - 1).map(str), max_size=50), max_size=6))
def test_up_to_the_limit_it_is_exact(batches: list[list[str]]) -> None:
    truth = Counter(name for batch in batches for name in batch)
    found = sum((Frequent.of(Counter(batch)) for batch in batches), Frequent())
    assert found == Frequent(dict(truth), truth.total(), 0)


def test_nothing_adds_nothing() -> None:
    found = Frequent.of({"a": 2})
    assert found + Frequent() == found == Frequent() + found
    assert Frequent() + Frequent() == Frequent() == Frequent.of({})


@pytest.mark.usefixtures("few")
def test_a_name_that_is_more_than_its_share_is_kept() -> None:
    found = Frequent.of({"often": 60, **{f"once {i}": 1 for i in range(40)}})
    assert found.most_common(1) == [("often", 59)]
    assert found.error == 1


@pytest.mark.usefixtures("few")
def test_no_more_is_taken_off_than_makes_room() -> None:
    found = Frequent.of({**dict.fromkeys("abcde", 5), "f": 1})
    assert found == Frequent(dict.fromkeys("abcde", 4), 26, 1)


def test_names_come_by_count_and_then_by_name() -> None:
    found = Frequent.of({"b": 1, "a": 1, "c": 2})
    assert found.most_common() == [("c", 2), ("a", 1), ("b", 1)]
    assert found.most_common(2) == [("c", 2), ("a", 1)]
    assert Frequent().most_common() == []
