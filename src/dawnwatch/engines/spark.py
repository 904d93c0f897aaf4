"""A Spark DataFrame as a source: its rows are counted where they are, and only counts come to the driver."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.engines.spark_faults import quietly, told
from dawnwatch.engines.spark_tasks import (
    COUNTED,
    MERGED,
    STRIDE,
    added,
    as_streams,
    count_rows,
    find_repeated,
    merge_counts,
)
from dawnwatch.errors import DataError
from dawnwatch.model.plan import Plan
from dawnwatch.model.profile import EXAMPLES, Examples, Profile, Repeats
from dawnwatch.model.window import Window
from dawnwatch.profiling.arrow import rows_as_python, type_name
from dawnwatch.profiling.container import pack, unpack
from dawnwatch.profiling.plan_file import plan_facts
from dawnwatch.sources.base import wanted
from dawnwatch.sources.plain import plain_batch, plain_schema

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["SparkSource"]

NO_ARROW = ("interval", "variant", "geometry", "geography")
"""Spark types without an Arrow form, or without one that says anything; they are read as text."""


class SparkSource:
    """A Spark DataFrame; also `dawnwatch.profiling.run.Mapped`.

    Its rows stand in the order of its partitions, which for files is the order of their splits.

    Parameters
    ----------
    frame : of classic Spark or of Spark Connect
    name : how it is shown
    what : how messages call it, for example "current window"

    Raises
    ------
    DataError
        Where Spark cannot analyse it, it has no columns, or a column name is there twice.
    """

    def __init__(self, frame: DataFrame, name: str = "Spark DataFrame", *, what: str = "data") -> None:
        self.name = name
        self._shown = f"{what} ({name})" if name == "Spark DataFrame" else f"{what} {name}"
        with told(self._shown), quietly():
            names = list(frame.columns)
            twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
            if twice is not None:
                raise DataError(f"{self._shown}: the column name {twice!r} is there twice; rename one of them")
            if not names:
                raise DataError(f"{self._shown}: the table has no columns; check the query that made it")
            self._frame = _with_arrow_types(frame)
            self._fields = {field.name: field for field in self._frame.schema.fields}
            self.schema: pa.Schema = plain_schema(self._frame.limit(0).toArrow().schema)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Bring all rows to the driver, a partition at a time; see `Source.batches`."""
        schema = self._chosen(wanted(self.schema, columns))
        # Without any column Spark would not say how many rows there are.
        read = schema if len(schema) else self._chosen(self.schema.names[:1])
        rows = 0
        with told(self._shown):
            with quietly():  # and not while others run between two batches
                streams = self._selected(read).mapInArrow(partial(as_streams, read), "content binary")
            for row in streams.toLocalIterator(prefetchPartitions=True):
                for batch in pa.ipc.open_stream(bytes(row[0])):
                    rows += batch.num_rows
                    yield plain_batch(batch, schema)
        if not rows:
            raise DataError(f"{self._shown}: the table has no rows; check the query that made it")

    def profile_window(
        self, plan: Plan, *, find_repeats: bool, keep_keys: bool, progress: Callable[[int], None] | None
    ) -> Window:
        """Count all rows on the executors; see `dawnwatch.profiling.run.profile_window`."""
        schema = self._chosen(wanted(self.schema, plan.read))
        hash_keys = bool(plan.keys) and (find_repeats or keep_keys) and set(plan.keys) <= set(schema.names)
        with told(self._shown), quietly():
            count = partial(count_rows, pack(*plan_facts(plan)), schema, hash_keys)
            counted = self._selected(schema).mapInArrow(count, COUNTED)
            # No number of partitions, so that Spark joins small ones to as few tasks as it has cores.
            merged = counted.repartition("bucket").mapInArrow(partial(merge_counts, keep_keys), MERGED)
            found: dict[str, list[bytes]] = {"profile": [], "repeats": [], "keys": []}
            for kind, content in merged.collect():
                found[kind].append(bytes(content))
            total, starts = _whole(found["profile"])
            if total is None:
                raise DataError(f"{self.name}: holds no rows, so nothing can be judged; check the query or the export")
            if progress is not None:
                progress(total.rows)
            repeats, again = _repeats(found["repeats"], found["keys"] if keep_keys else None)
            repeated = self._repeated(plan, again, starts) if again.size else []
        return Window(
            name=self.name,
            plan=plan,
            profile=total.with_repeats(repeats if hash_keys else None),
            rows=None,
            types={field.name: type_name(field.type) for field in self.schema},
            repeated=repeated,
        )

    def _repeated(
        self, plan: Plan, again: NDArray[np.uint64], starts: dict[int, int]
    ) -> list[tuple[int, dict[str, object]]]:
        """Find the first rows whose key stood before, in a second reading of the key columns alone."""
        from pyspark.sql import Window as Over
        from pyspark.sql import functions as f
        from pyspark.sql.types import LongType, StructField, StructType

        schema = self._chosen(plan.keys)
        shown = [i for i, name in enumerate(schema.names) if name not in plan.private]
        longs = [StructField(name, LongType()) for name in ("hash", "at")]
        values = [StructField(f"c{i}", self._fields[schema.names[at]].dataType) for i, at in enumerate(shown)]
        find = partial(find_repeated, plan.keys, shown, again, schema)
        candidates = self._selected(schema).mapInArrow(find, StructType([*longs, *values]))
        turn = f.row_number().over(Over.partitionBy("hash").orderBy("at"))
        first = candidates.withColumn("turn", turn).where("turn > 1").orderBy("at").limit(EXAMPLES).toArrow()
        positions = [_placed(at, starts) for at in first["at"].to_pylist()]
        names = [schema.names[i] for i in shown]
        if not names:
            return [(position, {}) for position in positions]
        table = first.select([f"c{i}" for i in range(len(names))]).rename_columns(names).combine_chunks()
        plain = [plain_batch(batch, self._chosen(names)) for batch in table.to_batches()]
        rows: list[dict[str, object]] = [dict(row) for batch in plain for row in rows_as_python(batch)]
        return list(zip(positions, rows, strict=True))

    def _chosen(self, names: Sequence[str]) -> pa.Schema:
        return pa.schema([self.schema.field(name) for name in names])

    def _selected(self, schema: pa.Schema) -> DataFrame:
        """Select columns and number them: PySpark's own functions trip over names with dots."""
        from pyspark.sql import functions as f

        return self._frame.select([f.col(_quoted(name)).alias(f"c{i}") for i, name in enumerate(schema.names)])


