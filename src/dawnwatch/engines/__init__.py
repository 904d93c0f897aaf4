"""Where rows are counted: on this machine, or on a Spark cluster."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike, fspath
from typing import Any

from dawnwatch.engines.spark_engine import SparkEngine, require_pyspark
from dawnwatch.sources import open_source
from dawnwatch.sources.base import Source

__all__ = ["SparkEngine", "open_data"]


def open_data(
    data: object,
    *,
    what: str = "data",
    types: Mapping[str, str] | None = None,
    engine: SparkEngine | None = None,
) -> Source:
    """Open anything that holds a table, on the engine that can hold it.

    Parameters
    ----------
    data : what `dawnwatch.sources.open_source` takes, or a Spark DataFrame (classic, Spark Connect or pandas on
        Spark), whose rows are counted where they are
    what : how messages call the data, for example "current window"
    types : see `open_source`
    engine : opens paths, and names of tables, on Spark; a data frame in memory stays where it is

    Raises
    ------
    DataError
        Where it cannot be read as a table.
    UsageError
        Where Spark is missing or cannot be started.
    """
    kind = _spark_kind(data)
    if kind is not None:
        require_pyspark()
        from dawnwatch.engines.spark import SparkSource

        frame: Any = data
        return SparkSource(frame.to_spark() if kind == "pandas" else frame, what=what)
    if engine is not None and isinstance(data, str | PathLike):
        return engine.open(str(fspath(data)), what=what)
    return open_source(data, what=what, types=types)


def _spark_kind(data: object) -> str | None:
    """Say which kind of Spark DataFrame this is, without importing Spark."""
    for kind in type(data).__mro__:
        if kind.__name__ == "DataFrame" and kind.__module__.startswith("pyspark.sql."):
            return "sql"
        if kind.__name__ == "DataFrame" and kind.__module__.startswith("pyspark.pandas."):
            return "pandas"
    return None
