"""The PSI: how often its test rejects where nothing moved, and its interval covers what did."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.verify_stats.simulate import GROUPS, by_group, grown, sizes, unit_shares
from benchmarks.verify_stats.study import CONFIDENCE, HEAVY, REFERENCE_UNITS, ROWS_EACH, UNITS, Cell, Right, within
from dawnwatch.stats.shift import Shift, clustered_shift, shift

__all__ = ["PSIS", "moved_cells", "rows_cells"]

PSIS = (0.0, 0.02, 0.1, 0.3)
ALIKE = {"none": 0.0, "medium": 0.1, "strong": 0.5}
"""Intraclass correlation of the bins."""


def _judged(found: Shift | None, truth: float, name: str) -> Right:
    if found is None:
        return None
    right = {f"covers {name}": within(found.interval(CONFIDENCE), truth)}
    if truth == 0:
        right |= {"rejects at 5 %": found.p_value <= 0.05, "rejects at 1 %": found.p_value <= 0.01}
    return right


def _moved(
    alike: float, heavy: float, shared: bool, units: int, bins: int, psis: tuple[float, ...], rng: np.random.Generator
) -> Right:
    at = np.full(bins, 1 / bins)
    own = unit_shares(rng, REFERENCE_UNITS, at, alike)
    group = rng.integers(0, GROUPS, REFERENCE_UNITS)
    reference = by_group(rng.multinomial(sizes(rng, REFERENCE_UNITS, 20_000, heavy), own), group)
    right: dict[str, bool] = {}
    for psi in psis:
        part, there = grown(at, psi)
        mine = own[:units] if shared else unit_shares(rng, units, at, alike)
        rows = rng.multinomial(sizes(rng, units, units * ROWS_EACH, heavy), (1 - part) * mine + part * there)
        current = by_group(rows, group[:units] if shared else rng.integers(0, GROUPS, units))
        judged = _judged(clustered_shift(reference, current), psi, f"{psi:g}")
        if judged is None:
            return None
        right |= judged
        if psi == 0:
            naive = shift(reference.sum(axis=1), current.sum(axis=1))
            right["rows as independent, at 1 %"] = naive is not None and naive.p_value <= 0.01
    return right


def _many_cells() -> Iterator[Cell]:
    for alike, correlation in ALIKE.items():
        for size, heavy in HEAVY.items():
            for shared in (False, True):
                labels = (alike, size, "all" if shared else "none", str(UNITS), "14")
                yield Cell(labels, partial(_moved, correlation, heavy, shared, UNITS, 14, PSIS))


def _few_cells() -> Iterator[Cell]:
    for alike in ("medium", "strong"):
        for size in ("equal", "heavy"):
            for units in (20, 30, 50, 100):
                labels = (alike, size, "none", str(units), "14")
                yield Cell(labels, partial(_moved, ALIKE[alike], HEAVY[size], False, units, 14, PSIS))


def _bins_cells() -> Iterator[Cell]:
    for size in ("equal", "heavy"):
        for bins in (2, 5, 50, 200):
            labels = ("medium", size, "none", str(UNITS), str(bins))
            yield Cell(labels, partial(_moved, ALIKE["medium"], HEAVY[size], False, UNITS, bins, (0.0,)))


def _rows_moved(rows: int, bins: int, psis: tuple[float, ...], rng: np.random.Generator) -> Right:
    at = 1 / np.arange(1, bins + 1)
    at /= at.sum()
    reference = rng.multinomial(20_000, at)
    right: dict[str, bool] = {}
    for psi in psis:
        part, there = grown(at, psi)
        found = shift(reference, rng.multinomial(rows, (1 - part) * at + part * there), seed=int(rng.integers(2**31)))
        judged = _judged(found, psi, f"{psi:g}")
        if judged is None:
            return None
        right |= judged
    return right


def rows_cells() -> Iterator[Cell]:
    """Counts large enough for chi-squared, then small ones, which are permuted."""
    for rows, bins, psis in ((1000, 5, PSIS), (1000, 14, PSIS), (5000, 50, PSIS), (200, 14, (0.0,)), (300, 50, (0.0,))):
        yield Cell((f"{rows:,}", str(bins)), partial(_rows_moved, rows, bins, psis))


def moved_cells() -> Iterator[Cell]:
    """200 units of every kind, then ever fewer, then other numbers of bins."""
    yield from _many_cells()
    yield from _few_cells()
    yield from _bins_cells()
