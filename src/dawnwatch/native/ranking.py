"""Rank sums of a window and of its slices from its rows: sorted once, by radix, on two threads."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dawnwatch.native import load_native

__all__ = ["Sums", "ranked_sums"]

Sums = tuple[int, int, int, int, int, int, int]
"""What `dawnwatch.stats.auc.RankSums` is made of."""
LARGEST = 2**31
"""Rows that a rank with its label has room for."""
SPAN = 2**20
"""Codes of a slice column that are counted one by one; where they lie farther apart, NumPy sorts them."""
SAMPLE = 1000
Floats = NDArray[np.float64]
Codes = NDArray[np.int32]


@cache
def _library() -> ctypes.CDLL | None:
    """Return the compiled functions, declared; None where there are none."""
    native = load_native()
    if native is None:
        return None
    pointer, whole = ctypes.c_void_p, ctypes.c_int64
    library = native.library
    signatures = {
        "dw_score_keys": [pointer, pointer, whole, ctypes.c_double, *(pointer,) * 3],
        "dw_sort": [pointer, pointer, whole, pointer, pointer],
        "dw_ranks": [pointer, pointer, whole, pointer],
        "dw_rank_sums": [pointer, whole, pointer],
        "dw_slice_sums": [pointer, pointer, whole, pointer, whole, ctypes.c_int32, whole, *(pointer,) * 3],
    }
    for name, arguments in signatures.items():
        function = getattr(library, name, None)
        if function is None:  # compiled from older sources
            return None
        function.argtypes, function.restype = arguments, None
    library.dw_score_keys.restype = whole
    return library


def ranked_sums(
    scores: Floats, labels: NDArray[np.int8], slices: Mapping[str, Codes]
) -> dict[tuple[str | None, int], Sums] | None:
    """Return the sums of all rows, as (None, 0), and of every (slice column, code) that a usable row has.

    None where nothing was compiled or there are more rows than it has room for: NumPy's way gives the same integers.

    Parameters
    ----------
    scores : shape (rows,); a row whose score is NaN is left out
    labels : shape (rows,), 0 or 1; a row with another label is left out
    slices : codes of every slice column, each of shape (rows,)
    """
    library = _library()
    spans = {name: _span(codes) for name, codes in slices.items()}
    if library is None or scores.size >= LARGEST or any(high - low >= SPAN for low, high in spans.values()):
        return None
    scores, labels = np.ascontiguousarray(scores, np.float64), np.ascontiguousarray(labels, np.int8)
    with ThreadPoolExecutor(2) as pool:
        rows, ranks = _ranked(library, scores, labels, pool)
        whole = pool.submit(_whole, library, ranks)
        each = {
            name: pool.submit(_sliced, library, ranks, rows, np.ascontiguousarray(codes, np.int32), spans[name])
            for name, codes in slices.items()
        }
        found: dict[tuple[str | None, int], Sums] = {(None, 0): whole.result()}
        for name, sums in each.items():
            found |= {(name, code): of for code, of in sums.result().items()}
    return found


def _ranked(
    library: ctypes.CDLL, scores: Floats, labels: NDArray[np.int8], pool: ThreadPoolExecutor
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return row numbers by increasing score, and their ranks with labels (rank * 2 + label)."""
    n = scores.size
    keys, tags, usable = np.empty(n, np.uint64), np.empty(n, np.uint32), ctypes.c_int64()
    below = library.dw_score_keys(
        *(_at(scores), _at(labels), n, _middle(scores), _at(keys), _at(tags), ctypes.byref(usable))
    )
    keys, tags = keys[: usable.value], tags[: usable.value]
    other_keys, other_tags = np.empty_like(keys), np.empty_like(tags)
    halves = [
        pool.submit(
            library.dw_sort,
            *(_at(keys[part]), _at(tags[part]), keys[part].size, _at(other_keys[part]), _at(other_tags[part])),
        )
        for part in (slice(0, below), slice(below, None))
    ]
    for half in halves:
        half.result()
    library.dw_ranks(_at(keys), _at(tags), keys.size, _at(other_tags))
    return tags, other_tags


def _whole(library: ctypes.CDLL, ranks: NDArray[np.uint32]) -> Sums:
    sums = np.empty(7, np.uint64)
    library.dw_rank_sums(_at(ranks), ranks.size, _at(sums))
    return _plain(sums)


def _sliced(
    library: ctypes.CDLL,
    ranks: NDArray[np.uint32],
    rows: NDArray[np.uint32],
    codes: Codes,
    span: tuple[int, int],
) -> dict[int, Sums]:
    """Return the sums of every code that a row has."""
    lowest, width = span[0], span[1] - span[0] + 1
    ends, parted = np.empty((2, width), np.int64), np.empty(codes.size, np.uint32)
    sums = np.empty((width, 7), np.uint64)
    library.dw_slice_sums(
        *(_at(ranks), _at(rows), ranks.size, _at(codes), codes.size, lowest, width),
        *(_at(ends), _at(parted), _at(sums)),
    )
    held = sums[:, 0] + sums[:, 1]
    return {lowest + int(code): _plain(sums[code]) for code in np.flatnonzero(held)}


def _plain(sums: NDArray[np.uint64]) -> Sums:
    negatives, positives, total, high_pos, low_pos, high_neg, low_neg = sums.tolist()
    return negatives, positives, total, high_pos, low_pos, high_neg, low_neg


def _span(codes: Codes) -> tuple[int, int]:
    return (int(codes.min()), int(codes.max())) if codes.size else (0, 0)


def _middle(scores: Floats) -> float:
    """Return a score about in the middle: where the rows are parted matters to time alone."""
    some = scores[:: max(scores.size // SAMPLE, 1)]
    some = np.sort(some[~np.isnan(some)])
    return float(some[some.size // 2]) if some.size else 0.0


def _at(array: NDArray[np.generic]) -> int:
    return int(array.__array_interface__["data"][0])
