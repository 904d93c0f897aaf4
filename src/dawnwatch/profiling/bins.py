"""The bins of the watched columns: categories by how often they come, numbers by exact quantiles."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.errors import BaselineError
from dawnwatch.model.bin_names import MISSING, OTHER, OTHER_OR_UNSEEN, SHARED, UNSEEN
from dawnwatch.model.plan import Binning
from dawnwatch.profiling.arrow import numbers, type_name
from dawnwatch.profiling.counting import best
from dawnwatch.profiling.hashing import hash_texts
from dawnwatch.profiling.texts import code_texts
from dawnwatch.sources.base import Source
from dawnwatch.stats.binning import interval_names, quantile_edges
from dawnwatch.stats.quantiles import Brackets, Thinned

__all__ = ["CATEGORIES_KEPT", "gather_bins"]

NUMERIC_BINS = 10
CATEGORIES_KEPT = 200
EXPECTED = 1e-3
"""Share of the rows with a value of their own, beyond the kept categories, from which on new values are no news."""
CATEGORIES_MOST = 1_000_000
SAMPLE = 131_072
"""Numbers of a column held to find out where its quantiles lie."""
EMPTY = "(empty)"


def gather_bins(reference: Source, kinds: Mapping[str, str], *, private: Collection[str]) -> dict[str, Binning]:
    """Return the bins of each column.

    Parameters
    ----------
    kinds : "numeric" or "categorical" per column
    private : columns whose values must not stand in the bins' names

    Raises
    ------
    BaselineError
        Where the reference holds no rows, or a category column more distinct values than categories can have.
    """
    gathered = {name: _Numbers() if kind == "numeric" else _Texts(name) for name, kind in kinds.items()}
    rows = 0
    with ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
        for batch in reference.batches(list(kinds)):
            rows += batch.num_rows
            _each(pool, {name: found.add for name, found in gathered.items()}, batch)
        if rows == 0:
            raise BaselineError(f"{reference.name}: the reference holds no rows")
        _second_look(reference, {n: g for n, g in gathered.items() if isinstance(g, _Numbers)}, pool)
    return {name: found.binning(name in private) for name, found in gathered.items()}


def _second_look(reference: Source, columns: dict[str, _Numbers], pool: ThreadPoolExecutor) -> None:
    """Pass by the numbers again for the quantiles of columns with more of them than were held."""
    for wider in (1.0, 8.0, 1e9):  # the last holds everything, and cannot miss
        again = pool.map(_Numbers.look_again, columns.values(), repeat(wider))
        missed = {name: found for (name, found), missing in zip(columns.items(), again, strict=True) if missing}
        if not missed:
            return
        for batch in reference.batches(list(missed)):
            _each(pool, {name: found.add_again for name, found in missed.items()}, batch)


def _each(pool: ThreadPoolExecutor, take: Mapping[str, Callable[[pa.Array], None]], batch: pa.RecordBatch) -> None:
    """Hand each column of a batch to whoever takes it, and wait until all have."""
    waiting = [pool.submit(function, batch.column(name)) for name, function in take.items()]
    for future in waiting:
        future.result()


class _Numbers:
    def __init__(self) -> None:
        self._sample = Thinned(SAMPLE)
        self._brackets: Brackets | None = None
        self._edges: NDArray[np.float64] | None = None
        self._counting = best()

    def add(self, array: pa.Array) -> None:
        self._sample.add(_finite(array))

    def look_again(self, wider: float) -> bool:
        """Whether another pass is needed, for which it is then ready."""
        if self._sample.whole:
            self._edges = quantile_edges(self._sample.values, NUMERIC_BINS)
        elif self._brackets is not None:
            self._edges = self._brackets.result()
        if self._edges is None:
            self._brackets = Brackets(self._sample, NUMERIC_BINS, wider=wider)
        return self._edges is None

    def add_again(self, array: pa.Array) -> None:
        if self._brackets is not None:
            values = _finite(array)
            self._brackets.add(values, self._counting.bins(values, self._brackets.edges))

    def binning(self, private: bool) -> Binning:
        if self._edges is None and self._brackets is not None:
            self._edges = self._brackets.result()
        edges = np.empty(0) if self._edges is None else self._edges
        names = interval_names(edges)
        if private:
            names = [f"bin {i} of {len(names)}" for i in range(1, len(names) + 1)]
        return Binning("numeric", (*names, MISSING), edges=edges)


class _Texts:
    def __init__(self, name: str) -> None:
        self._name = name
        self._counts: Counter[str] = Counter()

    def add(self, array: pa.Array) -> None:
        if type_name(array.type) == "null":
            return
        coded = code_texts(array)
        texts = coded.texts()
        times = np.bincount(coded.codes, minlength=len(texts) + 1)[:-1]
        for at in np.flatnonzero(times).tolist():
            self._counts[texts[at]] += int(times[at])
        if len(self._counts) > CATEGORIES_MOST:
            raise BaselineError(
                f"column {self._name!r} holds more than {CATEGORIES_MOST:,} distinct values in the reference, too many "
                "for categories; if it names a person or thing make it [roles] unit, else set monitor = false and say "
                "why in `because`"
            )

    def binning(self, private: bool) -> Binning:
        ranked = sorted(self._counts, key=lambda name: (-self._counts[name], name))
        kept, rest = ranked[:CATEGORIES_KEPT], ranked[CATEGORIES_KEPT:]
        shown = [f"value {i}" for i in range(1, len(kept) + 1)] if private else [_bin_name(name) for name in kept]
        # A value that one row alone has would have been new without that row, so the share of such rows is that of new
        # values to come (Good and Turing).
        once = sum(self._counts[name] == 1 for name in rest)
        open_ = once > EXPECTED * sum(self._counts.values())
        return Binning(
            "categorical",
            (*shown, OTHER_OR_UNSEEN if open_ else OTHER, MISSING, UNSEEN),
            codes={} if private else {name: i for i, name in enumerate(kept)},
            hidden=hash_texts(kept if private else []),
            others=np.unique(hash_texts(rest)),
            open=open_,
        )


def _finite(array: pa.Array) -> NDArray[np.float64]:
    values = np.empty(0) if type_name(array.type) == "null" else numbers(array)
    return values[finite] if not (finite := np.isfinite(values)).all() else values


def _bin_name(value: str) -> str:
    """Return how a category is shown; one that is written like a special bin stands in quotes."""
    return repr(value) if value in {EMPTY, *SHARED} else value or EMPTY
