"""The truth of a drill beside what the packet said."""

from __future__ import annotations

from typing import NamedTuple

from dawnwatch.drills.scoring import Score, drifted, failed_checks, failed_slices, moved_outputs
from dawnwatch.drills.truth import CAUSES, Truth
from dawnwatch.model.enums import Outcome, Pillar
from dawnwatch.model.numbers import moment
from dawnwatch.model.packet import TriagePacket

__all__ = ["Answer", "answers"]

NONE = "none"
SHOWN = 4


class Answer(NamedTuple):
    """One question; `found` is None where there was nothing to find."""

    question: str
    truth: str
    packet: str
    found: bool | None


def answers(truth: Truth, packet: TriagePacket, score: Score) -> list[Answer]:
    """Return what happened and what the packet says of it, question by question."""
    clean = truth.pillar is None
    cause = f"{truth.cause}: {CAUSES[truth.cause]}" if truth.cause else NONE
    return [
        Answer("pillar", truth.pillar or NONE, _pillars(packet), not score.alarm if clean else score.pillar),
        Answer("column", truth.column or NONE, _listed(_columns(packet, truth)), score.column),
        Answer("value", truth.value or NONE, _listed(_values(packet, truth)), score.value),
        Answer("cause", cause, _first(packet), None if clean else score.top(1)),
        Answer("onset", _onset(truth), _dated(score), score.onset_held),
        Answer("action", truth.action, packet.decision.verdict, score.action),
    ]


def _pillars(packet: TriagePacket) -> str:
    calibration = packet.performance.calibration
    wrong = {
        Pillar.QUALITY: bool(failed_checks(packet)),
        Pillar.DRIFT: bool(_drifting(packet)),
        Pillar.PERFORMANCE: packet.performance.outcome is Outcome.FAILED or (calibration and calibration.changed),
    }
    return ", ".join(pillar for pillar, is_wrong in wrong.items() if is_wrong) or NONE


def _columns(packet: TriagePacket, truth: Truth) -> list[str]:
    """What the truth's pillar names, else what every pillar does."""
    named = {
        Pillar.QUALITY: [check.column or check.message for check in failed_checks(packet)],
        Pillar.DRIFT: _drifting(packet),
        Pillar.PERFORMANCE: [part.column for part in failed_slices(packet)],
    }
    return named[truth.pillar] if truth.pillar else [name for names in named.values() for name in names]


def _values(packet: TriagePacket, truth: Truth) -> list[str]:
    if truth.pillar is Pillar.PERFORMANCE:
        return [part.value for part in failed_slices(packet)]
    return [one.moved_most for one in (*drifted(packet), *moved_outputs(packet)) if one.moved_most]


def _drifting(packet: TriagePacket) -> list[str]:
    """Features out of GREEN, scores and labels that moved, and the unit that brought new values."""
    novelty = packet.drift.novelty
    new = [novelty.unit] if novelty is not None and novelty.shown else []
    return [*(one.name for one in (*drifted(packet), *moved_outputs(packet))), *new]


def _first(packet: TriagePacket) -> str:
    causes = getattr(packet.diagnosis, "causes", [])
    if causes:
        return str(causes[0].cause)
    return packet.diagnosis.findings[0].text if packet.diagnosis.findings else NONE


def _onset(truth: Truth) -> str:
    if truth.onset_row is None:
        return NONE if truth.pillar is None else "the whole window"
    return f"row {truth.onset_row:,}" + (f", {moment(truth.onset)}" if truth.onset else "")


def _dated(score: Score) -> str:
    if score.onset_error is None:
        return "not dated"
    held = {True: ", within its interval", False: ", outside its interval", None: ""}[score.onset_held]
    return f"{score.onset_error:,.1f} hours off{held}"


def _listed(names: list[str]) -> str:
    found = list(dict.fromkeys(names))
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return (", ".join(found[:SHOWN]) + more) or NONE
