"""Holding what one packet measured against the thresholds of another, from the packets alone.

A verdict that these numbers cannot give is unknown, not guessed: what the other run checks and this one did not
measure, or a rule that was another.
"""

from __future__ import annotations

from dataclasses import dataclass

from dawnwatch.model.enums import Outcome
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.quality import QualityCheck
from dawnwatch.model.serving import Serving
from dawnwatch.triage.retest import any_holds, tested_facts

__all__ = ["Facts", "rejudge"]


@dataclass(frozen=True)
class Facts:
    """The facts that hold, and those of which it cannot be told."""

    holding: frozenset[str]
    unknown: frozenset[str] = frozenset()

    def get(self, fact: str) -> bool | None:
        """Whether a fact holds; None where it cannot be told."""
        return None if fact in self.unknown else fact in self.holding


def rejudge(measured: TriagePacket, under: TriagePacket) -> Facts:
    """Return the facts of one packet's measurements under the other's thresholds.

    Facts that rest on no threshold (a check that faulted, labels that come late) stay as they were measured. Where a
    packet's own thresholds do not give back the facts it holds, nothing is claimed of those facts.
    """
    found = _verdicts(measured, under)
    own = _verdicts(measured, measured)
    for fact, holds in own.items():
        if holds is not (fact in measured.facts):
            found[fact] = None
    rest = frozenset(measured.facts) - found.keys()
    return Facts(
        rest | {fact for fact, holds in found.items() if holds},
        frozenset(fact for fact, holds in found.items() if holds is None),
    )


def _verdicts(measured: TriagePacket, under: TriagePacket) -> dict[str, bool | None]:
    """Return whether each fact that rests on thresholds holds; None where it cannot be told."""
    return {
        "quality_failed": any_holds([*_quality(measured, under)]),
        "serving_failed": _serving(measured.performance.serving, under.performance.serving),
        **tested_facts(measured, under),
    }


def _serving(measured: Serving | None, other: Serving | None) -> bool | None:
    """Whether logged scores differ from the model's in more rows than the other run lets pass."""
    if measured is None or measured.reading is None:
        return False
    if other is None or other.tolerance != measured.tolerance:
        return None if measured.outcome is Outcome.FAILED else False
    return measured.differ / max(measured.rows, 1) > other.threshold


def _quality(measured: TriagePacket, under: TriagePacket) -> list[bool | None]:
    others = {(check.name, check.column): check for check in under.quality.checks}
    ours = {(check.name, check.column) for check in measured.quality.checks}
    verdicts = [_fails(check, others.get((check.name, check.column))) for check in measured.quality.checks]
    return [*verdicts, *(None for key in others if key not in ours)]


def _fails(check: QualityCheck, other: QualityCheck | None) -> bool | None:
    """Whether a check's count fails under the limit of the same check in the other run."""
    if check.failed_rows is None:
        return False
    if other is None:
        # Not made there, by configuration or for want of the column: what passed here fails under neither.
        return None if check.outcome is Outcome.FAILED else False
    if other.threshold is None or (check.rule and other.rule and check.rule != other.rule):
        return None
    return check.failed_rows / max(check.rows, 1) > other.threshold
