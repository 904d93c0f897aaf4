"""Exact repeats of keys in a window of any size: hashes by their leading bits, on disk above a memory budget."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import IO, Self

import numpy as np
from numpy.typing import NDArray

from dawnwatch.errors import StoreError, one_line
from dawnwatch.model.profile import Repeats
from dawnwatch.profiling.counting import Counting, best

__all__ = ["KeyStore"]

BITS = 6
LISTED = 1_000_000
"""Repeated hashes listed at most, by which the first failing rows are looked up."""
Hashes = NDArray[np.uint64]


class KeyStore:
    """Takes the key hashes of all batches; `repeats` says how many rows' keys stood before.

    Of n distinct keys about n**2 / 2**65 pairs share a 64-bit hash by chance, each of which would count one repeat
    too many: 3e-4 expected among 100 million keys, 0.03 among a billion.

    Parameters
    ----------
    memory : bytes of hashes to hold; beyond, they wait in unnamed temporary files, which no crash leaves behind
    """

    def __init__(self, memory: int, counting: Counting | None = None) -> None:
        self._memory = max(memory, 1 << 20)
        self._counting = counting or best()
        self._lock = Lock()
        self._open = ExitStack()
        self._files: list[IO[bytes]] = []
        self._parts: list[list[Hashes]] = [[] for _ in range(1 << BITS)]
        self._held = 0
        self.keyed = 0
        self.given = False
        """Whether any batch had all key columns."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()

    def add(self, hashes: Hashes) -> None:
        """Take the hashes of a batch; a zero is a row without a key. Several threads may add."""
        ordered, ends = self._counting.partition(hashes, BITS)
        with self._lock:
            self.given = True
            self.keyed += ordered.size
            self._held += ordered.nbytes
            for part, begin, end in zip(self._parts, [0, *ends[:-1].tolist()], ends.tolist(), strict=True):
                if end > begin:
                    part.append(ordered[begin:end])
            if self._held > self._memory:
                self._spill()

    def repeats(self, *, keep: bool = False) -> tuple[Repeats | None, Hashes]:
        """Return how many rows repeat a key, and up to a million of the hashes that came again, sorted.

        Parameters
        ----------
        keep : keep all distinct hashes, so that windows can be merged
        """
        if not self.given:
            return None, np.empty(0, np.uint64)
        total, listed, again = 0, 0, []
        distinct: list[Hashes] = []
        for bits, part in self._partitions():
            found = self._counting.repeats(part, bits)
            total += found.size
            if found.size and listed < LISTED:
                again.append(np.unique(found))
                listed += again[-1].size
            if keep:
                distinct.append(np.unique(part))
        keys = np.concatenate([*distinct, np.empty(0, np.uint64)]) if keep else None
        return Repeats(self.keyed, total, keys), np.concatenate([*again, np.empty(0, np.uint64)])

    def _partitions(self) -> Iterator[tuple[int, Hashes]]:
        """Yield all hashes in pieces that share leading bits and fit in memory, with the number of those bits."""
        for at in range(len(self._parts)):
            size = sum(piece.size for piece in self._parts[at]) * 8 + self._written(at)
            # A piece needs itself, a table of up to four times its size, and its repeats.
            more = max((6 * size // self._memory).bit_length(), 0)
            if more == 0:
                yield BITS, np.concatenate([*self._pieces(at), np.empty(0, np.uint64)])
                continue
            bits = BITS + more
            for inner in range(at << more, (at + 1) << more):
                chosen = [piece[piece >> np.uint64(64 - bits) == inner] for piece in self._pieces(at)]
                yield bits, np.concatenate([*chosen, np.empty(0, np.uint64)])

    def _pieces(self, at: int) -> Iterator[Hashes]:
        yield from self._parts[at]
        if self._files:
            file = self._files[at]
            file.seek(0)
            while chunk := file.read(1 << 24):
                yield np.frombuffer(chunk, np.uint64)

    def _written(self, at: int) -> int:
        return self._files[at].seek(0, 2) if self._files else 0

    def _spill(self) -> None:
        try:
            if not self._files:
                self._files = [self._open.enter_context(tempfile.TemporaryFile()) for _ in self._parts]
            for part, file in zip(self._parts, self._files, strict=True):
                for piece in part:
                    file.write(piece.tobytes())
                part.clear()
        except OSError as error:
            raise StoreError(
                f"{Path(tempfile.gettempdir())}: the keys cannot wait on this disk ({error.strerror or one_line(error)}); "
                "give more --memory, or point TMPDIR to a disk with 8 bytes of room a row"
            ) from None
        self._held = 0
