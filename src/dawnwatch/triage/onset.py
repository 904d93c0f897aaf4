"""Since when something is so, in words."""

from __future__ import annotations

from collections.abc import Sequence

from dawnwatch.model.history import Onset
from dawnwatch.model.numbers import confidence, moment, plural
from dawnwatch.model.onset_words import what_is_so

__all__ = ["leading", "onset_text"]


def leading(found: Sequence[Onset]) -> Onset | None:
    """Return the first, which is of the gravest thing found, dated or not.

    A later one that is dated is of a slice, or of another thing: its date is not the first one's.
    """
    return found[0] if found else None


def onset_text(onset: Onset, *, reason: str | None = None) -> str:
    """Say since when, how sure, and what was recorded near it; or why that cannot be told."""
    if onset.at is None:
        return f"Since when {what_is_so(onset)} cannot be told: {reason or onset.reason}"
    creeping = ", ever more" if onset.shape == "ramp" else ""
    text = (
        f"{what_is_so(onset)}{creeping} since about {moment(onset.at)} (between {moment(onset.earliest)} and "
        f"{moment(onset.latest)}, {confidence(onset.confidence)}), {_by(onset)}"
    )
    if onset.events:
        named = ", ".join(f"{event.text} ({moment(event.at)})" for event in onset.events[:3])
        more = f" and {len(onset.events) - 3} more" if len(onset.events) > 3 else ""
        text += f"; recorded in that time: {named}{more}"
    # A check is a word, which begins a sentence; a column is a name, written as it is.
    return text[:1].upper() + text[1:] if onset.check is not None else text


def _by(onset: Onset) -> str:
    if onset.method == "rows":
        return "by the order of this window's rows"
    return f"by {plural((onset.windows or 0) + 1, 'window')}"
