"""Spark on this machine against the engine of this machine: the same counts, the same rows shown, clear faults."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dawnwatch import DataError, UsageError
from dawnwatch.engines import SparkEngine, open_data
from dawnwatch.model.plan import Plan
from dawnwatch.model.window import Window
from dawnwatch.profiling.profile_file import plan_id
from dawnwatch.profiling.run import Mapped, profile_window
from dawnwatch.profiling.scoring import ScoredSource
from dawnwatch.sources import open_source
from tests.engines.conftest import assert_same, planned, running

pytestmark = [
    pytest.mark.xdist_group("spark"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]
ENGINE = SparkEngine(master="local[2]")


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    # Splits of 150 kB, so that a small file has several partitions; and a zone that is not UTC.
    small = {"spark.sql.files.maxPartitionBytes": "150000", "spark.sql.files.openCostInBytes": "0"}
    with running("local[2]", **small, **{"spark.sql.session.timeZone": "Europe/Berlin"}) as session:
        yield session


def on_spark(data: object, plan: Plan, **options: bool) -> Window:
    source = open_data(data, what="current window", engine=ENGINE)
    assert isinstance(source, Mapped)
    return profile_window(source, plan, exact_rows=0, **options)


def on_this_machine(path: object, plan: Plan, **options: bool) -> Window:
    return profile_window(open_source(path, what="current window"), plan, exact_rows=0, **options)


def said(error: pytest.ExceptionInfo[BaseException]) -> str:
    text = str(error.value)
    assert "\n" not in text
    assert "\tat " not in text
    assert len(text) < 500
    return text


def test_counts_and_examples_are_those_of_this_machine(spark: Any, current: Path, plan: Plan) -> None:
    parts = spark.read.parquet(str(current)).rdd.getNumPartitions()
    assert parts >= 4
    ours, local = on_spark(str(current), plan, keep_keys=True), on_this_machine(str(current), plan, keep_keys=True)
    assert ours.profile.rows == 6000
    assert ours.rows is None
    assert len(local.repeated) == 5
    assert ours.profile.repeats is not None
    assert ours.profile.repeats.repeats == 8
    assert_same(ours, local)


def test_a_frame_is_counted_in_whatever_partitions_it_has(spark: Any, current: Path, plan: Plan) -> None:
    frame = spark.read.parquet(str(current)).repartition(9, "device")  # four devices, so empty partitions
    assert_same(on_spark(frame, plan), on_this_machine(str(current), plan), ordered=False)


def test_only_planned_columns_are_read(spark: Any, current: Path, plan: Plan) -> None:
    from pyspark.sql import functions as f

    frame = spark.read.parquet(str(current)).withColumn("poison", f.raise_error(f.lit("was read")).cast("int"))
    ours = on_spark(frame, plan)
    assert ours.types.pop("poison") == "integer"
    assert_same(ours, on_this_machine(str(current), plan))


def test_the_plan_can_be_learned_from_spark(spark: Any, reference: Path, plan: Plan) -> None:
    source = open_data(str(reference), what="reference", engine=ENGINE)
    assert [batch.num_rows for batch in source.batches([])] == [
        batch.num_rows for batch in source.batches(["no such column"])
    ]
    names = ["price", "seen", "mail", "who", "amount", "small"]
    ours, local = (
        pa.Table.from_batches(opened.batches(names)).select(names) for opened in (source, open_source(str(reference)))
    )
    assert str(ours.to_pylist()) == str(local.to_pylist())  # as texts, in which NaN equals NaN
    assert plan_id(planned(source)) == plan_id(plan)


def test_private_keys_are_not_shown(spark: Any, reference: Path, current: Path) -> None:
    for shown, private in (({"day"}, ("event",)), (set(), ("event", "day"))):
        plan = planned(str(reference), **{name: {"private": True} for name in private})
        ours, local = on_spark(str(current), plan), on_this_machine(str(current), plan)
        assert ours.repeated == local.repeated
        assert [set(row) for _, row in ours.repeated] == [shown] * 5


def test_repeats_are_looked_for_only_where_asked_and_possible(spark: Any, current: Path, plan: Plan) -> None:
    assert on_spark(str(current), plan, find_repeats=False).profile.repeats is None
    without = on_spark(spark.read.parquet(str(current)).drop("day"), plan)
    assert without.profile.repeats is None
    from pyspark.sql import functions as f

    keyless = on_spark(spark.read.parquet(str(current)).withColumn("day", f.lit(None).cast("date")), plan)
    assert keyless.profile.repeats is not None
    assert (keyless.profile.repeats.keyed, keyless.profile.repeats.repeats, keyless.repeated) == (0, 0, [])


def test_rows_that_all_repeat(spark: Any, plan: Plan, current: Path, tmp_path: Path) -> None:
    whole = pq.read_table(current)
    twice = pa.concat_tables([whole, whole])
    pq.write_table(twice, tmp_path / "twice.parquet", row_group_size=700)
    path = str(tmp_path / "twice.parquet")
    assert_same(on_spark(path, plan), on_this_machine(path, plan))


def test_a_model_scores_on_the_driver(spark: Any, current: Path, plan: Plan) -> None:
    def model(batch: pa.RecordBatch) -> Any:
        return np.full(batch.num_rows, 0.5)

    def scored(source: Any) -> Window:
        return profile_window(ScoredSource(source, model, ["price"], "1", "score"), plan, exact_rows=0)

    assert_same(scored(open_data(str(current), engine=ENGINE)), scored(open_source(str(current))))


def test_folders_and_tables(spark: Any, current: Path, plan: Plan, tmp_path: Path) -> None:
    whole = pq.read_table(current).drop_columns(["new"])
    for number, (hour, day) in enumerate([("07", "2024-03-01"), ("8", "2024-03-02")]):
        folder = tmp_path / "log" / f"region={day}" / f"hour={hour}"
        folder.mkdir(parents=True)
        part = whole.slice(number * 3000, 3000)
        # The second file has one column more than the first.
        pq.write_table(part.append_column("extra", part["price"]) if number else part, folder / "part.parquet")
    ours = open_data(tmp_path / "log", what="current window", engine=ENGINE)
    assert {f.name: f.type for f in ours.schema if f.name in ("region", "hour", "extra")} == {
        "region": pa.string(),
        "hour": pa.int64(),
        "extra": pa.float64(),
    }
    local = on_this_machine(tmp_path / "log", plan)
    assert_same(on_spark(tmp_path / "log", plan), local, ordered=False)
    spark.read.parquet(str(current)).createOrReplaceTempView("predictions")
    assert_same(on_spark("predictions", plan), on_this_machine(str(current), plan))


def test_faults_are_one_line(spark: Any, current: Path, plan: Plan, tmp_path: Path) -> None:
    def fault(data: object) -> str:
        with pytest.raises(DataError) as error:
            on_spark(data, plan)
        return said(error)

    assert "Path does not exist" in fault("/no/such/folder.parquet")
    assert fault("nowhere.at_all").startswith("current window nowhere.at_all: Spark failed: The table or view")
    assert "reads Parquet, ORC and tables" in fault(str(tmp_path / "log.csv"))
    shutil.copytree(current.parent, tmp_path / "delta")
    (tmp_path / "delta" / "_delta_log").mkdir()
    assert "name the table" in fault(str(tmp_path / "delta"))
    frame = spark.read.parquet(str(current))
    assert "'label' is there twice" in fault(frame.select("label", "label"))
    assert "holds no rows" in fault(frame.where("count > 1000"))
    with pytest.raises(DataError, match="the table has no rows"):
        list(open_data(frame.where("count > 1000")).batches(["count"]))
    assert "DIVIDE_BY_ZERO" not in (text := fault(frame.selectExpr("label", "score", "1 / (label - label) AS price")))
    assert "Division by zero" in text


def test_a_file_that_is_lost_or_cut_off_is_named(spark: Any, current: Path, plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    path.write_bytes(current.read_bytes())
    source = open_data(str(path), what="current window", engine=ENGINE)
    path.write_bytes(current.read_bytes()[:-3000])
    with pytest.raises(DataError, match=r"^current window .*Spark failed: .*log\.parquet") as error:
        profile_window(source, plan, exact_rows=0)
    said(error)
    path.unlink()
    with pytest.raises(DataError, match=r"log\.parquet.* does not exist") as error:
        profile_window(source, plan, exact_rows=0)
    said(error)


def test_an_executor_that_raises_says_why(spark: Any, current: Path, plan: Plan) -> None:
    def broken(batches: Any) -> Any:
        for batch in batches:
            raise ValueError("the disk said no")
            yield batch

    def ended(batches: Any) -> Any:
        os._exit(3)
        yield from batches

    frame = spark.read.parquet(str(current)).select("label", "score")
    for fault, reason in ((broken, "ValueError: the disk said no"), (ended, "exited unexpectedly")):
        with pytest.raises(DataError, match=reason) as error:
            on_spark(frame.mapInArrow(fault, frame.schema), plan)
        said(error)


def test_spark_types_without_an_arrow_form_are_read_as_text(spark: Any) -> None:
    frame = spark.sql("SELECT make_ym_interval(1, id) AS span, CAST(id AS SMALLINT) AS n FROM range(4)")
    source = open_data(frame)
    assert source.schema.field("span").type == pa.string()
    assert sum(batch.num_rows for batch in source.batches()) == 4


def test_what_is_missing_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "pyspark", None)
        with pytest.raises(UsageError, match=r"pip install 'dawnwatch\[spark\]'") as error:
            open_data("log.parquet", engine=ENGINE)
        said(error)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr("dawnwatch.engines.spark_engine.running", lambda: None)
    with pytest.raises(UsageError, match="Spark needs Java 17 or newer, and there is none on the path") as error:
        ENGINE.session()
    said(error)


def test_without_an_engine_paths_stay_on_this_machine(current: Path) -> None:
    assert not isinstance(open_data(str(current)), Mapped)
