"""What moved since an earlier window, in words: "drifted since training" told apart from "broke last night"."""

from __future__ import annotations

from collections.abc import Sequence

from dawnwatch.model.certainty import is_shown
from dawnwatch.model.distances import PSI
from dawnwatch.model.enums import Band
from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.history import BaselineKind, OtherBaseline
from dawnwatch.model.numbers import moment, number, plural
from dawnwatch.model.sized import size_of

__all__ = ["drifted_since", "moved", "since_text"]

NAMES: dict[BaselineKind, str] = {
    "last_good": "the last good window",
    "day_before": "the same hours a day before",
    "week_before": "the same hours a week before",
}
SHOWN = 3


def moved(features: Sequence[FeatureDrift]) -> list[FeatureDrift]:
    """Return the features in the YELLOW or RED band and more than chance, in their order."""
    return [f for f in features if f.band in {Band.YELLOW, Band.RED} and is_shown(f.significance)]


def drifted_since(training: Sequence[FeatureDrift], earlier: Sequence[FeatureDrift]) -> list[FeatureDrift]:
    """Return, against the earlier window, the features that moved from the training reference but not since then.

    A feature that could not be tested against the earlier window is not among them: nothing is known of it.
    """
    against = {feature.name: feature for feature in earlier}
    still = {feature.name for feature in moved(earlier)}
    found = [against[f.name] for f in moved(training) if f.name in against and f.name not in still]
    return [
        f for f in found if f.size is not None and (f.significance is None or f.significance.significant is not None)
    ]


def since_text(
    kind: BaselineKind,
    window: OtherBaseline | None,
    now: Sequence[FeatureDrift],
    before: Sequence[FeatureDrift],
    *,
    reason: str | None = None,
) -> str:
    """Return one comparison in a sentence or two.

    Parameters
    ----------
    window : the earlier one; None where there is none
    now : features that moved since then
    before : features that moved from the training reference, but not since then
    reason : why there is nothing to say
    """
    if window is None:
        return f"Not compared with {NAMES[kind]}: {reason}"
    name = f"{NAMES[kind]} ({_when(window)})"
    if reason is not None:
        return f"Not compared with {name}: {reason}"
    lead = "Since" if kind == "last_good" else "Against"
    said = []
    if now:
        parts = [f"{f.name} ({size_of(f, 2)}{f', {f.moved_most}' if f.moved_most else ''})" for f in now]
        said.append(f"{lead} {name}, {_some(parts)} moved")
    if before:
        doubt = "shows" if len(before) == 1 else "show"
        parts = [f"{f.name} ({_at_most(f)})" for f in before]
        then = "since then" if now else f"{lead.lower()} {name}"
        text = f"drifted since training, {_some(parts)} {doubt} no shift {then}"
        said.append(text if now else text[:1].upper() + text[1:])
    return "; ".join(said) if said else f"{lead} {name}, no watched feature is shown to have moved"


def _at_most(feature: FeatureDrift) -> str:
    """Say how small the shift is, and what could have been seen: "no shift" means no more than that."""
    test = feature.significance
    if test is None or test.detectable is None:
        return size_of(feature, 2)
    what = "" if feature.method == PSI else "a PSI of "
    return f"{size_of(feature, 2)}; {what}{number(test.detectable, 2)} would have shown"


def _when(window: OtherBaseline) -> str:
    rows = plural(window.rows or 0, "row") + (", its data quality failed" if window.valid is False else "")
    if window.first_at is None or window.last_at is None:
        return f"packet {window.packet}, {rows}"
    return f"{moment(window.first_at)} to {moment(window.last_at)}, {rows}"


def _some(parts: Sequence[str]) -> str:
    more = f" and {len(parts) - SHOWN} more" if len(parts) > SHOWN else ""
    return f"{', '.join(parts[:SHOWN])}{more}"
