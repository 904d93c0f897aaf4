"""What signs of broken serving leave where no model could be asked: the decision, and whose part of the fall it is."""

from __future__ import annotations

from dawnwatch.model.causes import CAUSE_ORDER, Split
from dawnwatch.model.packet import Decision
from dawnwatch.triage.evidence import Evidence

__all__ = ["doubt_decision", "doubted"]


def doubt_decision(evidence: Evidence) -> Decision:
    """Return the decision that a fall leaves beside signs of broken serving: see to the scores before the model."""
    return Decision(
        verdict="fix_pipeline",
        reasons=[one.message[:1].upper() + one.message[1:] for one in evidence.doubts],
        would_change=["The model asked again ([model] path): scores that are its own, on which the drop remains"],
    )


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
