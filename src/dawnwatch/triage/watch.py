"""What is said where the monitor's own feed is late, missing or blind: findings, steps, what a decision rests on."""

from __future__ import annotations

from dawnwatch.model.enums import Pillar
from dawnwatch.model.packet import Action, Finding
from dawnwatch.model.self_watch import Watch
from dawnwatch.triage.evidence import Evidence

__all__ = ["broken_feed", "told_watch", "watch_actions", "watch_findings"]

STEPS = {
    "freshness": "Find where rows wait or stopped",
    "ahead": "Mend the clock, time zone or date of the rows dated after the run",
    "row_count": "Find the rows that did not come",
    "row_rate": "Find the rows that did not come",
    "reference_age": "Learn a newer reference",
    "label_feed": "Restore the label feed",
    "lagged_feature": "Find the job or the join that is behind with the feature",
    "label_delay": "Judge again once the labels are there",
    "label_time": "Mend the column that says when labels came",
    "empty_column": "Restore the column",
    "blinded": "Restore what the pillar reads",
    "check": "Report the check that faulted",
}
BESIDE_A_FALL = {"reference_stale"}
"""What leaves the decision to the rest of the evidence: an old reference is no broken feed."""


def told_watch(evidence: Evidence) -> list[Watch]:
    """Return what is wrong with the feed and no data quality check says already."""
    said = {check.column for check in evidence.failed_quality}
    return [one for one in evidence.failed_watch if not (one.name == "empty_column" and one.subject in said)]


def watch_findings(evidence: Evidence) -> list[Finding]:
    """Return one finding for each thing that is wrong with the feed."""
    return [
        Finding(pillar=_pillar(one), subject=_column(one), text=one.message[:1].upper() + one.message[1:])
        for one in told_watch(evidence)
    ]


def watch_actions(evidence: Evidence) -> list[Action]:
    """Return the steps that mend the feed."""
    return [Action(action=STEPS[one.name], reason=one.message) for one in told_watch(evidence)[:3]]


def broken_feed(evidence: Evidence, *, degraded: bool) -> list[Watch]:
    """Return what is broken of the feed: a blinded pillar first, and that alone beside a fall that was shown.

    What is left of a blinded pillar cannot say how far to trust the fall; all else leaves the fall the graver matter.
    """
    broken = [one for one in evidence.failed_watch if one.fact is not None and one.fact not in BESIDE_A_FALL]
    blinded = [one for one in broken if one.fact == "pillar_blinded"]
    return blinded if degraded else [*blinded, *(one for one in broken if one not in blinded)]


def _pillar(one: Watch) -> Pillar:
    if one.name == "blinded":
        return Pillar(one.subject or "quality")
    return Pillar((one.subject or "quality").partition(".")[0]) if one.name == "check" else Pillar.QUALITY


def _column(one: Watch) -> str | None:
    return one.subject if one.name in {"label_feed", "label_time", "empty_column", "lagged_feature"} else None
