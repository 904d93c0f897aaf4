"""Executors of their own, one of which is killed in the middle of the job: the same counts."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import dawnwatch
from dawnwatch.engines import open_data
from dawnwatch.model.plan import Plan
from dawnwatch.profiling.run import profile_window
from dawnwatch.sources import open_source
from tests.engines.conftest import assert_same, running

pytestmark = [
    pytest.mark.xdist_group("spark"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="executors are found and killed through /proc"),
]
PATIENCE = 60.0


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    import pyspark

    # The executors are processes of their own: they must find Spark, this Python's packages and dawnwatch.
    os.environ.setdefault("SPARK_HOME", str(Path(pyspark.__file__).parent))
    config = {
        "spark.executorEnv.PYTHONPATH": str(Path(dawnwatch.__file__).parents[1]),
        "spark.sql.files.maxPartitionBytes": "150000",
        "spark.sql.files.openCostInBytes": "0",
    }
    here = os.getcwd()  # noqa: PTH109
    os.chdir(tmp_path_factory.mktemp("spark"))  # local-cluster keeps its executors' folders in `work` here
    try:
        with running("local-cluster[2,1,1024]", **config) as session:
            yield session
    finally:
        os.chdir(here)


def executors(session: Any) -> list[int]:
    """Return the process ids of this session's executors."""
    name = session.sparkContext.applicationId
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().decode().split("\0")
        except OSError:  # it ended meanwhile
            continue
        if any(part.endswith("CoarseGrainedExecutorBackend") for part in command) and name in command:
            found.append(int(process.name))
    return found


def test_an_executor_killed_in_the_middle_changes_nothing(
    spark: Any, current: Path, plan: Plan, tmp_path: Path
) -> None:
    started, killed = tmp_path / "started", tmp_path / "killed"

    def slow(batches: Any) -> Any:
        """Pass rows on, but not before an executor was killed while several tasks had begun."""
        started.mkdir(exist_ok=True)
        (started / str(os.getpid())).touch()
        for batch in batches:
            yield batch
            until = time.monotonic() + PATIENCE
            while not killed.exists() and time.monotonic() < until:
                time.sleep(0.05)

    def kill() -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and len(list(started.glob("*"))) < 2:
            time.sleep(0.05)
        alive = executors(spark)
        if alive:
            os.kill(alive[0], signal.SIGKILL)
            killed.write_text(str(alive))

    frame = spark.read.parquet(str(current))
    plain = frame.toDF(*(f"c{i}" for i in range(len(frame.columns))))  # PySpark trips over names with dots
    slowed = plain.mapInArrow(slow, plain.schema).toDF(*frame.columns)
    killer = threading.Thread(target=kill)
    killer.start()
    ours = profile_window(open_data(slowed), plan, exact_rows=0)
    killer.join()
    before = [int(pid) for pid in killed.read_text().strip("[]").split(", ")]
    assert len(before) == 2
    assert not Path(f"/proc/{before[0]}").exists()
    local = profile_window(open_source(str(current)), plan, exact_rows=0)
    assert_same(ours, local)
