"""Conjunctions that got worse: one half of the sampled units suggests them, the other has to confirm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dawnwatch.checks.performance.sampled_slices import Conditions, Least, SampledPair, SampledSide
from dawnwatch.stats.slice_excess import SliceExcess
from dawnwatch.stats.slice_search import LossRows, search_slices

__all__ = ["WorseConjunction", "worse_conjunctions"]


@dataclass(frozen=True)
class WorseConjunction:
    """A slice of two or three conditions: its fall beside the rest's, on the half that did not suggest it."""

    conditions: Conditions
    excess: SliceExcess
    rows: tuple[int, int, int, int]
    """Of the slice before and now, and of the half before and now."""

    @property
    def p_value(self) -> float:
        """Of "it did not fall, or fell no more than the rest", on the half that did not suggest it."""
        return self.excess.p_value


def worse_conjunctions(sampled: SampledPair, columns: list[str], least: Least) -> list[WorseConjunction]:
    """Return up to twenty slices that the first half suggests and that the second has rows enough to measure."""
    first, second = sampled.halves
    if not (first.both and second.both):
        return []
    named = _conditions(first, [name for name in columns if name in first.now.coded.bins], least)
    if len(named) < 2:
        return []
    found = search_slices(
        _loss_rows(first.before, named),
        _loss_rows(first.now, named),
        np.unique([column for column, _ in named], return_inverse=True)[1],
        least=(least.rows / first.before.coded.rows, least.rows / first.now.coded.rows),
    )
    measured = (_measured(second, tuple(named[i] for i in slice_), least) for slice_ in found)
    return [one for one in measured if one is not None]


def _conditions(half: SampledPair, columns: list[str], least: Least) -> list[tuple[str, int]]:
    """Return every bin of these columns that both windows hold rows enough of."""
    named = []
    for name in columns:
        sides = [half.before.coded.bins[name], half.now.coded.bins[name]]
        size = 1 + max(int(side.max(initial=0)) for side in sides)
        rows = np.minimum(*(np.bincount(side, minlength=size) for side in sides))
        named += [(name, code) for code in np.flatnonzero(rows >= least.rows).tolist()]
    return named


def _loss_rows(side: SampledSide, named: list[tuple[str, int]]) -> LossRows:
    holds = np.column_stack([side.coded.bins[column] == code for column, code in named]).astype(np.float32)
    return LossRows(holds, side.weights, side.losses)


def _measured(half: SampledPair, conditions: Conditions, least: Least) -> WorseConjunction | None:
    masks = half.masks(conditions)
    if not half.enough(masks, least):
        return None
    alone = half.independent(masks)
    found = None if alone is None else half.by_unit(masks, alone)
    if found is None:
        return None
    rows = (int(masks[0].sum()), int(masks[1].sum()), half.before.coded.rows, half.now.coded.rows)
    return WorseConjunction(conditions, found, rows)
