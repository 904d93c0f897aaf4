"""Whose part of the fall it is, where signs of broken serving are there and no model could be asked."""

from __future__ import annotations

from dawnwatch.model.causes import CAUSE_ORDER, Split

__all__ = ["doubted"]


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
