"""The few loops over rows that all counting is made of: here in NumPy, in `dawnwatch.native` in C.

Both give the same integers; this one is the definition, and what runs where nothing was compiled.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.moments import Moments, moments_of
from dawnwatch.model.score_bins import ScoreBins
from dawnwatch.native import load_native
from dawnwatch.stats.binning import assign

__all__ = ["Counting", "NumPy", "best", "bucket_starts", "fine_bins"]

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Floats = NDArray[np.float64]
Hashes = NDArray[np.uint64]


class Counting(Protocol):
    """What `NumPy` and `Native` both do; see `NumPy`."""

    name: str

    def moments(self, values: Floats) -> Moments: ...  # noqa: D102
    def numeric(  # noqa: D102
        self, values: Floats, edges: Floats, b: Codes, table: Ints, *, keep: bool
    ) -> tuple[Moments, Codes | None]: ...
    def coded(  # noqa: D102
        self, codes: Codes, of: Codes, b: Codes, table: Ints, times: Ints, *, keep: bool
    ) -> Codes | None: ...
    def bins(self, values: Floats, edges: Floats) -> Codes: ...  # noqa: D102
    def pairs(self, a: Codes, b: Codes, table: Ints) -> None: ...  # noqa: D102
    def times(self, codes: Codes, table: Ints) -> None: ...  # noqa: D102
    def scores(self, scores: Floats, labels: Codes, bins: ScoreBins, table: Ints) -> Codes: ...  # noqa: D102
    def outcome(self, labels: Codes, coarse: Codes, shift: int, width: int) -> Codes: ...  # noqa: D102
    def mix(self, words: Hashes) -> Hashes: ...  # noqa: D102
    def mix_into(self, words: Hashes, turn: np.uint64, total: Hashes) -> None: ...  # noqa: D102
    def members(self, hashes: Hashes, known: Hashes, starts: Ints) -> NDArray[np.bool_]: ...  # noqa: D102
    def partition(self, pieces: Sequence[Hashes], bits: int) -> tuple[Hashes, Ints]: ...  # noqa: D102
    def repeats(self, hashes: Hashes, bits: int) -> Hashes: ...  # noqa: D102
    def distinct(self, hashes: Hashes) -> tuple[Hashes, Ints]: ...  # noqa: D102


class NumPy:
    """The loops in NumPy."""

    name = "numpy"

    def moments(self, values: Floats) -> Moments:
        """Return the moments of numbers, shape (rows,)."""
        return moments_of(values)

    def numeric(
        self, values: Floats, edges: Floats, b: Codes, table: Ints, *, keep: bool
    ) -> tuple[Moments, Codes | None]:
        """Return the moments of numbers, and count their bins with `b` into the table as `pairs` does.

        Parameters
        ----------
        keep : return the bins too
        """
        bins = self.bins(values, edges)
        self.pairs(bins, b, table)
        return moments_of(values), bins if keep else None

    def coded(self, codes: Codes, of: Codes, b: Codes, table: Ints, times: Ints, *, keep: bool) -> Codes | None:
        """Count codes into `times`, and their bins `of[code]` with `b` into the table; return the bins if kept."""
        bins = np.take(of, codes)
        self.times(codes, times)
        self.pairs(bins, b, table)
        return bins if keep else None

    def bins(self, values: Floats, edges: Floats) -> Codes:
        """Return how many edges lie strictly below each value; for NaN one more than there can be."""
        codes = assign(values, edges).astype(np.int32)
        odd = np.isnan(values)
        if odd.any():
            codes[odd] = edges.size + 1
        return codes

    def pairs(self, a: Codes, b: Codes, table: Ints) -> None:
        """Add 1 to `table[a, b]` for every row; the table is two-dimensional and C-contiguous."""
        index = a.astype(np.int64)
        index *= table.shape[1]
        index += b
        table += np.bincount(index, minlength=table.size).reshape(table.shape)

    def times(self, codes: Codes, table: Ints) -> None:
        """Add 1 to `table[code]` for every row."""
        table += np.bincount(codes, minlength=table.size)

    def scores(self, scores: Floats, labels: Codes, bins: ScoreBins, table: Ints) -> Codes:
        """Count [label, fine score bin] into the table, and return each row's coarse bin.

        The fine bin of a score is how many edges lie strictly below it; NaN has the last, "no score".
        """
        fine = fine_bins(scores, bins)
        self.pairs(labels, fine, table)
        return np.take(bins.groups, fine)

    def outcome(self, labels: Codes, coarse: Codes, shift: int, width: int) -> Codes:
        """Return label and coarse score bin as one code: label * width + (coarse >> shift)."""
        codes = np.right_shift(coarse, shift)
        codes += labels * np.int32(width)
        return codes

    def mix(self, words: Hashes) -> Hashes:
        """Scramble 64-bit words so that every input bit moves every output bit: the SplitMix64 finaliser."""
        with np.errstate(over="ignore"):
            words = words + np.uint64(0x9E3779B97F4A7C15)
            words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return words ^ (words >> np.uint64(31))

    def mix_into(self, words: Hashes, turn: np.uint64, total: Hashes) -> None:
        """Add the scrambled `words ^ turn` to the total of each row."""
        with np.errstate(over="ignore"):
            total += self.mix(words ^ turn)

    def members(self, hashes: Hashes, known: Hashes, starts: Ints) -> NDArray[np.bool_]:
        """Whether each hash is among the sorted `known`, whose `bucket_starts` are given."""
        if known.size == 0:
            return np.zeros(hashes.size, dtype=bool)
        at = np.minimum(np.searchsorted(known, hashes), known.size - 1)
        return np.asarray(known[at] == hashes)

    def partition(self, pieces: Sequence[Hashes], bits: int) -> tuple[Hashes, Ints]:
        """Return the hashes, but for zeros, ordered by their leading bits, and where each of the 2**bits parts ends."""
        hashes = np.concatenate([*pieces, np.empty(0, np.uint64)])
        hashes = hashes[hashes != 0]
        parts = (hashes >> np.uint64(64 - bits)).astype(np.int16)
        order = np.argsort(parts, kind="stable")
        return hashes[order], np.cumsum(np.bincount(parts, minlength=1 << bits))

    def repeats(self, hashes: Hashes, bits: int) -> Hashes:
        """Return every hash as often as it comes again after its first time, in any order.

        Parameters
        ----------
        hashes : none zero, all with the same `bits` leading bits
        """
        ranked = np.sort(hashes)
        return np.asarray(ranked[1:][ranked[1:] == ranked[:-1]])

    def distinct(self, hashes: Hashes) -> tuple[Hashes, Ints]:
        """Return the distinct hashes, sorted, and how often each one came."""
        return np.unique(hashes, return_counts=True)


def fine_bins(scores: Floats, bins: ScoreBins) -> Codes:
    """Return the fine bin of each score; `bins.fine` for NaN."""
    grid, edges = bins.grid, bins.padded
    odd = np.isnan(scores)
    some = bool(odd.any())
    known = np.where(odd, bins.edges[0] if bins.edges.size else 0.0, scores) if some else scores
    cells = grid.cell(known)
    at = np.take(grid.starts, cells).astype(np.int64)
    end = np.take(grid.starts, cells + 1)
    # A few comparisons settle cells of few edges; where more crowd, they are searched.
    if grid.crowd <= 4:
        for _ in range(grid.crowd):
            at += (at < end) & (known > np.take(edges, at))
    else:
        at = np.searchsorted(bins.edges, known, side="left")
    if some:
        at[odd] = bins.fine
    return at.astype(np.int32)


def best() -> Counting:
    """Return the compiled loops where there are any, else NumPy's."""
    return load_native() or NumPy()


def bucket_starts(known: Hashes) -> Ints:
    """Return where the buckets of leading bits begin in a sorted array of hashes, about one hash to a bucket."""
    bits = max(int(known.size).bit_length(), 1)
    if known.size == 0:
        return np.zeros(3, np.int64)
    buckets = (known >> np.uint64(64 - bits)).astype(np.int64)
    return np.concatenate([[0], np.cumsum(np.bincount(buckets, minlength=1 << bits))])
