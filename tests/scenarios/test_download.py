import socket
import threading
import time

import pytest

from dawnwatch import DataError
from metropulse.download import download
from tests.scenarios.support import Server, ignore


def test_whole_answer_with_its_progress(server: Server) -> None:
    server.body = bytes(range(256)) * 4000
    seen: list[tuple[str, int, int | None]] = []
    got = download(f"{server.url}/good/a.zip", timeout=5, progress=lambda *step: seen.append(step))
    assert got == server.body
    assert seen[-1] == ("a.zip", 1_024_000, 1_024_000)
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)


def test_server_that_does_not_say_how_much(server: Server) -> None:
    server.body = b"content"
    seen: list[int | None] = []
    progress = lambda what, done, total: seen.append(total)  # noqa: E731
    assert download(f"{server.url}/no-length/a", timeout=5, progress=progress) == b"content"
    assert set(seen) == {None}


@pytest.mark.parametrize("way", ["silent", "silent-body", "drip", "drip-headers"])
def test_a_server_that_hangs_or_drips_ends_in_time(server: Server, way: str) -> None:
    server.body = b"x" * 10_000
    begun = time.monotonic()
    with pytest.raises(DataError, match=r"(no answer|only \d+ of 10,000 bytes) within 0\.5 s"):
        download(f"{server.url}/{way}/a.zip", timeout=0.5, progress=ignore)
    assert time.monotonic() - begun < 1.5


def test_name_lookup_that_hangs_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def hang(*_: object, **__: object) -> None:
        over.wait(10)
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    begun = time.monotonic()
    with pytest.raises(DataError, match=r"no answer within 0\.3 s"):
        download("http://slow.example/a", timeout=0.3, progress=ignore)
    assert time.monotonic() - begun < 1.5
    over.set()


def test_connection_that_is_never_accepted_ends_in_time() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        with pytest.raises(DataError, match=r"within 0\.3 s"):
            download(f"http://127.0.0.1:{port}/a", timeout=0.3, progress=ignore)
        for one in waiting:
            one.close()


def test_other_failures_say_why(server: Server) -> None:
    server.body = b"x" * 1000
    for address, words in {
        f"{server.url}/nowhere/a": "HTTP 404 Not Found",
        f"{server.url}/broken-off/a": "broke off after 500 of 1,000 bytes",
        "ftp://127.0.0.1/a": "not an http or https address",
        "file:///etc/hostname": "not an http or https address",
    }.items():
        with pytest.raises(DataError, match=words):
            download(address, timeout=5, progress=ignore)


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(DataError, match="refused"):
        download(f"http://127.0.0.1:{port}/a", timeout=5, progress=ignore)


def test_an_endless_answer_is_cut(server: Server) -> None:
    server.body = b"x" * 300_000
    with pytest.raises(DataError, match="more than 100,000 bytes"):
        download(f"{server.url}/no-length/a", timeout=5, progress=ignore, limit=100_000)


def test_ctrl_c_ends_it_at_once(server: Server) -> None:
    server.body = b"x" * 10_000

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        download(f"{server.url}/drip/a", timeout=20, progress=interrupted)
    assert time.monotonic() - begun < 5
