"""Repeated keys: exact in any amount of memory, by any number of threads, and nothing stays on the disk."""

from __future__ import annotations

import tempfile
import tracemalloc
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawnwatch import StoreError
from dawnwatch.model.profile import Repeats
from dawnwatch.profiling import keys as keys_module
from dawnwatch.profiling.counting import Counting, NumPy, best
from dawnwatch.profiling.keys import KeyStore

ROOM = 1 << 20
"""The least memory a store can have."""


def hashes_of(found: list[int]) -> Any:
    return np.array(found, np.uint64)


def expected(hashes: Any) -> tuple[int, int, list[int], list[int]]:
    """Rows with a key, repeats, the hashes that came again, and all there are, counted one by one."""
    counted = Counter(word for word in hashes.tolist() if word)
    again = sorted(word for word, times in counted.items() if times > 1)
    return counted.total(), counted.total() - len(counted), again, sorted(counted)


def found_by(store: KeyStore) -> tuple[int, int, list[int], list[int]]:
    repeats, again = store.repeats(keep=True)
    assert repeats is not None
    assert repeats.keys is not None
    assert store.repeats()[0] == Repeats(repeats.keyed, repeats.repeats, None)
    return repeats.keyed, repeats.repeats, again.tolist(), repeats.keys.tolist()


words = st.integers(0, 3) | st.integers(0, 2**64 - 1) | st.integers(0, 63).map(lambda part: (part << 58) | 1)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(words, max_size=20), min_size=1, max_size=5))
def test_repeats_are_counted_exactly(batches: list[list[int]]) -> None:
    for counting in (NumPy(), best()):
        with KeyStore(0, counting) as store:
            for batch in batches:
                store.add(hashes_of(batch))
            assert found_by(store) == expected(hashes_of([word for batch in batches for word in batch]))


def many(n: int, distinct: int, *, crowded: bool = False) -> Any:
    rng = np.random.default_rng(n)
    pool = rng.integers(0, 2**64, distinct, dtype=np.uint64)
    if crowded:  # all in one of the parts that memory is judged by
        pool >>= np.uint64(11)
    hashes = rng.choice(pool, n)
    hashes[::50] = 0
    return hashes


@pytest.mark.parametrize("crowded", [False, True])
@pytest.mark.parametrize("counting", [NumPy(), best()], ids=["numpy", "best"])
def test_what_does_not_fit_waits_on_disk(crowded: bool, counting: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    spilled: list[int] = []
    spill = KeyStore._spill
    monkeypatch.setattr(KeyStore, "_spill", lambda store: (spilled.append(store._size), spill(store)))
    pieces: list[tuple[int, int]] = []
    repeats = counting.repeats
    monkeypatch.setattr(
        counting, "repeats", lambda part, bits: (pieces.append((bits, part.size)), repeats(part, bits))[1]
    )
    hashes = many(400_000, 250_000, crowded=crowded)
    before = open_files()
    with KeyStore(ROOM, counting) as store:
        for at in range(0, hashes.size, 30_000):
            store.add(hashes[at : at + 30_000])
        assert len(spilled) >= 2
        assert 2 * max(spilled) <= ROOM + 2 * 30_000 * 8
        assert found_by(store) == expected(hashes)
        # Crowded ones are looked through in pieces of which sixteen fit.
        assert max(16 * 6 * 8 * size for _, size in pieces) <= 2 * ROOM
        assert any(bits > keys_module.BITS for bits, _ in pieces) is crowded
        assert open_files() > before
    assert open_files() == before


def open_files() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def test_nothing_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with KeyStore(ROOM) as store:
        store.add(many(200_000, 100_000))
        assert store._file is not None
        # Files without a name are gone even where the process is killed.
        assert list(tmp_path.iterdir()) == []
    assert store._file.closed
    assert list(tmp_path.iterdir()) == []


def test_threads_may_add_at_once() -> None:
    hashes = many(300_000, 200_000)
    with KeyStore(ROOM) as store, ThreadPoolExecutor(8) as pool:
        list(pool.map(store.add, np.array_split(hashes, 64)))
        assert found_by(store) == expected(hashes)


def test_parts_that_keep_their_keys_add() -> None:
    hashes = many(20_000, 9000)
    parts = []
    for part in np.array_split(hashes, 3):
        with KeyStore(ROOM) as store:
            store.add(part)
            parts.append(store.repeats(keep=True)[0])
    a, b, c = parts
    assert a is not None
    assert b is not None
    assert c is not None
    left, right, back = (a + b) + c, a + (b + c), (c + b) + a  # type: ignore[operator]
    for total in (left, right, back):
        assert total is not None
        assert total.keys is not None
        keyed, repeats, _, distinct = expected(hashes)
        assert (total.keyed, total.repeats, total.keys.tolist()) == (keyed, repeats, distinct)


def test_without_keys_there_are_no_repeats() -> None:
    with KeyStore(ROOM) as store:
        assert store.repeats()[0] is None
        assert store.repeats(keep=True)[0] is None
        store.add(hashes_of([]))
        assert found_by(store) == (0, 0, [], [])
        store.add(hashes_of([0, 0]))
        assert found_by(store) == (0, 0, [], [])


def test_a_full_disk_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with KeyStore(ROOM) as store, pytest.raises(StoreError, match="No space left on device") as caught:
        store.add(many(200_000, 100_000))
    assert "\n" not in str(caught.value)
    assert "--memory" in str(caught.value)


def test_counting_repeats_takes_no_more_memory_than_was_given() -> None:
    rng = np.random.default_rng(0)
    memory = 8 << 20
    with KeyStore(memory) as store:
        tracemalloc.start()
        try:
            for _ in range(40):
                store.add(rng.integers(1, 2**63, 200_000, dtype=np.uint64))
            repeats, _ = store.repeats()
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert repeats is not None
    assert repeats.keyed == 8_000_000
    assert most < 2 * memory  # the hashes themselves are eight times as large
