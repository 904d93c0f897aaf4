"""Whose part of the fall it is, where a sign says so that no part was reckoned from."""

from __future__ import annotations

from dawnwatch.model.causes import CAUSE_ORDER, Cause, Split
from dawnwatch.model.estimates import Estimates
from dawnwatch.model.numbers import interval, number, signed
from dawnwatch.model.performance import Performance

__all__ = ["contradicted", "doubted"]

SURE = 0.01
"""Chance, where nothing changed, of a calibration as far off as it is, above which it is called unmoved."""


def doubted(split: Split) -> Split:
    """Call what labels and scores have to do with each other serving's, where the scores look like no model's.

    Labels that go with the scores otherwise than before are what a changed concept and wrong scores alike come to; that
    the scores follow the features less than they did is of the scores alone.
    """
    parts = [
        part.model_copy(update={"cause": "serving", "resolvable": False}) if part.cause == "concept" else part
        for part in split.parts
    ]
    asked = "How much of it is the model's own: no model was there to be asked again ([model] path)"
    return split.model_copy(
        update={
            "parts": sorted(parts, key=lambda part: CAUSE_ORDER.index(part.cause)),
            "unresolved": [*split.unresolved, asked],
        }
    )


def contradicted(split: Split, performance: Performance) -> Split:
    """Call a concept not resolvable where the AUC came out as estimated without one, and no calibration moved.

    An estimate weighted to the window's mix assumes that labels go with features and scores as before. Where what the
    labels realise lies below it by surely less than the concept is said to take, the two contradict each other.
    """
    concept = next((part for part in split.parts if part.cause == "concept" and part.resolvable and part.shown), None)
    calibration = performance.calibration
    if concept is None or performance.estimates is None:
        return split
    if calibration is not None and (calibration.p_value is None or calibration.p_value <= SURE):
        return split
    told = _against(concept, performance.estimates)
    if told is None:
        return split
    parts = [part.model_copy(update={"resolvable": False}) if part is concept else part for part in split.parts]
    return split.model_copy(update={"parts": parts, "unresolved": [*split.unresolved, told]})


def _against(concept: Cause, estimates: Estimates) -> str | None:
    """Say how an estimate that knows no concept came out, where it leaves no room for one of this size; else None."""
    found = estimates.chosen.metric("auc") if estimates.answer == "pape" and estimates.chosen else None
    if found is None or found.error is None or found.error_interval is None or estimates.gap:
        return None
    low, high = found.error_interval
    if not low <= 0 <= high < concept.amount:
        return None
    return (
        f"How much is the mix and how much the concept: {number(concept.amount)} is left beside the mix, while the AUC "
        f"estimated of that mix with labels as they were is {signed(found.error)} off ({interval((low, high))}), and "
        "no calibration moved"
    )
