"""The decision that stands once the actions were replayed: the same table of actions, with what the replay shows."""

from __future__ import annotations

from dawnwatch.model.numbers import plural
from dawnwatch.model.packet import Action, Decision, Settles, TriagePacket, Verdict
from dawnwatch.model.replay import Candidate, Replay
from dawnwatch.triage.decide import COMPARE, FREEZE, RETRAIN, paging
from dawnwatch.triage.verdicts import first_verdict

__all__ = ["REPLAYED", "replay_classes", "settled", "standing", "standing_decision"]

REPLAYED = frozenset(
    {"earlier model replayed", "retraining replayed", "recalibration replayed", "nothing better replayed"}
)
"""Rows of the table of actions that hold by a replay alone."""
_CLASS: dict[Verdict, str] = {
    "rollback": "older_better",
    "retrain": "retraining_better",
    "recalibrate": "recalibration_better",
    "wait": "nothing_better",
}


def settled(packet: TriagePacket, replay: Replay) -> Replay:
    """Return the replay with the decision that stands with it, and the packet's own of before; as is if it has one."""
    if replay.decision is not None:
        return replay
    return replay.model_copy(update={"decision": standing_decision(packet, replay), "before": packet.decision.verdict})


def standing(packet: TriagePacket, replay: Replay) -> TriagePacket:
    """Return the packet as it reads after its replay: another decision and other steps, all else as it was judged.

    It is for showing. The packet's file stays what it was: evidence of what was known then.
    """
    decision = settled(packet, replay).decision
    assert decision is not None  # noqa: S101 - settling gives it one
    if decision.rule not in REPLAYED:
        return packet.model_copy(update={"decision": decision})
    return packet.model_copy(update={"decision": decision, "actions": _steps(packet, replay)})


def standing_decision(packet: TriagePacket, replay: Replay) -> Decision:
    """Return what the table of actions says with the classes of evidence of a replay beside the packet's own.

    A row above those of the replay keeps its verdict: rows or scores at fault teach no model, and judge none.
    """
    found = replay_classes(replay)
    own = packet.decision
    rule = first_verdict({*packet.facts, *own.classes, *found})
    classes = sorted({*own.classes, *found})
    # What a fall lacks to be told holds of the window, whatever was replayed on it.
    lacking = [one for one in own.settles if one.needed is not None]
    if rule.name in REPLAYED:
        return Decision(
            verdict=rule.verdict,
            reasons=[replay.advice.text, *replay.advice.reasons, f"Before the replay: {_SAID[own.verdict]}"],
            would_change=[*_would_change(rule.verdict, replay), *_told(lacking)],
            rule=rule.name,
            classes=classes,
            settles=lacking,
        )
    if own.rule is not None and rule.name != own.rule:  # an earlier model that does no better takes a row back
        return Decision(
            verdict=rule.verdict,
            reasons=[
                *own.reasons[:1],
                replay.advice.text,
                *replay.advice.reasons,
                f"What then holds of this packet is the row {rule.name!r}: {rule.text}",
                f"Before the replay: {_SAID[own.verdict]}",
            ],
            would_change=[
                "Another verdict of `dawnwatch decide --retrain`, which tries retraining on these rows",
                *_told(lacking),
            ],
            rule=rule.name,
            classes=classes,
            settles=lacking,
        )
    return own.model_copy(
        update={
            "reasons": [*own.reasons, _why_unmoved(replay)],
            "would_change": [*own.would_change, *_lacking(replay)],
            "classes": classes,
        }
    )


def _told(lacking: list[Settles]) -> list[str]:
    return [one.needed.text for one in lacking if one.needed is not None]


def replay_classes(replay: Replay) -> frozenset[str]:
    """Return the classes of evidence in `verdicts.CLASSES` that a replay shows."""
    found = {_CLASS[replay.advice.verdict]} if replay.advice.verdict in _CLASS else set()
    earlier = [one for one in replay.candidates if one.action == "rollback"]
    if earlier and all(_no_better(one, replay.worth) for one in earlier):
        found.add("older_no_better")
    return frozenset(found)


def _no_better(candidate: Candidate, worth: float) -> bool:
    joint = None if candidate.leading is None else candidate.leading.joint
    return joint is not None and joint[1] < worth


def _why_unmoved(replay: Replay) -> str:
    said = replay.advice.text
    if replay.advice.verdict == "cannot_tell":
        return f"The replay does not change it. {said}"
    return f"A replay on such rows decides nothing; by itself it would say: {said}"


_SAID: dict[Verdict, str] = {
    "fix_pipeline": "fix the pipeline",
    "rollback": "roll back",
    "retrain": "retrain",
    "recalibrate": "recalibrate",
    "wait": "wait",
    "cannot_tell": "cannot tell from this evidence",
}


def _lacking(replay: Replay) -> list[str]:
    if replay.advice.verdict != "cannot_tell" or replay.advice.needs is None:
        return []
    needed = replay.advice.needs
    more = plural(needed.more, "more label" if needed.of == "label" else f"more {needed.of} value")
    by = "" if needed.by is None else f", there by {needed.by:%Y-%m-%d} at the earliest"
    return [f"`dawnwatch decide` again with what the replay lacks: {more}{by}"]


def _would_change(verdict: Verdict, replay: Replay) -> list[str]:
    """Return what would speak against the verdict of a replay."""
    name, worth = replay.advice.candidate, replay.worth
    fault = "Data or scores of these rows that turn out to be at fault (for mending the pipeline)"
    match verdict:
        case "wait":
            return [
                f"A model that gains {worth:g} of AUC or more on later rows: another trainer, or newer labels "
                "(`dawnwatch decide` again)",
                fault,
            ]
        case "recalibrate":
            return ["Later labels on which the recalibrated scores promise no better what comes true", fault]
        case _:
            return [
                f"Later labels on which to {_done(name, verdict)} is no better than to wait (`dawnwatch decide` again)",
                fault,
            ]


def _done(name: str | None, verdict: Verdict) -> str:
    """Return what is done, in words: a candidate to roll back to goes by its own name."""
    return f"roll back to {name}" if verdict == "rollback" else f"{name}"


def _steps(packet: TriagePacket, replay: Replay) -> list[Action]:
    """Return the steps with the replay's first, and without those that it has answered."""
    advice, name = replay.advice, replay.advice.candidate
    first = {
        "rollback": f"Roll back to {name}",
        "retrain": f"Put the model of the replay in the deployed one's place: {name}",
        "recalibrate": f"Put over the scores: {name}",
        "wait": "Keep the deployed model: no action that was replayed does better",
    }[advice.verdict]
    kept = [step for step in packet.actions if step.action != RETRAIN[0]]
    calls = {COMPARE, FREEZE, paging(packet.decision.verdict)}
    page = paging(advice.verdict)
    kept = [step.model_copy(update={"action": page}) if step.action in calls else step for step in kept]
    return [Action(action=first, reason=advice.text), *kept]
