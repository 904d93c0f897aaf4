"""Alerts: who is told, from which severity on, and that no destination ever costs the packet."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from dawnwatch import ConfigError, Severity, TriagePacket
from dawnwatch.alert import send
from dawnwatch.alert.send import check_destinations, send_alerts


class Hook(ThreadingHTTPServer):
    """A web hook on this machine that keeps what it gets and answers with `status`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[str, str, Any]] = []
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/services/SECRET"


class _Handler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, self.headers["Content-Type"], json.loads(body)))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[Hook]:
    server = Hook()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("at", list(Severity))
@pytest.mark.parametrize("severity", list(Severity))
def test_only_from_the_severity_on(packet: TriagePacket, severity: Severity, at: Severity) -> None:
    order = ["low", "medium", "high", "critical"]
    told: list[TriagePacket] = []
    send_alerts(packet.model_copy(update={"severity": severity}), [told.append], at=at)
    assert bool(told) == (order.index(severity.value) >= order.index(at.value))


def test_callables_get_the_packet_itself(packet: TriagePacket) -> None:
    told: list[TriagePacket] = []
    assert send_alerts(packet, [told.append, told.append], at=Severity.LOW) == []
    assert told == [packet, packet]
    assert told[0] is packet


def test_a_web_hook_gets_a_short_message(packet: TriagePacket, hook: Hook) -> None:
    assert send_alerts(packet, [hook.url], at=Severity.LOW) == []
    ((path, kind, body),) = hook.got
    assert (path, kind) == ("/services/SECRET", "application/json")
    assert body["text"] == f"[HIGH] Demo: {packet.headline} (urgent review, within 24 hours)"
    assert body["actions"] == [action.action for action in packet.actions]
    assert {key: body[key] for key in ("id", "project", "severity", "rule", "headline")} == {
        "id": packet.id,
        "project": "Demo",
        "severity": "high",
        "rule": "red_drift",
        "headline": packet.headline,
    }
    assert packet.sla.due_at is not None
    assert body["due_at"] == packet.sla.due_at.isoformat()


def test_a_file_gets_one_line_a_packet(packet: TriagePacket, tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    assert send_alerts(packet, [str(path), path], at=Severity.LOW) == []
    assert [TriagePacket.model_validate_json(line) for line in path.read_text().splitlines()] == [packet, packet]


def test_many_at_once_mix_no_lines(packet: TriagePacket, tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    threads = [
        threading.Thread(target=send_alerts, args=(packet, [path] * 5), kwargs={"at": Severity.LOW}) for _ in "ab"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = path.read_text().splitlines()
    assert len(lines) == 10
    assert set(lines) == {packet.model_dump_json()}


def test_an_address_that_ends_like_a_file_is_an_address(packet: TriagePacket, hook: Hook) -> None:
    assert send_alerts(packet, [hook.url + "/in.jsonl"], at=Severity.LOW) == []
    assert hook.got[0][0] == "/services/SECRET/in.jsonl"


def test_faults_are_said_and_the_others_are_told(packet: TriagePacket, hook: Hook, tmp_path: Path) -> None:
    def broken(_: TriagePacket) -> None:
        raise ValueError("no\nroute")

    hook.status = 500
    told: list[TriagePacket] = []
    missing = str(tmp_path / "no" / "x.jsonl")
    faults = send_alerts(packet, [broken, hook.url, missing, partial(broken), told.append], at=Severity.LOW)
    assert faults == [
        "alert broken: ValueError: no route",
        "alert web hook at 127.0.0.1: HTTPError: HTTP Error 500: Internal Server Error",
        f"alert {missing}: FileNotFoundError: [Errno 2] No such file or directory: '{missing}'",
        "alert partial: ValueError: no route",
    ]
    assert told == [packet]


def test_the_secret_part_of_an_address_is_never_repeated(packet: TriagePacket) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://user:PASSWORD@127.0.0.1:{closed.getsockname()[1]}/SECRET?token=SECRET"
        (fault,) = send_alerts(packet, [url], at=Severity.LOW)
    assert fault.startswith("alert web hook at 127.0.0.1: ")
    assert "SECRET" not in fault
    assert "PASSWORD" not in fault


def test_a_web_hook_that_never_answers_is_given_up(packet: TriagePacket, monkeypatch: pytest.MonkeyPatch) -> None:
    assert send.TIMEOUT == 10
    monkeypatch.setattr(send, "TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = monotonic()
        (fault,) = send_alerts(packet, [f"http://127.0.0.1:{silent.getsockname()[1]}/"], at=Severity.LOW)
    assert monotonic() - began < 5
    assert fault == "alert web hook at 127.0.0.1: TimeoutError: timed out"


@pytest.mark.parametrize("good", [print, "https://hooks.example/x", "a.jsonl", Path("a.jsonl")])
def test_destinations_that_serve(good: Callable[..., object] | str | Path) -> None:
    check_destinations([good])


@pytest.mark.parametrize("bad", ["mailto:me", "file:///etc/x.jsonl", "alerts.json", Path("x.csv"), "", 5, None])
def test_destinations_that_do_not(bad: Any) -> None:
    with pytest.raises(ConfigError) as refused:
        check_destinations([print, bad])
    message = str(refused.value)
    assert message.startswith(f"alert destination {str(bad) if isinstance(bad, Path) else bad!r}".split("'")[0])
    assert "http(s) URL" in message
    assert "ends in .jsonl" in message
    assert "callable" in message
    assert len(message.splitlines()) == 1
