"""Bins fixed by the reference: quantile edges for numbers, quantile groups for scores."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawnwatch.native.sorting import ascending

__all__ = [
    "assign",
    "interval_names",
    "quantile_edges",
    "quantile_ranks",
    "score_edges",
    "with_heavy_values",
    "with_spare_edges",
]

Floats = NDArray[np.float64]


def quantile_edges(values: Floats, bins: int = 10) -> Floats:
    """Return strictly increasing upper edges of right-closed bins with about equal numbers of rows.

    Value v falls in bin i when edges[i-1] < v <= edges[i]; what exceeds the last edge falls in one more bin, so
    k edges make k + 1 bins. A value that alone holds more than 1 / bins of the rows gets a bin to itself (its
    lower edge is the next smaller float), so that a shift away from a heavy tie, such as many zeros, is seen on
    both sides. A constant column gets three bins: below, equal, above.

    Parameters
    ----------
    values : shape (rows,)
        Finite values in any order; may be empty, which gives no edges and hence one bin.
    bins : number of quantile bins aimed at, >= 2
    """
    values = ascending(np.asarray(values, dtype=np.float64))
    if values.size == 0:
        return np.empty(0)
    return with_heavy_values(np.unique(values[quantile_ranks(values.size, bins)]), values, values.size, bins)


def quantile_ranks(rows: int, bins: int) -> NDArray[np.int64]:
    """Return the 0-based ranks of the bins' upper edges among sorted values, shape (bins - 1,)."""
    # The ceiling of i / bins * rows, in whole numbers: in floats it can come out one too large.
    return np.asarray(-(-np.arange(1, bins) * rows // bins) - 1)


def with_heavy_values(edges: Floats, values: Floats, rows: int, bins: int) -> Floats:
    """Return the edges, with a second one just below every value that alone holds more than rows / bins.

    Parameters
    ----------
    values : sorted; all values, or all that equal an edge and any others
    rows : how many values there are in all
    """
    # A value above 1/bins of the rows always covers a quantile rank, so the edges hold every heavy value.
    held = np.searchsorted(values, edges, "right") - np.searchsorted(values, edges, "left")
    heavy = edges[held * bins > rows]
    return np.unique(np.concatenate([edges, _just_below(heavy)]))


def score_edges(scores: Floats, bins: int = 8192) -> Floats:
    """Return edges for score bins: a bin of its own for each distinct score where they fit, else quantile bins.

    A score's own bin begins at the next smaller float, so that it holds this number and no other: pairs within it
    are ties in every window. Quantile bins do the same for a score that alone fills one. Of the pairs of a positive
    and a negative, at most 1 / bins share one of the other bins, where the scores are those given here.

    Parameters
    ----------
    scores : shape (rows,)
        Finite reference scores.
    bins : quantile bins aimed at; at most twice as many come out
    """
    scores = ascending(np.asarray(scores, dtype=np.float64))
    distinct = scores[np.flatnonzero(np.r_[True, scores[1:] != scores[:-1]])] if scores.size else scores
    if distinct.size < bins:
        return np.unique(np.concatenate([distinct, _just_below(distinct)]))
    return with_heavy_values(np.unique(scores[quantile_ranks(scores.size, bins)]), scores, scores.size, bins)


def with_spare_edges(edges: Floats, each: int = 128) -> Floats:
    """Return score edges with `each` more on both sides, where a later window's scores may go.

    Evenly up to 0 and 1 where all edges lie within, since such scores are probabilities; else as far again as they
    reach. Without them all scores beyond the reference's would share a bin, and pairs of them would have no order.

    Parameters
    ----------
    edges : strictly increasing
    """
    if edges.size == 0:
        return edges
    low, high = float(edges[0]), float(edges[-1])
    with np.errstate(over="ignore", invalid="ignore"):
        reach = max(high - low, abs(low), abs(high))
        bottom, top = (0.0, 1.0) if low >= _just_below(0.0) and high <= 1 else (low - reach, high + reach)
        spare = np.concatenate([np.linspace(bottom, low, each + 1)[:-1], np.linspace(high, top, each + 1)[1:]])
    spare = spare[np.isfinite(spare) & ((spare < low) | (spare > high))]
    return np.unique(np.concatenate([spare, edges]))


def assign(values: Floats, edges: Floats) -> NDArray[np.int64]:
    """Return the bin of each value: how many edges lie strictly below it. Infinities go to the end bins."""
    if edges.size <= 24:
        # A few vectorised comparisons beat a binary search per value.
        codes = np.zeros(values.shape, dtype=np.int64)
        for edge in edges:
            codes += values > edge
        return codes
    return np.searchsorted(edges, values, side="left")


def interval_names(edges: Floats) -> list[str]:
    """Return a readable, unique name for each of the len(edges) + 1 bins."""
    if edges.size == 0:
        return ["all values"]
    digits = 4
    while digits < 17 and len({f"{e:.{digits}g}" for e in _shown(edges)}) < len(_shown(edges)):
        digits += 1

    def text(value: float) -> str:
        return f"{value:.{digits}g}"

    names = []
    for i in range(edges.size + 1):
        low = edges[i - 1] if i else None
        high = edges[i] if i < edges.size else None
        if low is not None and high is not None and _just_below(high) == low:
            names.append(f"= {text(high)}")
        elif high is None:
            names.append(f"> {text(_shown_edge(edges, i - 1))}")
        elif _is_open(edges, i):
            # This edge is the float just below a heavy value: the bin ends before that value.
            top = f"< {text(edges[i + 1])}"
            names.append(top if low is None else f"{text(_shown_edge(edges, i - 1))} < x {top}")
        else:
            top = f"≤ {text(high)}"
            names.append(top if low is None else f"{text(_shown_edge(edges, i - 1))} < x {top}")
    return names


def _just_below(values: ArrayLike) -> Floats:
    """Return the next smaller float; minus infinity below the smallest."""
    with np.errstate(over="ignore", under="ignore"):
        return np.asarray(np.nextafter(values, -np.inf))


def _is_open(edges: Floats, i: int) -> bool:
    """Whether edge i is the float just below a heavy value, and not itself a value in a row of neighbours."""
    below = _just_below(edges)
    return bool(i + 1 < edges.size and below[i + 1] == edges[i] and not (i and below[i] == edges[i - 1]))


def _shown_edge(edges: Floats, i: int) -> float:
    return float(edges[i + 1] if _is_open(edges, i) else edges[i])


def _shown(edges: Floats) -> list[float]:
    return [float(e) for i, e in enumerate(edges) if not _is_open(edges, i)]
