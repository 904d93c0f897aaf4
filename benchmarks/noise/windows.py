"""Pairs of windows of twenty columns with a known truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

__all__ = ["BROKEN", "CASES", "COLUMNS", "Case", "Pair"]

COLUMNS = tuple(f"c{at:02}" for at in range(20))
BROKEN = "c03"
"""The column to which something happens, where anything does."""
Pair = tuple[pa.Table, pa.Table]
"""Reference and current window."""


@dataclass(frozen=True)
class Case:
    """A kind of pair: what it is, the pair of each seed, and how many seeds are shown."""

    title: str
    pair: Callable[[int], Pair]
    seeds: int
    drifts: bool
    """Whether `BROKEN` should be found."""


def _window(rng: np.random.Generator, rows: int) -> pa.Table:
    """Rows of independent standard normal numbers."""
    return pa.table({name: rng.normal(size=rows) for name in COLUMNS})


def _same(before: int, now: int) -> Callable[[int], Pair]:
    def pair(seed: int) -> Pair:
        rng = np.random.default_rng(seed)
        return _window(rng, before), _window(rng, now)

    return pair


def _lost(rows: int, share: float) -> Callable[[int], Pair]:
    """A share of the column's values is NaN now; all of them are null where it is 1."""

    def pair(seed: int) -> Pair:
        rng = np.random.default_rng(seed)
        reference, current = _window(rng, rows), _window(rng, rows)
        values = current[BROKEN].to_numpy().copy()
        values[rng.random(rows) < share] = np.nan
        column = pa.nulls(rows, pa.float64()) if share == 1 else pa.array(values)
        return reference, current.set_column(COLUMNS.index(BROKEN), BROKEN, column)

    return pair


CASES = (
    Case("nothing changed, 5,000 rows against 200", _same(5000, 200), 10, False),
    Case("nothing changed, 1,000 rows against 1,000", _same(1000, 1000), 10, False),
    Case("one column goes from 0 to 60 % NaN, 1,000 rows each", _lost(1000, 0.6), 3, True),
    Case("one column goes from 0 to 60 % NaN, 5,000 rows each", _lost(5000, 0.6), 3, True),
    Case("one column is null throughout, 5,000 rows each", _lost(5000, 1.0), 1, True),
)
