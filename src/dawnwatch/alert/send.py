"""Sending a packet to callables and destinations; a destination that fails never costs the packet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from os import PathLike, fspath
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dawnwatch.config.values import check_destination
from dawnwatch.errors import ConfigError, one_line
from dawnwatch.model.enums import Severity
from dawnwatch.model.packet import TriagePacket

__all__ = ["Alert", "check_destinations", "send_alerts"]

Alert = Callable[[TriagePacket], Any] | str | PathLike[str]
"""A callable that takes the packet, or a destination: a web hook's URL, or a path that ends in .jsonl."""

TIMEOUT = 10.0


def check_destinations(alerts: Iterable[Alert]) -> None:
    """Raise ConfigError for a destination that is neither callable, web hook nor .jsonl file."""
    for alert in alerts:
        if callable(alert):
            continue
        try:
            check_destination(_text(alert))
        except (TypeError, ValueError) as error:
            raise ConfigError(one_line(error)) from None


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
            elif _is_web(_text(alert)):
                _post(_text(alert), packet)
            else:
                # One unbuffered write at the end of the file, so that runs at the same time mix no lines.
                with Path(alert).expanduser().open("ab", buffering=0) as file:
                    file.write((packet.model_dump_json() + "\n").encode())
        except Exception as error:
            faults.append(f"alert {_shown(alert)}: {type(error).__name__}: {one_line(error)}")
    return faults


def _text(alert: Alert) -> str:
    """Return a destination as text. Raises TypeError where it is neither text nor a path."""
    if not isinstance(alert, str | PathLike):
        raise TypeError(f"alert destination {alert!r} must be a callable, an http(s) URL or a path that ends in .jsonl")
    return fspath(alert)


def _is_web(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def _shown(alert: Alert) -> str:
    """Name a destination. Only the host of a web hook: the rest of its URL lets anyone post to it."""
    if callable(alert):
        return getattr(alert, "__name__", type(alert).__name__)
    text = _text(alert)
    return f"web hook at {urlsplit(text).hostname}" if _is_web(text) else text


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
