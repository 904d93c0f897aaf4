"""What keeps a pillar that found nothing from being a pass: it is blinded, or what it reads is not to be believed."""

from __future__ import annotations

from dawnwatch.model.enums import Outcome, Pillar
from dawnwatch.model.packet import TriagePacket

__all__ = ["hidden", "shown_outcome"]


def hidden(packet: TriagePacket, pillar: Pillar) -> list[str]:
    """Return why little follows from a pillar's finding nothing, gravest first; nothing where it saw what it judges.

    A model column that is gone or mostly empty blinds drift and accuracy alike. Of accuracy it is also scores that are
    all one, that most rows lack, or that are not the model's.
    """
    if pillar is Pillar.QUALITY:
        return []
    blind = [one for one in packet.self_watch if one.name == "blinded" and one.outcome is Outcome.FAILED]
    if pillar is Pillar.DRIFT:
        return [one.message for one in blind if one.subject == Pillar.DRIFT]
    section = packet.performance
    found = [one.message for one in blind]
    if section.serving is not None and section.serving.outcome is Outcome.FAILED:
        found.append(section.serving.message)
    found += [one.message for one in section.symptoms if one.outcome is Outcome.FAILED]
    if not found and section.current.value == 0.5 and section.current.variance == 0:
        found.append("every score is the same, so nothing is ranked")
    return found


def shown_outcome(packet: TriagePacket, pillar: Pillar) -> Outcome:
    """Return what a pillar came to, as people are to read it: a pass that hides something is in doubt."""
    outcome: Outcome = getattr(packet, pillar.value).outcome
    return Outcome.WARNED if outcome is Outcome.PASSED and hidden(packet, pillar) else outcome
