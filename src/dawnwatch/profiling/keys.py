"""Exact repeats of keys in a window of any size: hashes by their leading bits, on disk above a memory budget."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import islice
from threading import Lock
from types import TracebackType
from typing import IO, Self

import numpy as np
from numpy.typing import NDArray

from dawnwatch.errors import StoreError, one_line
from dawnwatch.model.profile import Repeats
from dawnwatch.profiling.counting import Counting, best

__all__ = ["KeyStore"]

BITS = 10
"""Leading bits by which hashes are parted: a thousandth of 100 million keys fits in a processor's cache."""
PART = 1 << 15
"""Keys of a part where all are in memory, about."""
LISTED = 1_000_000
"""Repeated hashes listed at most, by which the first failing rows are looked up."""
Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]


class KeyStore:
    """Takes the key hashes of all batches; `repeats` says how many rows' keys stood before.

    Of n distinct keys about n**2 / 2**65 pairs share a 64-bit hash by chance, each of which would count one repeat
    too many: 3e-4 expected among 100 million keys, 0.03 among a billion.

    Parameters
    ----------
    memory : bytes to take at most; what does not fit waits in an unnamed temporary file, which no crash leaves behind
    """

    def __init__(self, memory: int, counting: Counting | None = None) -> None:
        self._memory = memory
        self._counting = counting or best()
        self._lock = Lock()
        self._open = ExitStack()
        self._file: IO[bytes] | None = None
        self._waiting: list[Hashes] = []
        self._size = 0
        self._chunks: list[tuple[int, Ints]] = []
        """Where each chunk begins in the file, in hashes, and where its parts end within it."""
        self.given = False
        """Whether any batch had all key columns."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()

    def add(self, hashes: Hashes) -> None:
        """Take the hashes of a batch; a zero is a row without a key. Several threads may add."""
        with self._lock:
            self.given = True
            self._waiting.append(hashes)
            self._size += hashes.nbytes
            # Parting them takes as much memory again.
            if 2 * self._size > self._memory:
                self._spill()

    def repeats(self, *, keep: bool = False) -> tuple[Repeats | None, Hashes]:
        """Return how many rows repeat a key, and up to a million of the hashes that came again.

        Parameters
        ----------
        keep : keep all distinct hashes, so that windows can be merged
        """
        if not self.given:
            return None, np.empty(0, np.uint64)
        # Few keys in few parts, as each part is a task; what waits on disk was parted before.
        bits = BITS if self._chunks else min(max(1, (self._size // 8 // PART).bit_length()), BITS)
        last, ends = self._part(bits)
        self._waiting, self._size = [last], last.nbytes  # more may be added, and this asked again
        keyed = last.size + sum(int(chunk[-1]) for _, chunk in self._chunks)
        total = listed = 0
        again: list[Hashes] = []
        distinct: list[Hashes] = []

        def look(part: tuple[int, Hashes]) -> tuple[Hashes, Hashes | None]:
            bits, hashes = part
            return self._counting.repeats(hashes, bits), np.unique(hashes) if keep else None

        with ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
            for group in _by_sixteen(self._partitions(last, ends, bits)):
                for found, whole in pool.map(look, group):
                    total += found.size
                    if found.size and listed < LISTED:
                        again.append(np.unique(found))
                        listed += again[-1].size
                    if whole is not None:
                        distinct.append(whole)
        keys = np.concatenate([*distinct, np.empty(0, np.uint64)]) if keep else None
        return Repeats(keyed, total, keys), np.concatenate([*again, np.empty(0, np.uint64)])

    def _part(self, bits: int = BITS) -> tuple[Hashes, Ints]:
        """Return the waiting hashes ordered by their leading bits, and where each part ends; nothing waits then."""
        waiting, self._waiting, self._size = self._waiting, [], 0
        return self._counting.partition(waiting, bits)

    def _partitions(self, last: Hashes, ends: Ints, bits: int) -> Iterator[tuple[int, Hashes]]:
        """Yield all hashes in pieces that share leading bits and fit in memory, with the number of those bits."""
        sizes = np.diff(ends, prepend=0) + sum(np.diff(chunk, prepend=0) for _, chunk in self._chunks)
        for at, size in enumerate(sizes.tolist()):
            # Of 16 pieces at once, each needs itself, a table of up to four times its size, and its repeats.
            more = (16 * 6 * 8 * size // max(self._memory, 1 << 20)).bit_length()
            for inner in range(at << more, (at + 1) << more):
                pieces = list(self._pieces(at, last, ends))
                if more:
                    pieces = [piece[piece >> np.uint64(64 - bits - more) == inner] for piece in pieces]
                yield bits + more, np.concatenate([*pieces, np.empty(0, np.uint64)])

    def _pieces(self, at: int, last: Hashes, ends: Ints) -> Iterator[Hashes]:
        def bounds(parts: Ints) -> tuple[int, int]:
            return int(parts[at - 1]) if at else 0, int(parts[at])

        begin, end = bounds(ends)
        yield last[begin:end]
        for where, parts in self._chunks:
            begin, end = bounds(parts)
            if self._file is not None and end > begin:
                self._file.seek(8 * (where + begin))
                yield np.frombuffer(self._file.read(8 * (end - begin)), np.uint64)

    def _spill(self) -> None:
        ordered, ends = self._part()
        try:
            if self._file is None:
                self._file = self._open.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
            self._chunks.append((self._file.seek(0, os.SEEK_END) // 8, ends))
            self._file.write(ordered.view(np.uint8).data)
        except OSError as error:
            raise StoreError(
                f"{tempfile.gettempdir()}: the keys cannot wait on this disk ({error.strerror or one_line(error)}); "
                "give more --memory, or point TMPDIR to a disk with 8 bytes of room a row"
            ) from None


def _by_sixteen(parts: Iterator[tuple[int, Hashes]]) -> Iterator[list[tuple[int, Hashes]]]:
    while group := list(islice(parts, 16)):
        yield group
