"""The kernel's inner loops in C, where they were compiled: their NumPy twins' integers, several times faster.

`kernel.c` is built when the package is installed on a machine with a C compiler. Without it, or with
`DAWNWATCH_NATIVE=0` in the environment, NumPy does the counting.
"""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.moments import Moments
from dawnwatch.model.score_bins import ScoreBins

__all__ = ["Native", "load_native"]

SOURCE, LIBRARY = Path(__file__).parent / "kernel.c", Path(__file__).parent / "kernel.compiled"
DISTINCT = 2**14
"""Slots of a table that stays in a core's own cache; twice as many as hashes it holds."""
Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Floats = NDArray[np.float64]
Hashes = NDArray[np.uint64]


class _Moments(ctypes.Structure):
    _fields_ = [
        ("nan", ctypes.c_int64),
        ("pos_inf", ctypes.c_int64),
        ("neg_inf", ctypes.c_int64),
        ("finite", ctypes.c_int64),
        ("low", ctypes.c_double),
        ("high", ctypes.c_double),
        ("mean", ctypes.c_double),
        ("squares", ctypes.c_double),
        ("checksum", ctypes.c_uint64),
    ]


@cache
def load_native() -> Native | None:
    """Return the compiled loops; None where there are none, of these sources, or they are switched off."""
    if os.environ.get("DAWNWATCH_NATIVE") == "0" or not LIBRARY.exists():
        return None
    try:
        library = ctypes.CDLL(str(LIBRARY))
        library.dw_source.restype = ctypes.c_char_p
        compiled_from: bytes = library.dw_source()
    except (AttributeError, OSError):  # built for another system, or by an older dawnwatch
        return None
    current = blake2b(SOURCE.read_bytes(), digest_size=16).hexdigest().encode()
    return Native(library) if compiled_from == current else None


def _plain(found: _Moments) -> Moments:
    return Moments(
        nan=found.nan,
        pos_inf=found.pos_inf,
        neg_inf=found.neg_inf,
        finite=found.finite,
        low=found.low if found.finite else None,
        high=found.high if found.finite else None,
        mean=found.mean,
        squares=found.squares,
        checksum=found.checksum,
    )


def _at(array: NDArray[np.generic]) -> int:
    return int(array.__array_interface__["data"][0])


