"""AUC of a window and of all its slices, computed at once and kept with the window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.scored_rows import ScoredRows
from dawnwatch.model.window import Window
from dawnwatch.native.ranking import ranked_sums
from dawnwatch.stats.auc import AucEstimate, RankSums, auc_from_counts, auc_from_sums, rank_sums

__all__ = ["Estimate", "estimate", "from_rows", "keep_facts", "kept_facts"]

Slice = tuple[str | None, int]
"""Slice column and bin code; (None, 0) is the whole window."""
Counts = NDArray[np.int64]
KEPT = "auc"
"""Under which name a window keeps what its rows gave."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the labels and scores of a window or slice give."""

    auc: AucEstimate | None = None
    """None where a class is empty."""
    n: int = 0
    """Rows with both a label and a score."""
    positives: int = 0


def estimate(window: Window, column: str | None = None, code: int = 0) -> Estimate:
    """Return the estimate of a window, or of the slice where `column` has this bin code.

    Exact from the rows where they were kept, or what they gave was; else from score bins.
    """
    slices = from_rows(window)
    if slices is None:
        return window.once(("auc", column, code), lambda: _from_bins(window, column, code))
    return slices.get((column, code), Estimate())


def from_rows(window: Window) -> dict[Slice, Estimate] | None:
    """Return the exact estimates of a window and of its slices; None where its rows were not kept."""
    rows = window.rows
    return window.once(KEPT, lambda: None if rows is None else _from_rows(rows))


def kept_facts(window: Window) -> list[list[Any]] | None:
    """Return the exact estimates as plain lists, for a file that leaves the rows behind; None where there are none."""
    found = from_rows(window)
    if found is None:
        return None
    return [
        [*which, of.n, of.positives, *([of.auc.value, of.auc.variance] if of.auc else [])]
        for which, of in found.items()
    ]


def keep_facts(window: Window, facts: list[list[Any]] | None) -> None:
    """Give a window without rows the exact estimates that `kept_facts` wrote of it."""
    if facts is None:
        return
    found = {
        (column, code): Estimate(
            AucEstimate(auc[0], auc[1], 0.0, n - positives, positives) if auc else None, n, positives
        )
        for column, code, n, positives, *auc in facts
    }
    window.once(KEPT, lambda: found)


def _from_rows(rows: ScoredRows) -> dict[Slice, Estimate]:
    """Return the exact estimate of the window and of each of its slices."""
    found = ranked_sums(rows.scores, rows.labels, rows.slices)
    if found is None:
        sums = {which: rank_sums(negatives, positives) for which, negatives, positives in _by_score(rows)}
    else:
        sums = {which: RankSums(*of) for which, of in found.items()}
    return {which: Estimate(auc_from_sums(of), of.negatives + of.positives, of.positives) for which, of in sums.items()}


def _from_bins(window: Window, column: str | None, code: int) -> Estimate:
    negatives, positives, exact = _binned(window, column, code)
    found = int(positives.sum())
    return Estimate(auc_from_counts(negatives, positives, exact=exact), int(negatives.sum()) + found, found)


def _binned(window: Window, column: str | None, code: int) -> tuple[Counts, Counts, NDArray[np.bool_]]:
    """Return negatives and positives per score bin, and which of the bins hold one score only."""
    cube = None if column is None else window.profile.columns[column].cube
    bins = window.plan.score_bins
    if cube is None:
        table, exact = window.profile.scores, bins.points
    else:
        table, exact = cube[code], bins.coarse_points(cube.shape[2] - 1)
    return table[0, :-1], table[1, :-1], exact


def _by_score(rows: ScoredRows) -> Iterator[tuple[Slice, Counts, Counts]]:
    """Yield (negatives, positives) at each distinct score of the window and of every slice, scores increasing.

    What `ranked_sums` is the compiled twin of. Scores are sorted once; a stable sort by the small slice code then keeps
    every slice's rows in their order.
    """
    usable = np.flatnonzero((rows.labels < 2) & ~np.isnan(rows.scores))
    usable = usable[np.argsort(rows.scores[usable])]
    scores, labels = rows.scores[usable], rows.labels[usable]
    whole = np.zeros(usable.size, dtype=np.int32)
    for column, codes in ((None, whole), *((name, codes[usable]) for name, codes in rows.slices.items())):
        # Sixteen bits are sorted by radix, in time proportional to the rows.
        small = codes.astype(np.int16) if codes.size and codes.max() < 2**15 else codes
        order = np.argsort(small, kind="stable")
        codes, ranked = codes[order], scores[order]
        new = np.ones(codes.size, dtype=bool)
        new[1:] = (codes[1:] != codes[:-1]) | (ranked[1:] != ranked[:-1])
        starts = np.flatnonzero(new)
        if starts.size == 0:
            continue
        positives = np.add.reduceat(labels[order], starts, dtype=np.int64)
        negatives = np.diff(starts, append=codes.size) - positives
        held, firsts = np.unique(codes[starts], return_index=True)
        for code, first, end in zip(held.tolist(), firsts, [*firsts[1:], starts.size], strict=True):
            yield (column, code), negatives[first:end], positives[first:end]
