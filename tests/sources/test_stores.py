"""Object stores: read for real from a local server that speaks S3, by the rules of local paths."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest
from pyarrow import fs

from dawnwatch.errors import DataError
from dawnwatch.sources import Source, open_source
from dawnwatch.sources.base import known_rows

SECRET = "wJalrXUtnFEMI-not-a-real-key"


def rows(source: Source) -> list[dict[str, object]]:
    return pa.Table.from_batches(source.batches(), schema=source.schema).to_pylist()


def refusal(url: str) -> str:
    with pytest.raises(DataError) as caught:
        rows(open_source(url, what="reference"))
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> fs.SubTreeFileSystem:
    """An S3 bucket called "log"; credentials as they are set up for any tool."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    store = fs.S3FileSystem(endpoint_override=endpoint, region="us-east-1", allow_bucket_creation=True)
    store.create_dir("log")
    return fs.SubTreeFileSystem("log", store)


def put(bucket: fs.FileSystem, path: str, content: bytes) -> None:
    with bucket.open_output_stream(path, compression=None) as stream:
        stream.write(content)


@pytest.mark.parametrize("name", ["a.parquet", "a.feather", "a.csv", "a.jsonl.gz"])
def test_a_file_of_any_format_is_read(bucket: fs.FileSystem, tmp_path: Path, name: str) -> None:
    table = pa.table({"n": range(1000), "s": ["x", None] * 500})
    if name == "a.parquet":
        pq.write_table(table, tmp_path / name)
    elif name == "a.feather":
        feather.write_feather(table, tmp_path / name)
    elif name == "a.csv":
        (tmp_path / name).write_text("n,s\n" + "\n".join(f"{i},{'' if i % 2 else 'x'}" for i in range(1000)))
    else:
        with pa.output_stream(tmp_path / name, compression="gzip") as stream:
            stream.write(
                "\n".join(
                    f'{{"n":{i},"s":{"null" if i % 2 else chr(34) + "x" + chr(34)}}}' for i in range(1000)
                ).encode()
            )
    put(bucket, f"one/{name}", (tmp_path / name).read_bytes())
    source = open_source(f"s3://log/one/{name}")
    assert source.name == f"s3://log/one/{name}"
    assert rows(source) == rows(open_source(tmp_path / name)) == table.to_pylist()
    assert known_rows(source) == 1000
    assert [batch.schema.names for batch in source.batches(["s"])] == [["s"]]


def test_folders_and_patterns_follow_the_rules_of_local_paths(bucket: fs.FileSystem, tmp_path: Path) -> None:
    for day, city, n in (("10", "Oslo", 1), ("9", "New%20York", 2), ("9", "__HIVE_DEFAULT_PARTITION__", 3)):
        folder = tmp_path / "log" / "t" / f"day={day}" / f"city={city}"
        folder.mkdir(parents=True)
        pq.write_table(pa.table({"n": [n]}), folder / f"part-{n}.parquet")
    (tmp_path / "log/t/_SUCCESS").touch()
    (tmp_path / "log/t/.hidden.parquet").write_bytes(b"no")
    (tmp_path / "log/t/README.md").write_text("no")
    for file in (tmp_path / "log").rglob("*"):
        if file.is_file():
            put(bucket, str(file.relative_to(tmp_path / "log")), file.read_bytes())
    for written in (
        "log/t",
        "log/t/",
        "log/t/day=*",
        "log/t/**/*.parquet",
        "log/t/day=9/*/part-[23].parquet",
        "log/*/day=?",
    ):
        here, there = open_source(tmp_path / written), open_source(f"s3://{written}")
        assert rows(there) == rows(here)
        assert known_rows(there) == len(rows(here))
        assert there.schema == here.schema


def test_a_delta_table_is_read_at_its_version(bucket: fs.FileSystem, tmp_path: Path) -> None:
    deltalake = pytest.importorskip("deltalake", reason="deltalake is not installed")
    deltalake.write_deltalake(str(tmp_path / "d"), pa.table({"x": [1, 2]}))
    deltalake.DeltaTable(str(tmp_path / "d")).delete("x = 1")
    for file in (tmp_path / "d").rglob("*"):
        if file.is_file():
            put(bucket, str(file.relative_to(tmp_path)), file.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ALLOW_HTTP", "true")
        assert rows(open_source("s3://log/d")) == [{"x": 2}]


def test_what_is_not_there_or_not_allowed_is_one_line(bucket: fs.FileSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    put(bucket, "f/current.csv", b"a\n1\n")
    put(bucket, "f/broken.parquet", b"PAR1 and no more")
    assert refusal("s3://log/f/curent.csv").endswith("no such file or folder. Did you mean 'current.csv'?")
    assert refusal("s3://log/f/*.jsonl").endswith("no file matches this pattern; check it")
    assert "no such" in refusal("s3://no-such-bucket/x.csv")
    assert "not a whole Parquet file" in refusal("s3://log/f/broken.parquet")
    assert "no bucket; write s3://BUCKET/KEY" in refusal("s3://")
    said = refusal(f"s3://AKID:{SECRET}@log/x.csv")
    assert said.startswith("reference s3://AKID:***@log/x.csv: credentials are not taken from the URL")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert "cannot be reached; check the network" in refusal("s3://log/f/current.csv")


def test_an_azure_url_needs_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_CONNECTION_STRING"):
        monkeypatch.delenv(name, raising=False)
    assert "no storage account; set AZURE_STORAGE_ACCOUNT" in refusal("az://box/a.csv")
    assert "://ftp" not in refusal("ftp://host/a.csv")


def test_google_cloud_storage_is_read_by_the_same_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    emulator = pytest.importorskip("gcp_storage_emulator.server", reason="gcp-storage-emulator is not installed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = emulator.create_server("127.0.0.1", port, in_memory=True, default_bucket="log")
    server.start()
    try:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{port}")
        store = fs.GcsFileSystem(anonymous=True, scheme="http", endpoint_override=f"127.0.0.1:{port}")
        for day in (9, 10):
            put(store, f"log/t/day={day}/a.csv", b"n\n1\n")
        for written in ("t", "t/day=*", "t/**/*.csv"):
            assert rows(open_source(f"gs://log/{written}")) == [{"n": 1, "day": 10}, {"n": 1, "day": 9}]
        assert "Did you mean 'a.csv'" in refusal("gs://log/t/day=9/b.csv")
    finally:
        server.stop()
