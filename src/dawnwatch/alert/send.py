"""Sending a packet to callables and destinations; a destination that fails never costs the packet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from dawnwatch.errors import ConfigError, one_line
from dawnwatch.model.base import Severity
from dawnwatch.model.packet import TriagePacket

__all__ = ["Alert", "check_destinations", "send_alerts"]

Alert = Callable[[TriagePacket], Any] | str
"""A callable that takes the packet, or a destination: a web hook's URL, or a path that ends in .jsonl."""

TIMEOUT = 10.0


def check_destinations(alerts: Iterable[Alert]) -> None:
    """Raise ConfigError for a destination that is neither callable, web hook nor .jsonl file."""
    for alert in alerts:
        if callable(alert) or alert.startswith(("http://", "https://")) or alert.endswith(".jsonl"):
            continue
        raise ConfigError(
            f"alert destination {alert!r}: must be an http(s) URL or a path that ends in .jsonl (or, in Python, "
            "a callable)"
        )


def send_alerts(packet: TriagePacket, alerts: Iterable[Alert], *, at: Severity) -> list[str]:
    """Send the packet to each destination if it is at or above a severity.

    Returns
    -------
    One line for each destination that failed; the others were told.
    """
    if packet.severity.rank < at.rank:
        return []
    faults = []
    for alert in alerts:
        try:
            if callable(alert):
                alert(packet)
            elif alert.endswith(".jsonl"):
                with Path(alert).expanduser().open("a", encoding="utf-8") as file:
                    file.write(packet.model_dump_json() + "\n")
            else:
                _post(alert, packet)
        except Exception as error:
            name = getattr(alert, "__name__", None) or str(alert)
            faults.append(f"alert {name}: {type(error).__name__}: {one_line(error)}")
    return faults


def _post(url: str, packet: TriagePacket) -> None:
    """Post a short JSON message; `text` is what chat web hooks show, the rest is for programs."""
    from urllib.request import Request, urlopen

    body = {
        "text": f"[{packet.severity.value.upper()}] {packet.project}: {packet.headline} ({packet.sla.text})",
        "id": packet.id,
        "project": packet.project,
        "severity": packet.severity.value,
        "rule": packet.rule,
        "headline": packet.headline,
        "due_at": packet.sla.due_at.isoformat() if packet.sla.due_at else None,
        "actions": [action.action for action in packet.actions],
    }
    request = Request(  # noqa: S310 - check_destinations lets only http(s) through
        url, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"}, method="POST"
    )
    with urlopen(request, timeout=TIMEOUT):  # noqa: S310
        pass
