"""What the Spark tests share: awkward data, plans, and one session at a time."""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dawnwatch import Config
from dawnwatch.model.plan import Plan
from dawnwatch.model.window import Window
from dawnwatch.profiling.learn import learn_plan
from dawnwatch.profiling.profile_file import profile_facts
from dawnwatch.sources import open_source

ROWS = 6000
DAY = dt.datetime(2024, 3, 30, 22, tzinfo=dt.UTC)  # the clocks of Berlin move in the night after
TABLES = {
    "roles": {"label": "label", "score": "score", "unit": "rider", "slices": ["device"], "keys": ["event", "day"]},
    "columns": {
        **{
            name: {"monitor": True}
            for name in ("price", "ratio", "flag", "seen", "amount", "whole", "day", "small", "wide", "dot.ted", "gone")
        },
        "count": {"monitor": True, "range": {"min": 0, "max": 40}},
        "code": {"pattern": "^[A-Z]{2}[0-9]+$"},
        "tier": {"monitor": True, "allowed": ["free", "paid"]},
        "mail": {"private": True},
    },
}


def spark_lacks() -> str | None:
    """Say what Spark needs and this machine has not."""
    if importlib.util.find_spec("pyspark") is None:
        return "PySpark is not installed: pip install 'dawnwatch[spark]'"
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        return "Spark needs Java 17 or newer: apt-get install openjdk-17-jre-headless"
    return None


@contextmanager
def running(master: str, **config: str) -> Iterator[Any]:
    """Run a session of this master. A process can have one at a time."""
    missing = spark_lacks()
    if missing:
        pytest.skip(missing)
    from dawnwatch.engines import SparkEngine

    settings = {"spark.sql.shuffle.partitions": "6", **config}
    session = SparkEngine(master=master, app_name="dawnwatch tests", config=settings).session()
    yield session
    session.stop()


def awkward(seed: int, *, current: bool) -> pa.Table:
    """Make rows of every type, with whatever can be wrong where they are `current`."""
    rng = np.random.default_rng(seed)
    label = (rng.random(ROWS) < 0.3).astype(np.int8).astype(object)
    score = rng.random(ROWS)
    event = rng.permutation(ROWS).astype(object)
    price = rng.lognormal(0, 1, ROWS)
    devices = ["mobile", "desktop", "Tablet ✓", ""]
    device = rng.choice(devices, ROWS).astype(object)
    whole = rng.integers(0, 9, ROWS)
    count = rng.integers(0, 41, ROWS).astype(object)
    code = np.array([f"AB{i % 77}" for i in range(ROWS)], dtype=object)
    day = [dt.date(2024, 3, 1 + i % 28) for i in whole]
    if current:
        label[::97], label[5::501] = None, 2
        score[::89], score[3::1000], score[7::800] = np.nan, 1.5, -0.2
        price[:9] = [np.nan, np.inf, -np.inf, -0.0, 0.0, 5e-324, 1e308, np.nan, 1e-9]
        device[::61], device[3::700] = None, "nouveau ☂"
        count[11::300], count[12::300], count[13::400] = -1, 41, None
        code[1::333] = "ab1"
        # Repeats near each other, and of rows of the first partitions in the last.
        for at, of in ((40, 39), (41, 39), (700, 699), (5990, 3), (5991, 2), (5992, 5990), (5993, 1), (5994, 0)):
            event[at], day[at] = event[of], day[of]
        event[100:103] = None
    seconds = rng.integers(0, 8 * 86_400, ROWS)
    nulls = rng.random(ROWS) < 0.05
    instants = [None if lost else DAY + dt.timedelta(seconds=int(s)) for s, lost in zip(seconds, nulls, strict=True)]
    columns: dict[str, pa.Array] = {
        "label": pa.array(label, pa.int8()),
        "score": pa.array(score, mask=rng.random(ROWS) < 0.01),
        "event": pa.array(event, pa.int64()),
        "rider": pa.array([None if i % 50 == 0 else f"rider {i % (700 if current else 600)}" for i in range(ROWS)]),
        "device": pa.array(device, pa.string()),
        "price": pa.array(price),
        "ratio": pa.array(rng.choice([0.1, 0.25, 1 / 3, np.nan], ROWS).astype(np.float32)),
        "flag": pa.array(rng.random(ROWS) < 0.4, mask=rng.random(ROWS) < 0.1),
        "count": pa.array(count, pa.int32()),
        "seen": pa.array(instants, pa.timestamp("us", tz="UTC")),
        "wall": pa.array(instants, pa.timestamp("us", tz="UTC")).cast(pa.timestamp("us")),
        "amount": pa.array([Decimal(int(s)) / 100 for s in seconds], pa.decimal128(12, 2)),
        "whole": pa.array([Decimal(int(w)) for w in whole], pa.decimal128(9, 0)),
        "day": pa.array(day, pa.date32()),
        "small": pa.array(rng.integers(0, 256, ROWS), pa.uint8()),
        "wide": pa.array(rng.integers(2**31, 2**32, ROWS), pa.uint32()),
        "raw": pa.array([bytes([i % 200]) for i in range(ROWS)], pa.binary()),
        "tags": pa.array([[f"t{i % 3}", None] if i % 4 else None for i in range(ROWS)], pa.list_(pa.string())),
        "who": pa.array(
            [{"at": instant, "n": i % 5} for i, instant in enumerate(instants)],
            pa.struct([("at", pa.timestamp("us", tz="UTC")), ("n", pa.int32())]),
        ),
        "code": pa.array(code, pa.string()),
        "tier": pa.array(rng.choice(["free", "paid", "trial"] if current else ["free", "paid"], ROWS)),
        "mail": pa.array([f"someone{i % 9}@example.com" for i in range(ROWS)]),
        "same": pa.array(["one"] * ROWS if current else [f"{i % 3}" for i in range(ROWS)]),
        "void": pa.nulls(ROWS, pa.float64()),
        "dot.ted `name": pa.array(rng.normal(size=ROWS)),
    }
    columns["dot.ted"] = columns["dot.ted `name"]
    if not current:
        columns["gone"] = pa.array(rng.normal(size=ROWS))
    if current:
        columns["new"] = pa.array(rng.normal(size=ROWS))
        columns["retyped"] = pa.array([f"{i}" for i in range(ROWS)])
    else:
        columns["retyped"] = pa.array(np.arange(ROWS))
    return pa.table(columns)


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Parquet file of the reference rows."""
    path = tmp_path_factory.mktemp("reference") / "reference.parquet"
    pq.write_table(awkward(1, current=False), path, row_group_size=1500)
    return path


@pytest.fixture(scope="session")
def current(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Parquet file of twelve row groups, which Spark splits between them."""
    path = tmp_path_factory.mktemp("current") / "current.parquet"
    pq.write_table(awkward(2, current=True), path, row_group_size=500)
    return path


