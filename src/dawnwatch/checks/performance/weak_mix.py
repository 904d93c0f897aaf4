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

    Its p-value is `SliceParts.grew_and_is_worse`, and 1 where what it adds is negligible: nothing was tested there,
    and it counts in the family all the same.
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
                p_value = parts.grew_and_is_worse
                rows = (before.size(code), now.size(code), sampled.before.coded.rows, sampled.now.coded.rows)
                found.append(GrownBin(conditions, parts, 1.0 if p_value is None else p_value, rows))
    return found
