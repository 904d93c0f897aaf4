"""The truth of a drill beside what the packet said."""

from __future__ import annotations

from typing import NamedTuple

from dawnwatch.drills.scoring import Score, dated, drifted, failed_checks, failed_slices, moved_outputs, named
from dawnwatch.drills.truth import CAUSES, Truth
from dawnwatch.model.causes import Cause
from dawnwatch.model.enums import Outcome, Pillar
from dawnwatch.model.numbers import moment
from dawnwatch.model.onset_words import subject_of, what_is_so
from dawnwatch.model.packet import TriagePacket

__all__ = ["NONE", "NOT_ASKED", "Answer", "answers"]

NONE = "none"
NOT_ASKED = "not asked"
"""What stands for the packet where no column, or no value, is marked: there is nothing to hold against the truth's."""
SHOWN = 4


class Answer(NamedTuple):
    """One question; `found` is None where there was nothing to find."""

    question: str
    truth: str
    packet: str
    found: bool | None


def answers(truth: Truth, packet: TriagePacket, score: Score) -> list[Answer]:
    """Return what happened and what the packet says of it, question by question.

    Of columns and values stands what the mark was given for, and no other pillar's.
    """
    clean = truth.pillar is None
    cause = f"{truth.cause}: {CAUSES[truth.cause]}" if truth.cause else NONE
    columns, values = _named(truth, packet, score)
    return [
        Answer("pillar", truth.pillar or NONE, _pillars(truth, packet), not score.alarm if clean else score.pillar),
        Answer("column", truth.column or NONE, columns, score.column),
        Answer("value", truth.value or NONE, values, score.value),
        Answer("cause", cause, _first(packet), None if clean else score.top(1)),
        Answer("onset", _onset(truth), _dated(truth, packet, score), score.onset_held),
        Answer("action", truth.action, packet.decision.verdict, score.action),
    ]


def _pillars(truth: Truth, packet: TriagePacket) -> str:
    """Say by what the truth's pillar was found, and which others say that something is wrong; else which do."""
    calibration = packet.performance.calibration
    wrong = {
        Pillar.QUALITY: bool(failed_checks(packet)),
        Pillar.DRIFT: bool(_drifting(packet)),
        Pillar.PERFORMANCE: packet.performance.outcome is Outcome.FAILED or (calibration and calibration.changed),
    }
    others = [pillar.value for pillar, is_wrong in wrong.items() if is_wrong and pillar is not truth.pillar]
    reasons = [] if truth.pillar is None else named(packet, truth).reasons
    if not reasons:
        return ", ".join(others) or NONE
    return f"{truth.pillar}: {_listed(reasons)}{f'; also {_listed(others)}' if others else ''}"


def _named(truth: Truth, packet: TriagePacket, score: Score) -> tuple[str, str]:
    """Return the columns and the values that the marks were given for; where nothing was injected, all there are."""
    if truth.pillar is None:
        checks = [check.column or check.message for check in failed_checks(packet)]
        columns = [*checks, *_drifting(packet), *(part.column for part in failed_slices(packet))]
        moved = [one.moved_most for one in (*drifted(packet), *moved_outputs(packet)) if one.moved_most]
        return _listed(columns), _listed([*moved, *(part.value for part in failed_slices(packet))])
    told = named(packet, truth)
    return (
        NOT_ASKED if score.column is None else _listed(told.columns),
        NOT_ASKED if score.value is None else _listed(told.values),
    )


def _drifting(packet: TriagePacket) -> list[str]:
    """Features out of GREEN, scores and labels that moved, and the unit that brought new values."""
    novelty = packet.drift.novelty
    new = [novelty.unit] if novelty is not None and novelty.shown else []
    return [*(one.name for one in (*drifted(packet), *moved_outputs(packet))), *new]


def _first(packet: TriagePacket) -> str:
    causes = getattr(packet.diagnosis, "causes", [])
    if causes:
        return _cause(causes[0])
    return packet.diagnosis.findings[0].text if packet.diagnosis.findings else NONE


def _cause(cause: Cause) -> str:
    """Name a cause, its column and, of a version of the model, which."""
    which = [part.value for part in cause.top_slices if part.column == cause.column and part.value is not None]
    where = f" of {cause.column}" if cause.column is not None else ""
    return f"{cause.cause}{where}{f' = {_listed(which)}' if which else ''}"


def _onset(truth: Truth) -> str:
    if truth.onset_row is None:
        return NONE if truth.pillar is None else "the whole window"
    return f"row {truth.onset_row:,}" + (f", {moment(truth.onset)}" if truth.onset else "")


def _dated(truth: Truth, packet: TriagePacket, score: Score) -> str:
    """Say to when the packet dates what the truth is about; else what it dates in its place, as that one's own."""
    told = dated(packet, truth)
    if told is not None and told.at is not None:
        held = {True: ", within its interval", False: ", outside its interval", None: ""}[score.onset_held]
        off = "" if score.onset_error is None else f": {score.onset_error:,.1f} hours off{held}"
        # A packet dates several things; this is the one the mark is for, which need not be the headline's.
        return f"about {moment(told.at)} ({subject_of(told)}){off}"
    other = next((onset for onset in packet.diagnosis.onsets if onset.at is not None), None)
    if other is None or other.at is None:
        return "not dated"
    return f"not dated; {what_is_so(other)} since about {moment(other.at)}"


def _listed(names: list[str]) -> str:
    once = list(dict.fromkeys(names))
    more = f" and {len(once) - SHOWN} more" if len(once) > SHOWN else ""
    return (", ".join(once[:SHOWN]) + more) or NONE