@pytest.fixture(scope="session")
def plan(reference: Path) -> Plan:
    """The plan learned from the reference on this machine."""
    return planned(reference)


def planned(reference: object, **changes: Any) -> Plan:
    """Learn a plan, with some columns configured otherwise."""
    config = Config.from_dict({**TABLES, "columns": {**TABLES["columns"], **changes}})
    source = open_source(reference, what="reference")
    return learn_plan(config, source, source, None, "score")


def assert_same(ours: Window, local: Window, *, ordered: bool = True) -> None:
    """Check that two windows hold the same: counts to the last one, means to rounding, and the same examples.

    Parameters
    ----------
    ordered : whether the rows stood in the same order; where not, examples are others
    """
    assert ours.types == local.types
    facts, arrays = profile_facts(ours.profile)
    expected, counts = profile_facts(local.profile)
    assert arrays.keys() == counts.keys()
    for name in counts:
        if not name.startswith("sample."):
            np.testing.assert_array_equal(arrays[name], counts[name], err_msg=name)
    _same_samples(ours, local)
    for one, two in zip(facts.pop("columns"), expected.pop("columns"), strict=True):
        mine, theirs = one.pop("moments"), two.pop("moments")
        for inexact in ("mean", "squares"):
            np.testing.assert_allclose(mine.pop(inexact), theirs.pop(inexact), rtol=1e-9, err_msg=one["name"])
        assert mine == theirs, one["name"]
        mine, theirs = one.pop("examples"), two.pop("examples")
        assert {k: len(v) for k, v in mine.items()} == {k: len(v) for k, v in theirs.items()}, one["name"]
        assert mine == theirs or not ordered, one["name"]
        assert one == two
    assert facts.pop("examples") == expected.pop("examples") or not ordered
    del facts["sample"], expected["sample"]
    assert facts == expected
    assert ours.profile.fingerprint == local.profile.fingerprint
    if ordered:
        assert ours.repeated == local.repeated
    assert len(ours.repeated) == len(local.repeated)


def _same_samples(ours: Window, local: Window) -> None:
    mine, theirs = ours.profile.sample, local.profile.sample
    assert mine is not None
    assert theirs is not None
    assert (mine.most, mine.limit, mine.giants) == (theirs.most, theirs.limit, theirs.giants)
    assert list(mine.columns) == list(theirs.columns)
    rows = [
        sorted(map(repr, zip(sample.units.tolist(), *(c.tolist() for c in sample.columns.values()), strict=True)))
        for sample in (mine, theirs)
    ]
    assert rows[0] == rows[1]