def _with_arrow_types(frame: DataFrame) -> DataFrame:
    from pyspark.sql import functions as f

    columns = {}
    for field in frame.schema.fields:
        kind = field.dataType.simpleString()
        if kind.startswith(NO_ARROW) and not kind.startswith("interval day"):
            columns[field.name] = f.col(_quoted(field.name)).cast("string").alias(field.name)
    if not columns:
        return frame
    return frame.select([columns.get(name, f.col(_quoted(name))) for name in frame.columns])


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _whole(contents: list[bytes]) -> tuple[Profile | None, dict[int, int]]:
    """Add the merged profiles, and put the rows of all partitions behind each other."""
    total = added(contents)
    if total is None:
        return None, {}
    profile, parts = total
    starts, rows = {}, 0
    for part in sorted(parts):
        starts[part], rows = rows, rows + parts[part]
    return _moved(profile, starts), starts


def _moved(profile: Profile, starts: dict[int, int]) -> Profile:
    columns = {
        name: replace(column, examples=_moved_examples(column.examples, starts))
        for name, column in profile.columns.items()
    }
    return replace(profile, columns=columns, examples=_moved_examples(profile.examples, starts))


def _moved_examples(examples: Examples, starts: dict[int, int]) -> Examples:
    return {
        counter: [(_placed(position, starts), values) for position, values in found]
        for counter, found in examples.items()
    }


def _placed(position: int, starts: dict[int, int]) -> int:
    """Return the row number of a row of a partition."""
    return starts.get(position // STRIDE, 0) + position % STRIDE


def _repeats(counts: list[bytes], keys: list[bytes] | None) -> tuple[Repeats, NDArray[np.uint64]]:
    """Add the repeats of all buckets, and sort their hashes."""
    keyed = repeats = 0
    again = [np.empty(0, np.uint64)]
    for content in counts:
        facts, arrays = unpack(content)
        keyed, repeats = keyed + facts["keyed"], repeats + facts["repeats"]
        again.append(arrays["again"])
    distinct = None
    if keys is not None:
        distinct = np.sort(np.concatenate([np.empty(0, np.uint64), *(np.frombuffer(k, np.uint64) for k in keys)]))
    return Repeats(keyed, repeats, distinct), np.sort(np.concatenate(again))
