"""A fall of the AUC while it is taken apart: each part is taken off what those before it left."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.model.causes import Cause, CauseName, CauseSlice, Harm
from dawnwatch.model.plan import UNIT_GROUPS
from dawnwatch.monitoring.causes.sampled import Sampled
from dawnwatch.stats.replicates import Part
from dawnwatch.stats.scored import auc_part

__all__ = ["FEW", "Frame", "Mask"]

FEW = 0.01
"""Share of a window's rows below which what they hold is not asked about."""
Mask = NDArray[np.bool_]


@dataclass
class Frame:
    """A fall while it is taken apart: what is left of it, and of the rows.

    Attributes
    ----------
    then, now : sampled rows of the performance baseline and the current window
    kept_then, kept_now : those that no part so far has taken out
    left : the fall that no part so far explains
    apart : features of which hardly a row now has a value that the reference held
    doubted : whether the scores look like no model's, and none was there to be asked
    put_right : whether the model's own scores stand in the place of those logged
    """

    run: RunContext
    then: Sampled
    now: Sampled
    kept_then: Mask
    kept_now: Mask
    left: Part
    confidence: float
    parts: list[Cause] = field(default_factory=list)
    harms: list[Harm] = field(default_factory=list)
    ruled_out: list[str] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)
    doubted: bool = False
    put_right: bool = False

    def take(
        self,
        cause: CauseName,
        part: Part,
        *,
        column: str | None = None,
        resolvable: bool = True,
        assumptions: list[str],
        top_slices: list[CauseSlice] | None = None,
    ) -> None:
        """Name a part of what is left of the fall, and take it off."""
        self.left -= part
        self.parts.append(
            Cause(
                cause=cause,
                column=column,
                amount=part.value,
                interval=part.interval(self.confidence),
                resolvable=resolvable,
                assumptions=assumptions,
                top_slices=top_slices or [],
            )
        )

    def auc_now(self, kept: Mask) -> Part:
        """AUC of some of the sampled rows of the current window."""
        return auc_part(self.now.scored(kept), UNIT_GROUPS)

    def auc_then(self, kept: Mask) -> Part:
        """AUC of some of the sampled rows of the performance baseline."""
        return auc_part(self.then.scored(kept), UNIT_GROUPS)
