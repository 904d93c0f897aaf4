"""Slices that nobody declared and that got worse, or became more: they inform, and never raise severity."""

from __future__ import annotations

from typing import Literal

from dawnwatch.model.auc import Auc
from dawnwatch.model.base import Frozen
from dawnwatch.model.measurement import Interval

__all__ = ["SliceCondition", "SliceSearch", "WeakSlice", "condition_text"]


class SliceCondition(Frozen):
    """One column's bin."""

    column: str
    value: str
    """Name of the bin, as in `drift.features[].bins`."""
    text: str
    """The condition in words, such as "3 < age ≤ 5"."""


class WeakSlice(Frozen):
    """Rows that meet up to three conditions, where the AUC fell more than elsewhere, or that rank badly and grew."""

    conditions: list[SliceCondition]
    kind: Literal["degradation", "composition"]
    """degradation: the slice itself got worse, by more than the rest; composition: there is more of it, and the model
    ranks its rows worse than others, before as now."""
    rows_before: int
    """Its rows with label and score, of those that `confirmed_on` names."""
    rows_now: int
    share_before: float
    """Its part of the rows."""
    share_now: float
    reference: Auc
    """Within the slice, in the performance baseline, of the rows that `confirmed_on` names."""
    current: Auc
    drop: float
    """Of the AUC within the slice; positive means worse."""
    drop_interval: Interval
    rest_drop: float
    """The same within all other rows."""
    confidence: float
    """Level of the intervals, of this slice alone."""
    degradation: float | None
    """What the slice's getting worse adds to the overall drop, in AUC; null where it could not be counted."""
    composition: float | None
    """What its having more or fewer of the rows adds, at the base rates of both windows."""
    contribution_interval: Interval | None
    """Of both together; null where there are no groups of units to tell it by."""
    share_of_drop: float | None
    """Both together as a part of the overall drop; null where the AUC did not fall by more than chance. Slices may
    overlap, so shares need not add up to 1."""
    p_value: float
    q_value: float
    """Benjamini and Hochberg's, over all `tests` of the search."""
    found_on: str
    confirmed_on: str

    @property
    def text(self) -> str:
        """All conditions in words."""
        return " and ".join(condition.text for condition in self.conditions)

    @property
    def contribution(self) -> float | None:
        """What the slice adds to the overall drop, in AUC."""
        if self.degradation is None or self.composition is None:
            return None
        return self.degradation + self.composition


class SliceSearch(Frozen):
    """How weak slices were searched for."""

    level: float
    """Share of false ones among the slices named that is to be expected at most (Benjamini and Hochberg)."""
    tests: int = 0
    """How many slices were tested: the family of the q-values."""
    bins: int = 0
    """Single bins among them that could have got worse."""
    mix: int = 0
    """Single bins among them that could have become more."""
    conjunctions: int = 0
    """Conjunctions among them, which one half of the sampled units suggested and the other had to confirm."""
    covered: int = 0
    """Further slices that passed, and show nothing once the rows of those named are left out."""
    reasons: list[str] = []
    """What was not searched, and why."""


def condition_text(column: str, value: str) -> str:
    """Write a condition in words.

    Examples
    --------
    >>> condition_text("age", "3 < x ≤ 5"), condition_text("age", "> 9"), condition_text("device", "mobile")
    ('3 < age ≤ 5', 'age > 9', 'device = mobile')
    """
    if " < x " in value:
        low, high = value.split(" < x ", 1)
        return f"{low} < {column} {high}"
    return f"{column} {value}" if value[:1] in {"<", "≤", ">", "="} else f"{column} = {value}"
