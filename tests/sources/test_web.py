"""Files behind a web server, with and without ranges, and what goes wrong on the way."""

from __future__ import annotations

import base64
import contextlib
import gc
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from dawnwatch.errors import DataError
from dawnwatch.sources import Source, open_source, web_client
from dawnwatch.sources.base import known_rows

TABLE = pa.table({"n": range(200_000), "x": [i * 0.37 for i in range(200_000)], "s": ["a", "b"] * 100_000})


class Files(BaseHTTPRequestHandler):
    """Serves the files in `files`; what it does wrong is set on the class."""

    files: dict[str, bytes] = {}
    ranges = True
    cut = False
    login: str | None = None
    busy = 0
    sent: list[tuple[str, str | None, int]] = []
    tag = "1"

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        whole = self.files.get(urlsplit(self.path).path)
        if self.login and self.headers.get("Authorization") != self.login:
            return self.send_error(401)
        if Files.busy:
            Files.busy -= 1
            return self.send_error(503)
        if whole is None:
            return self.send_error(404)
        asked = self.headers.get("Range") if self.ranges else None
        body = whole
        if asked:
            first, last = asked.removeprefix("bytes=").split("-")
            body = whole[int(first) : int(last) + 1]
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {first}-{int(first) + len(body) - 1}/{len(whole)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", self.tag)
        self.end_headers()
        self.sent.append((self.path, asked, len(body)))
        with contextlib.suppress(BrokenPipeError):
            self.wfile.write(body[: len(body) // 2] if self.cut else body)
        self.close_connection = True
        return None


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name, write in (("a.parquet", pq.write_table), ("a.feather", feather.write_feather)):
        write(TABLE, tmp_path / name)
    files = {f"/log/{path.name}": path.read_bytes() for path in tmp_path.iterdir()}
    files["/log/a.csv"] = b"n,s\n1,x\n2,\n"
    files["/log/day 1.jsonl"] = b'{"n": 1}\n'
    files["/log/%C3%A9.csv"] = files["/log/day%201.jsonl"] = b"n\n1\n"
    files["/empty.csv"] = b""
    defaults = {"files": files, "ranges": True, "cut": False, "login": None, "busy": 0, "sent": [], "tag": "1"}
    for name, value in defaults.items():
        monkeypatch.setattr(Files, name, value)
    monkeypatch.setattr(web_client, "PAUSE", 0.0)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), Files) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def table_of(source: Source) -> pa.Table:
    return pa.Table.from_batches(source.batches(), schema=source.schema)


def refusal(url: str) -> str:
    with pytest.raises(DataError) as caught:
        table_of(open_source(url, what="current window"))
    said = str(caught.value)
    assert said.startswith("current window http://")
    assert "\n" not in said
    assert "secret" not in said
    return said


@pytest.mark.parametrize("name", ["a.parquet", "a.feather"])
@pytest.mark.parametrize("ranges", [True, False])
def test_columnar_files_are_read_by_ranges_or_fetched(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, ranges: bool
) -> None:
    monkeypatch.setattr(Files, "ranges", ranges)
    url = f"{site}/log/{name}"
    source = open_source(url)
    assert (source.name, known_rows(source)) == (url, 200_000)
    assert table_of(source).to_pydict() == TABLE.to_pydict()
    fetched = list((tmp_path / "temporary").iterdir())
    assert bool(fetched) is not ranges
    if ranges:
        Files.sent.clear()
        assert sum(batch.num_rows for batch in source.batches(["s"])) == 200_000
        if name == "a.parquet":
            assert sum(size for _, _, size in Files.sent) < len(Files.files["/log/a.parquet"]) / 2
    else:
        assert len(Files.sent) == 1
    del source
    gc.collect()
    assert list((tmp_path / "temporary").iterdir()) == []


def test_text_is_fetched_once_and_the_copy_goes(site: str, tmp_path: Path) -> None:
    source = open_source(f"{site}/log/a.csv?X-Signature=secret")
    assert source.name == f"{site}/log/a.csv?***"
    assert table_of(source).to_pylist() == [{"n": 1, "s": "x"}, {"n": 2, "s": None}]
    gc.collect()
    assert list((tmp_path / "temporary").iterdir()) == []
    assert table_of(open_source(f"{site}/log/%C3%A9.csv")).to_pylist() == [{"n": 1}]


def test_a_login_is_sent_and_never_shown(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Files, "login", "Basic " + base64.b64encode(b"ann:sec/ret").decode())
    source = open_source(site.replace("://", "://ann:sec%2Fret@") + "/log/a.csv")
    assert source.name == site.replace("://", "://ann:***@") + "/log/a.csv"
    assert known_rows(source) == 2
    assert "wants other credentials (401)" in refusal(site.replace("://", "://ann:secret@") + "/log/a.csv")


def test_a_server_that_is_busy_is_asked_again(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Files.busy = 2
    assert known_rows(open_source(f"{site}/log/a.csv")) == 2
    Files.busy = 9
    assert "the server answers 503; try again later" in refusal(f"{site}/log/a.csv")


def test_what_goes_wrong_is_one_line(site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no such file there (404); check the URL" in refusal(f"{site}/log/b.csv?token=secret")
    assert "the file is empty" in refusal(f"{site}/empty.csv")
    assert "connection refused; check host and port" in refusal("http://127.0.0.1:1/a.csv")
    assert "not a whole URL" in refusal("http://")
    source = open_source(f"{site}/log/a.parquet", what="current window")
    monkeypatch.setattr(Files, "tag", "2")
    with pytest.raises(DataError, match=r"a\.parquet: changed while it was read; read it again"):
        table_of(source)
    monkeypatch.setattr(Files, "cut", True)
    assert "broke off" in refusal(f"{site}/log/a.csv")
    monkeypatch.setattr(Files, "ranges", False)
    assert "broke off" in refusal(f"{site}/log/a.parquet")
    gc.collect()
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_silent_server_is_given_up(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_client, "TIMEOUT", 0.05)
    monkeypatch.setattr(Files, "do_GET", lambda self: threading.Event().wait(0.5))
    assert "no answer within" in refusal(f"{site}/log/a.csv")
