"""Weak slices in words, for findings, the terminal and the report alike."""

from __future__ import annotations

from dawnwatch.model.numbers import confidence, count, number, plural, share, short_share, signed
from dawnwatch.model.weak_slices import SliceSearch, WeakSlice

__all__ = ["search_sentence", "slice_line", "weak_slice_sentence"]


def weak_slice_sentence(found: WeakSlice) -> str:
    """Say what happened in a slice, how sure that is, and what it comes to overall."""
    if found.kind == "composition":
        more = f"{short_share(found.share_before)} to {short_share(found.share_now)} of rows"
        said = (
            f"There is more of {found.text} ({more}), whose rows the model ranks worse than others, before as now: "
            f"that adds {number(found.composition)} to the fall of the AUC"
        )
    else:
        low, high = -found.drop_interval[1], -found.drop_interval[0]
        said = (
            f"Where {found.text}, AUC went from {number(found.reference.value)} to {number(found.current.value)} "
            f"({signed(-found.drop)}, {confidence(found.confidence)} interval {signed(low)} to {signed(high)}; "
            f"elsewhere by {signed(-found.rest_drop)}), over {count(found.rows_now)} rows"
        )
    return f"{said}{_part(found)} (q = {found.q_value:.2g})"


def slice_line(found: WeakSlice) -> str:
    """Return a weak slice in one short line."""
    if found.kind == "composition":
        moved = f"{short_share(found.share_before)} → {short_share(found.share_now)} of rows, ranked badly as before"
    else:
        rest = signed(-found.rest_drop)
        moved = f"AUC {number(found.reference.value)} → {number(found.current.value)}, elsewhere by {rest}"
    return f"{found.text}: {moved}{_part(found)}"


def search_sentence(search: SliceSearch) -> str:
    """Say how many slices were tested, and by which rule they are named."""
    if not search.tests:
        return "; ".join(["no slice was searched for", *search.reasons])
    kinds = [
        (search.bins, "bin for having got worse", "bins for having got worse"),
        (search.mix, "for being more than before", "for being more than before"),
        (search.conjunctions, "conjunction of two or three conditions", "conjunctions of two or three conditions"),
    ]
    listed = ", ".join(plural(times, one, many) for times, one, many in kinds if times)
    said = (
        f"{plural(search.tests, 'slice')} tested together ({listed}); of those named a share of at most "
        f"{share(search.level, 0)} is expected to be false (Benjamini and Hochberg)"
    )
    if search.covered:
        said += f"; {count(search.covered)} more passed, and nothing is left of that without the rows of these"
    return "; ".join([said, *search.reasons])


def _part(found: WeakSlice) -> str:
    return "" if found.share_of_drop is None else f", {short_share(max(found.share_of_drop, 0.0))} of the overall drop"
