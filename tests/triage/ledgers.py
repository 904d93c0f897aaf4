"""Packets of a row of days, and what people said of them, with just what a test is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from dawnwatch import TriagePacket
from dawnwatch.explain.example import example
from dawnwatch.model.enums import Severity
from dawnwatch.model.ledger import Entry
from dawnwatch.model.packet import HumanDecision
from tests.triage.builders import feature, performance, quality_check, slice_of

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def day(
    number: float,
    severity: str = "low",
    *,
    red: tuple[str, ...] = (),
    features: dict[str, str | None] | None = None,
    window: str | None = None,
    **more: Any,
) -> TriagePacket:
    """The packet of one day: features in the RED band, all else well unless told otherwise."""
    base = example()
    bands = {"device": "GREEN", "hour": "GREEN"} | dict.fromkeys(red, "RED") | (features or {})
    values = {"GREEN": 0.02, "YELLOW": 0.15, "RED": 0.4, None: None}
    drift = base.drift.model_copy(update={"features": [feature(n, values[b], b) for n, b in bands.items()]})
    identity = f"day {number:g}"
    rows = base.provenance.current.model_copy(
        update={
            "fingerprint": window or identity,
            "fingerprint_without_label": None,
            "first_at": more.pop("first_at", None),
            "last_at": more.pop("last_at", None),
        }
    )
    given = {
        "id": more.pop("id", identity),
        "project": "MetroPulse",
        "created_at": START + number * DAY,
        "severity": Severity(severity),
        "quality": base.quality.model_copy(update={"checks": [quality_check("missing", "passed", "age")]}),
        "drift": drift,
        "performance": performance(),
        "human_decision": HumanDecision(),
        "provenance": base.provenance.model_copy(update={"current": rows}),
    }
    return base.model_copy(update=given | more)


def said(packet: str, *, after: timedelta = HOUR, recorded: timedelta | None = None, **what: Any) -> Entry:
    """An entry about "day 3", so long after that day's packet."""
    at = START + float(packet.removeprefix("day ")) * DAY + after
    return Entry(
        id=f"{packet} {after}",
        packet=packet,
        window=packet,
        at=at,
        recorded_at=at if recorded is None else at - after + recorded,
        **what,
    )


__all__ = ["DAY", "HOUR", "START", "day", "performance", "quality_check", "said", "slice_of"]
