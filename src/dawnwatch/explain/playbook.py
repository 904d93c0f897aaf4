"""The triage playbook: the severity table of a run as a tree, the path this run took, and what to do at its end."""

from __future__ import annotations

from dataclasses import dataclass

from dawnwatch.config.policy import FACTS
from dawnwatch.explain.document import Document
from dawnwatch.explain.shell import Shell, commands
from dawnwatch.explain.verdicts import CRITERIA
from dawnwatch.explain.why import bars, seen
from dawnwatch.model import numbers
from dawnwatch.model.enums import Severity
from dawnwatch.model.packet import TriagePacket
from dawnwatch.triage.severity import sla_for
from dawnwatch.triage.verdicts import CLASSES, VERDICTS

__all__ = ["FIRST_STEP", "Card", "playbook"]

INPUTS = {
    "quality": {"passed": [], "failed": ["quality_failed"]},
    "drift": {
        "GREEN": [],
        "YELLOW": ["yellow_drift"],
        "RED": ["red_drift"],
        "RED, within noise": ["red_within_noise"],
    },
    "performance": {
        "within tolerance": [],
        "dropped, within noise": ["drop_within_noise"],
        "degraded": ["performance_degraded"],
        "not judged, as configured": ["accuracy_not_judged", "accuracy_unknown"],
    },
}
"""The calculator's three inputs: each choice with the facts it makes true."""

FIRST_STEP = {
    Severity.CRITICAL: "Page the owner and freeze deploys. Where accuracy fell, compare the last good model on this "
    "window: roll back only if it does better. Where the decision is to roll back, retrain or recalibrate, hold every "
    "other deploy.",
    Severity.HIGH: "Have the owner review the drop, or this window where only the inputs moved.",
    Severity.MEDIUM: "Plan it into the next sprint, with this packet attached; restore what could not be judged first.",
    Severity.LOW: "Nothing to do; keep watching.",
}
"""What `triage.decide.actions` starts with at each severity."""


@dataclass(frozen=True)
class Card:
    """What one severity asks of people."""

    severity: Severity
    sla: str
    due: str
    first: str
    commands: list[tuple[str, str]]
    rules: list[str]


def playbook(packet: TriagePacket, shell: Shell) -> Document:
    """Return the page, drawn from the severity table the packet holds. `shell` says how the run is reached."""
    return Document(
        name="playbook",
        title="Triage playbook",
        scripts=["rules.js", "playbook.js"],
        data={
            "policy": [rule.model_dump(mode="json") for rule in packet.policy],
            "facts": [*packet.facts, *_classes(packet)],
            "verdicts": [rule.model_dump(mode="json") for rule in VERDICTS],
            # As lists: JSON objects are written with their names sorted, and the order is that of the choices.
            "inputs": {name: list(choices.values()) for name, choices in INPUTS.items()},
        },
        values={
            "cards": _cards(packet, shell),
            "bars": bars(packet),
            "seen": seen(packet),
            "placeholder": None if shell.packet else shell.file,
            "facts": FACTS | CLASSES,
            "verdicts": VERDICTS,
            "inputs": INPUTS,
            "further": [fact for fact in FACTS | CLASSES if fact not in _asked_by_inputs()],
            "criteria": CRITERIA,
            "owner": packet.owner or "the owner (none is named: set owner under [project])",
            "notify": ", ".join(packet.notify) or "nobody is named (set notify under [project])",
        },
    )


def _classes(packet: TriagePacket) -> list[str]:
    """Return what the table of actions asks beside the facts; of a packet from before it, what the facts say of it."""
    if packet.decision.rule is not None:
        return packet.decision.classes
    return ["accuracy_unknown"] if packet.performance.drop.value is None else []


def _asked_by_inputs() -> set[str]:
    return {fact for choices in INPUTS.values() for facts in choices.values() for fact in facts}


def _cards(packet: TriagePacket, shell: Shell) -> list[Card]:
    """Return a card for each severity of the table, worst first; a packet without its table has that of its own."""
    hours = {rule.severity: rule.sla_hours for rule in packet.policy} or {packet.severity: packet.sla.hours}
    return [
        Card(
            severity=severity,
            sla=sla_for(severity, hours[severity], packet.created_at).text,
            due=numbers.duration(hours[severity]),
            first=FIRST_STEP[severity],
            commands=commands(severity, shell),
            rules=[rule.name for rule in packet.policy if rule.severity is severity],
        )
        for severity in Severity
        if severity in hours
    ]
