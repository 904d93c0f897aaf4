"""Whose scores the log holds, in a line: what was asked of the model, or why it was not asked."""

from __future__ import annotations

from dawnwatch.model import numbers
from dawnwatch.model.auc import VersionPerformance
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.serving import ServingReading

__all__ = ["READING", "beside", "not_rescored"]

READING: dict[ServingReading, str] = {
    "agrees": "they agree",
    "constant": "one value stands in place of scores: a timeout, a fallback or a default",
    "lagged": "scores of earlier rows: a cache, or a join that is late",
    "shuffled": "scores of other rows: how scores are joined to requests",
    "rescaled": "the model's on another scale: a last step that differs, such as calibration",
    "reversed": "the model's upside down: the other class's score is logged",
    "skewed": "the model was given another feature at serving than the log holds",
    "alike": "much as the model's: another version of it, or features computed elsewhere",
    "unexplained": "unlike the model's in no way that is known: score some of the rows by hand",
}
"""What rows that differ look like, and where to look."""


def not_rescored(packet: TriagePacket) -> str:
    """Say why the model was not asked again."""
    section = packet.performance
    if section.score_source == "none":
        return "there are no scores"
    if packet.provenance.model is None:
        return "no model is at hand ([model] path), so signs are looked for in the log alone"
    return "the scores are this run's own, so no logged score ([roles] score) is there to be held against them"


def beside(version: VersionPerformance, limit: float) -> str:
    """Say how far a version ranks from what it is held against; its drop must have been computed."""
    value, bounds = version.drop.value, version.drop.interval
    if value is None:
        raise ValueError(f"the drop of version {version.version} was not computed; see its reason")
    if value < 0 and bounds is not None:
        # The size of a rise is written without its sign, so its interval is turned round.
        bounds = (-bounds[1], -bounds[0])
    near = [limit] if value > 0 else []
    size = numbers.estimate(abs(value), bounds, version.drop.confidence, apart_from=near)
    than = "" if version.against == "others" else f" than {version.against}"
    return f"{'worse' if value > 0 else 'better'} by {size}{than}"