class Native:
    """See `dawnwatch.profiling.counting.NumPy`, whose methods these are. ctypes lets other threads run meanwhile."""

    name = "native"

    def __init__(self, library: ctypes.CDLL) -> None:
        pointer, whole, real = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double
        short = ctypes.c_int32
        signatures = {
            "dw_moments_of": [pointer, whole, ctypes.POINTER(_Moments)],
            "dw_bins": [pointer, whole, pointer, whole, pointer],
            "dw_numeric": [pointer, whole, pointer, whole, pointer, whole, pointer, pointer, ctypes.POINTER(_Moments)],
            "dw_coded": [pointer, whole, pointer, pointer, whole, pointer, pointer, pointer],
            "dw_pairs": [pointer, whole, pointer, whole, pointer],
            "dw_times": [pointer, whole, pointer],
            "dw_score_bins": [
                *(pointer, whole, pointer, whole, pointer, whole),
                *(whole, whole, real, real, short, short, *(pointer,) * 4),
            ],
            "dw_outcome": [pointer, pointer, whole, short, short, pointer],
            "dw_mix": [pointer, whole, pointer],
            "dw_mix_into": [pointer, whole, ctypes.c_uint64, pointer],
            "dw_members": [pointer, whole, pointer, pointer, whole, pointer],
            "dw_count_parts": [pointer, whole, whole, pointer],
            "dw_scatter": [pointer, whole, whole, pointer, pointer],
            "dw_repeats": [pointer, whole, whole, pointer, whole, pointer],
            "dw_distinct": [pointer, whole, pointer, pointer, whole],
            "dw_ascending": [pointer, whole, pointer],
        }
        for name, arguments in signatures.items():
            function = getattr(library, name)
            function.argtypes, function.restype = arguments, None
        library.dw_repeats.restype = library.dw_distinct.restype = whole
        self._c = self.library = library
        self._kept = threading.local()

    def moments(self, values: Floats) -> Moments:
        """See `NumPy.moments`."""
        values = np.ascontiguousarray(values)
        found = _Moments(low=np.inf, high=-np.inf)
        self._c.dw_moments_of(_at(values), values.size, ctypes.byref(found))
        return _plain(found)

    def numeric(
        self, values: Floats, edges: Floats, b: Codes, table: Ints, *, keep: bool
    ) -> tuple[Moments, Codes | None]:
        """See `NumPy.numeric`."""
        values, edges = np.ascontiguousarray(values), np.ascontiguousarray(edges)
        found = _Moments(low=np.inf, high=-np.inf)
        bins = np.empty(values.size, np.int32) if keep else None
        self._c.dw_numeric(
            *(_at(values), values.size, _at(edges), edges.size, _at(b), table.shape[1], _at(table)),
            *(None if bins is None else _at(bins), ctypes.byref(found)),
        )
        return _plain(found), bins

    def coded(self, codes: Codes, of: Codes, b: Codes, table: Ints, times: Ints, *, keep: bool) -> Codes | None:
        """See `NumPy.coded`."""
        codes = np.ascontiguousarray(codes)
        bins = np.empty(codes.size, np.int32) if keep else None
        self._c.dw_coded(
            *(_at(codes), codes.size, _at(of), _at(b), table.shape[1], _at(table), _at(times)),
            None if bins is None else _at(bins),
        )
        return bins

    def bins(self, values: Floats, edges: Floats) -> Codes:
        """See `NumPy.bins`."""
        values, edges = np.ascontiguousarray(values), np.ascontiguousarray(edges)
        out = np.empty(values.size, np.int32)
        self._c.dw_bins(_at(values), values.size, _at(edges), edges.size, _at(out))
        return out

    def pairs(self, a: Codes, b: Codes, table: Ints) -> None:
        """See `NumPy.pairs`."""
        a, b = np.ascontiguousarray(a, np.int32), np.ascontiguousarray(b, np.int32)
        self._c.dw_pairs(_at(a), table.shape[1], _at(b), a.size, _at(table))

    def times(self, codes: Codes, table: Ints) -> None:
        """See `NumPy.times`."""
        codes = np.ascontiguousarray(codes, np.int32)
        self._c.dw_times(_at(codes), codes.size, _at(table))

    def scores(self, scores: Floats, labels: Codes, bins: ScoreBins, table: Ints) -> Codes:
        """See `NumPy.scores`."""
        scores = np.ascontiguousarray(scores)
        out = np.empty(scores.size, np.int32)
        grid = bins.grid
        self._c.dw_score_bins(
            *(_at(scores), scores.size, _at(bins.padded), bins.edges.size, _at(grid.starts), grid.cells),
            *(grid.crowd, int(grid.logarithmic), grid.low, grid.scale, grid.base, grid.shift),
            *(_at(bins.groups), _at(labels), _at(table), _at(out)),
        )
        return out

    def outcome(self, labels: Codes, coarse: Codes, shift: int, width: int) -> Codes:
        """See `NumPy.outcome`."""
        out = np.empty(labels.size, np.int32)
        self._c.dw_outcome(_at(labels), _at(coarse), labels.size, shift, width, _at(out))
        return out

    def mix_into(self, words: Hashes, turn: np.uint64, total: Hashes) -> None:
        """See `NumPy.mix_into`."""
        words = np.ascontiguousarray(words)
        self._c.dw_mix_into(_at(words), words.size, int(turn), _at(total))

    def mix(self, words: Hashes) -> Hashes:
        """See `NumPy.mix`."""
        words = np.ascontiguousarray(words)
        out = np.empty(words.size, np.uint64)
        self._c.dw_mix(_at(words), words.size, _at(out))
        return out

    def members(self, hashes: Hashes, known: Hashes, starts: Ints) -> NDArray[np.bool_]:
        """See `NumPy.members`."""
        hashes = np.ascontiguousarray(hashes)
        out = np.empty(hashes.size, np.bool_)
        shift = 64 - (starts.size - 1).bit_length() + 1
        self._c.dw_members(_at(hashes), hashes.size, _at(known), _at(starts), shift, _at(out))
        return out

    def partition(self, pieces: Sequence[Hashes], bits: int) -> tuple[Hashes, Ints]:
        """See `NumPy.partition`."""
        whole = [np.ascontiguousarray(piece) for piece in pieces]
        counts = np.zeros(1 << bits, np.int64)
        for piece in whole:
            self._c.dw_count_parts(_at(piece), piece.size, bits, _at(counts))
        ends = np.cumsum(counts)
        out, following = np.empty(int(ends[-1]), np.uint64), ends - counts
        for piece in whole:
            self._c.dw_scatter(_at(piece), piece.size, bits, _at(following), _at(out))
        return out, ends

    def repeats(self, hashes: Hashes, bits: int) -> Hashes:
        """See `NumPy.repeats`."""
        hashes = np.ascontiguousarray(hashes)
        slots = 1 << max((2 * hashes.size).bit_length(), 4)
        table, again = self._room("table", slots), self._room("again", hashes.size)
        found = self._c.dw_repeats(_at(hashes), hashes.size, bits, _at(table), slots, _at(again))
        return again[:found].copy()

    def distinct(self, hashes: Hashes) -> tuple[Hashes, Ints]:
        """See `NumPy.distinct`."""
        hashes = np.ascontiguousarray(hashes)
        keys, times = self._room("keys", DISTINCT), np.zeros(DISTINCT, np.int64)
        if self._c.dw_distinct(_at(hashes), hashes.size, _at(keys), _at(times), DISTINCT) < 0:
            return np.unique(hashes, return_counts=True)
        at = np.flatnonzero(times)
        at = at[np.argsort(keys[at])]
        return keys[at], times[at]

    def sort(self, values: Floats) -> None:
        """Sort contiguous numbers, none NaN, in place."""
        keys = np.empty(2 * values.size, np.uint64)
        self._c.dw_ascending(_at(values), values.size, _at(keys))

    def _room(self, name: str, size: int) -> Hashes:
        """Return an array of at least this size that this thread has for this purpose: new memory costs more."""
        room: Hashes | None = getattr(self._kept, name, None)
        if room is None or room.size < size:
            room = np.empty(size, np.uint64)
            setattr(self._kept, name, room)
        return room
