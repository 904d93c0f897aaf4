"""Fixtures of the scenario's tests: the real ratings where they can be had, caches, servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from dawnwatch import Config, DataError
from metropulse.cache import read_cache
from metropulse.movielens import find_ratings
from metropulse.scenario import CONFIG, MetroPulse, build
from tests.scenarios.support import Server, quiet, serving, zipped


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever rests on the real ratings needs the cache or a network."""
    for item in items:
        if "ratings" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.network)


@pytest.fixture(scope="session")
def ratings() -> pa.Table:
    """The 100,000 ratings, from the cache or fetched into it once."""
    try:
        return find_ratings(say=quiet).table
    except DataError as error:
        pytest.skip(f"MovieLens 100K is neither cached nor reachable: {error}")


@pytest.fixture(scope="session")
def u_data(ratings: pa.Table) -> bytes:
    """The text of `u.data`, rebuilt row by row, independently of how the scenario rebuilds it."""
    columns = [ratings[name].to_pylist() for name in ("user_id", "item_id", "rating", "timestamp")]
    return "".join("\t".join(map(str, row)) + "\n" for row in zip(*columns, strict=True)).encode()


@pytest.fixture(scope="session")
def archive(u_data: bytes) -> bytes:
    """A zip laid out as the official one."""
    return zipped({"ml-100k/README": b"about", "ml-100k/u.data": u_data, "ml-100k/u.item": b"items"})


@pytest.fixture(scope="session")
def u_data_file(u_data: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file, for `build(data=...)`."""
    path = tmp_path_factory.mktemp("copy") / "u.data"
    path.write_bytes(u_data)
    return path


@pytest.fixture(scope="session")
def config() -> Config:
    """The configuration that ships with the scenario."""
    return Config.load(CONFIG)


@pytest.fixture(scope="session")
def injected(config: Config, u_data_file: Path) -> MetroPulse:
    """The scenario as `dawnwatch demo` builds it."""
    return build(config, data=u_data_file)


@pytest.fixture(scope="session")
def natural(config: Config, u_data_file: Path) -> MetroPulse:
    """The scenario without injected drift."""
    return build(config, data=u_data_file, inject=False)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder of the test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("DAWNWATCH_CACHE", str(folder))
    assert read_cache(quiet) is None
    return folder


@pytest.fixture
def no_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point pip at an empty local folder (returned) and at no index."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A running `Server`; it stops with the test."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving() as running:
        yield running
