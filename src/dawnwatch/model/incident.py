"""One incident as it is reviewed: the packet, what people said of it, what came of it, and when."""

from __future__ import annotations

from datetime import datetime

from dawnwatch.model.base import Frozen
from dawnwatch.model.ledger import Alarm, Entry, Recovery
from dawnwatch.model.packet import Decision, TriagePacket
from dawnwatch.model.replay import Replay

__all__ = ["Incident", "Moment"]


class Moment(Frozen):
    """One thing that happened, and when."""

    at: datetime
    text: str


class Incident(Frozen):
    """What a review is drafted from."""

    packet: TriagePacket
    paged_at: datetime
    """When someone was first called; where nobody was, when it was first judged."""
    entries: list[Entry]
    """What people said of its window, in the order of recording."""
    decided: Entry | None
    """The decision that stands."""
    hours_to_decision: float | None
    alarm: Alarm | None
    recovery: Recovery
    replay: Replay | None = None
    """What each action would have come to, where `dawnwatch decide` replayed them, with the decision that stands."""
    other_replays: list[Replay] = []
    """The other replays of any run on its rows, earliest first, each with the decision that it would have given."""
    advised: Decision
    """What was known to be advised when it was decided; what stands where nothing was."""
    runs: list[str]
    """Identities of the runs on the window's rows, earliest first; `packet` is the last."""
    timeline: list[Moment]
    """Earliest first."""
