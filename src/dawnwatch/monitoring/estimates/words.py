"""What is estimated before labels come, in words that never read as a measurement."""

from __future__ import annotations

from dawnwatch.model.estimates import Estimate, EstimatedMetric, Estimates
from dawnwatch.model.numbers import interval, number, plural, signed

__all__ = ["METHOD", "TITLE", "with_words"]

TITLE = {"auc": "AUC", "accuracy": "accuracy", "precision": "precision", "recall": "recall", "f1": "F1"}
ONE_CLASS = ("accuracy", "recall")
"""What labels of one class tell: precision and F1 are 1 or 0 by the class alone, or nearly."""
METHOD = {
    "pape": "by the performance baseline weighted to this window's mix (PAPE)",
    "cbpe": "by the performance baseline's scores and labels (CBPE)",
}
ASSUMES = {
    "pape": "if rows alike in their features still come true as often as they did",
    "cbpe": "if a score still means what it meant on the performance baseline",
}


def with_words(found: Estimates) -> Estimates:
    """Return the estimates with `beside` and `message`, neither with a full stop."""
    chosen = found.chosen
    if chosen is None:
        said = f"Metrics cannot be estimated without labels: {found.reason or 'no reason given'}"
        return found.model_copy(update={"beside": None, "message": said})
    told = [_told(one) for one in chosen.metrics if one.value is not None]
    said = (
        f"Estimated from {plural(found.rows, 'score')} alone, {METHOD[chosen.method]}: {', '.join(told)}, "
        f"{ASSUMES[chosen.method]}"
    )
    if found.unscored:
        said += f". {plural(found.unscored, 'row')} without a score {'is' if found.unscored == 1 else 'are'} left out"
    beside = _beside(found, chosen)
    return found.model_copy(
        update={"beside": beside, "message": f"{said}; only labels can tell" if beside is None else f"{said}. {beside}"}
    )


def _told(one: EstimatedMetric) -> str:
    bounds = f" ({interval(one.interval)})" if one.interval else ""
    return f"{TITLE[one.name]} {number(one.value)}{bounds}"


def _beside(found: Estimates, chosen: Estimate) -> str | None:
    """Say what the labels that came realise beside the estimate on the same rows; None where none have come."""
    one = found.apart
    if one is None or one.error_interval is None:
        came = [one for one in chosen.metrics if one.realised is not None and one.name in ONE_CLASS]
        named = " and ".join(f"{TITLE[one.name]} {number(one.realised)}" for one in came)
        rows = plural(found.labelled, "labelled row")
        return f"On the {rows}, too few of them of one class, {named} is realised, and no AUC" if came else None
    weighted = ", weighted by the inverse chance of a label" if found.weighted else ""
    said = (
        f"On the {plural(found.labelled, 'labelled row')} the estimate of {TITLE[one.name]} is "
        f"{number(one.on_labelled)} and {number(one.realised)} is realised{weighted}: {signed(one.error)} off "
        f"({interval(one.error_interval)})"
    )
    if found.gap:
        return (
            f"{said}, more than chance: labels no longer go with scores as they did. Where data and scores are sound, "
            "the concept or the base rate changed"
        )
    if not one.error_interval[0] <= 0 <= one.error_interval[1] and found.labelled < found.rows:
        return f"{said}, no more than chance and labels of one class that come first would explain"
    return f"{said}, within noise"
