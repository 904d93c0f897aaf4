"""Single bins of which there is more than before, and which the model ranks worse than other rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dawnwatch.checks.performance.sampled_slices import Conditions, Least, SampledPair
from dawnwatch.stats.slice_parts import SliceParts, slice_parts_of_each

__all__ = ["GrownBin", "grown_bins"]

NEGLIGIBLE = 0.001
"""What a bin adds to the fall at least, for it to be tested whether that is more than chance."""


@dataclass(frozen=True)
class GrownBin:
    """One bin of the sampled rows, and what its becoming more adds to the overall fall."""

    conditions: Conditions
    parts: SliceParts
    p_value: float
    rows: tuple[int, int, int, int]
    """Of the bin before and now, and of the sample before and now."""


def grown_bins(sampled: SampledPair, columns: list[str], least: Least) -> list[GrownBin]:
    """Return every bin with rows enough in both windows.

    One that became less, or that ranks better than others, has a p-value of 1: there is more of another one then.
    """
    found = []
    for name in columns:
        if name not in sampled.now.coded.bins:
            continue
        before, now = sampled.bins(name)
        codes = np.flatnonzero(sampled.before.enough_of(before, least) & sampled.now.enough_of(now, least))
        alone = slice_parts_of_each(before.rows, now.rows)
        for code in codes.tolist():
            parts = alone[code]
            conditions: Conditions = ((name, code),)
            if parts is not None and parts.composition.value > NEGLIGIBLE:
                parts = sampled.parts(sampled.masks(conditions))  # its variances, which cost most
            if parts is not None:
                rows = (before.size(code), now.size(code), sampled.before.coded.rows, sampled.now.coded.rows)
                found.append(GrownBin(conditions, parts, _p_value(parts), rows))
    return found


def _p_value(parts: SliceParts) -> float:
    more = parts.shares[1] > parts.shares[0]
    worse = sum(parts.losses) > sum(parts.rest_losses)
    p_value = parts.composition.p_value
    return p_value if more and worse and p_value is not None else 1.0
