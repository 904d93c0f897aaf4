"""How sure a measurement is, in words."""

from __future__ import annotations

from dawnwatch.model.measurement import Significance
from dawnwatch.model.numbers import number, p_value, plural, share

__all__ = ["certainty", "detectable", "doubt", "evidence_behind", "is_shown"]


def is_shown(significance: Significance | None) -> bool:
    """Whether a size counts: it is significant, or not tested because size alone is judged."""
    return significance is None or bool(significance.significant)


def doubt(significance: Significance | None) -> str:
    """Say in a few words why a size does not count, or "" where it does."""
    if significance is None or significance.significant:
        return ""
    return "within noise" if significance.significant is False else significance.reason or "not tested"


def certainty(significance: Significance | None) -> str:
    """Say whether a measurement is more than chance, with its p-value; "" where size alone is judged."""
    if significance is None:
        return ""
    if significance.p_value is None:
        return doubt(significance)
    told = "more than chance" if significance.significant else "within noise"
    limit = "" if significance.significant else f", and only below {significance.level:.2g} counts"
    return f"{told} ({p_value(significance.p_value)}{limit})"


def evidence_behind(significance: Significance | None, rows: int) -> str:
    """Say what a measurement rests on, such as "180 rows of 9 rider values, the largest with 40%"."""
    said = plural(rows, "row")
    if significance is None or significance.units is None:
        return said
    said += f" of {plural(significance.units, f'{significance.unit} value')}"
    largest = significance.largest_unit or 0.0
    # A unit that holds a tenth of all rows decides what the window looks like.
    return said + (f", the largest with {share(largest, 0)}" if largest >= 0.1 else "")


def detectable(significance: Significance | None, what: str = "") -> str:
    """Say what the window could have shown, or "" where it was not tested; `what` goes before its number."""
    if significance is None or significance.detectable is None:
        return ""
    return f"this window could have shown {what}{number(significance.detectable)} or more, four times in five"
