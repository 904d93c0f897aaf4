"""Starting Spark, and turning what a person wrote, a folder or a table, into a DataFrame."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING

from dawnwatch.engines.spark_faults import innermost, quietly, told
from dawnwatch.errors import DataError, UsageError
from dawnwatch.sources.urls import SQL_SCHEMES, redacted, scheme

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from dawnwatch.engines.spark import SparkSource

__all__ = ["SparkEngine", "require_pyspark"]

QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",  # what fails is thrown, and told in one line
}
TABLE = re.compile(r"[\w-]+(\.[\w-]+){0,3}|`.+`")
TEXT_SUFFIXES = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".txt", ".gz", ".arrow", ".feather", ".ipc")
LOCAL = re.compile(r"local(\[.*\]|-cluster\[.*\])?")


@dataclass(frozen=True)
class SparkEngine:
    """A Spark session that reads paths and tables. Nothing starts before `open` is called.

    Parameters
    ----------
    master : "local[2]", "yarn", "spark://…", "k8s://…", or "sc://…" for Spark Connect; by default what
        spark-defaults.conf says, else all cores of this machine. A session that already runs is used as it is.
    config : further Spark settings, which win; "spark.log.level" also brings Spark's own log back to standard error
    """

    master: str | None = None
    app_name: str = "dawnwatch"
    config: Mapping[str, str] = field(default_factory=dict)

    def open(self, data: str, *, what: str = "data") -> SparkSource:
        """Open a Parquet or ORC file, folder or glob, or a table such as `spark_catalog.db.predictions`.

        Raises
        ------
        DataError
            Where it cannot be read as a table.
        UsageError
            Where Spark cannot be started.
        """
        from dawnwatch.engines.spark import SparkSource

        shown = f"{what} {redacted(data)}".strip()
        lower = data.lower()
        if lower.endswith(TEXT_SUFFIXES) or scheme(data) in SQL_SCHEMES:
            raise DataError(
                f"{shown}: on Spark dawnwatch reads Parquet, ORC and tables; give one of these, or a DataFrame that "
                "you read with your own types, or read it without Spark"
            )
        if any((Path(data) / mark).is_dir() for mark in ("_delta_log", "metadata")):
            raise DataError(
                f"{shown}: holds a Delta or Iceberg table, whose files alone are not its rows; on Spark name the "
                "table, such as catalog.db.table"
            )
        session = self.session()
        with told(shown):
            return SparkSource(_frame(session, data), redacted(data), what=what)

    def session(self) -> SparkSession:
        """Return the running session, or start one.

        Raises
        ------
        UsageError
            Where PySpark or Java is missing, or Spark does not start.
        """
        require_pyspark()
        from pyspark.sql import SparkSession

        session = running()
        if session is not None:
            return session
        if self.master is not None and self.master.startswith("sc://"):
            with _starting(f"Spark Connect {self.master}"), quietly():
                return SparkSession.builder.remote(self.master).getOrCreate()
        return self._started()

    def _started(self) -> SparkSession:
        from pyspark import SparkConf, SparkContext
        from pyspark.sql import SparkSession

        _require_java()
        if self.master is None or LOCAL.fullmatch(self.master):
            # The workers are of this machine, so they can be, and must be, of this Python.
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        conf = SparkConf().setAppName(self.app_name).setAll([*QUIET.items(), *self.config.items()])
        if self.master is not None:
            conf.setMaster(self.master)
        shown = f"Spark ({self.master})" if self.master else "Spark"
        with tempfile.TemporaryFile() as log:
            quiet = "spark.log.level" not in self.config
            with _starting(shown, log if quiet else None), quietly():
                if quiet and SparkContext._gateway is None:
                    # Java writes to standard error before it can be told not to.
                    from pyspark.java_gateway import launch_gateway

                    gateway = launch_gateway(conf, {"stderr": log})  # type: ignore[no-untyped-call]
                    SparkContext._ensure_initialized(gateway=gateway, conf=conf)
                return SparkSession.builder.config(conf=conf).getOrCreate()


@contextmanager
def _starting(shown: str, log: IO[bytes] | None = None) -> Iterator[None]:
    """Turn a failed start into one line, with the last that Java said."""
    try:
        yield
    except Exception as error:
        reason = innermost(error)
        if log is not None and "JAVA_GATEWAY_EXITED" in str(error):
            log.seek(0)
            lines = [line.strip() for line in log.read().decode("utf-8", "replace").splitlines()]
            last = next((line for line in reversed(lines) if line and not line.startswith("at ")), reason)
            reason = innermost(RuntimeError(re.sub(r'^Exception in thread "\w+" ', "", last)))
        raise UsageError(f"{shown} does not start: {reason}; check --master and Java") from None


def running() -> SparkSession | None:
    """Return the session that runs in this process, if any."""
    from pyspark.sql import SparkSession

    return SparkSession.getActiveSession()


def require_pyspark() -> None:
    """Raise UsageError where PySpark is not installed."""
    try:
        import_module("pandas")  # PySpark's mapInArrow asks for it, though nothing here uses it
        import_module("pyspark")
    except ImportError:
        raise UsageError("Spark needs a package that is not installed: pip install 'dawnwatch[spark]'") from None


def _require_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if home and (Path(home) / "bin" / "java").exists():
        return
    if shutil.which("java") is None:
        where = f"JAVA_HOME is {home}, which holds no bin/java" if home else "there is none on the path"
        raise UsageError(f"Spark needs Java 17 or newer, and {where}: install a JRE, or set JAVA_HOME to one")


def _frame(session: SparkSession, data: str) -> DataFrame:
    name = data.rstrip("/")
    if name.lower().endswith(".orc"):
        return session.read.option("mergeSchema", "true").orc(data)
    is_path = "/" in data or "\\" in data or name.lower().endswith((".parquet", ".pq")) or Path(data).exists()
    if not is_path and TABLE.fullmatch(data):
        return session.table(data)
    # As text, since a folder called day=2024-01-01 is text to dawnwatch wherever it is read.
    key = "spark.sql.sources.partitionColumnTypeInference.enabled"
    before = session.conf.get(key)
    session.conf.set(key, "false")
    try:
        # Of several files Spark would take one file's columns for those of all.
        frame = session.read.option("mergeSchema", "true").parquet(data)
        return _with_whole_keys(frame)
    finally:
        session.conf.set(key, str(before))


def _with_whole_keys(frame: DataFrame) -> DataFrame:
    """Read `key=value` folders as integers where every value is one; see `dawnwatch.sources.files`."""
    from pyspark.sql import functions as f

    keys: dict[str, bool] = {}
    for path in frame.inputFiles():
        for part in path.split("/")[:-1]:
            key, equals, value = part.partition("=")
            if equals and value != "__HIVE_DEFAULT_PARTITION__":
                whole = value.removeprefix("-").isdecimal() and len(value) <= 18
                keys[key] = keys.get(key, True) and whole
    for name, kind in frame.dtypes:
        if keys.get(name) and kind == "string":
            frame = frame.withColumn(name, f.col(f"`{name}`").cast("bigint"))
    return frame
