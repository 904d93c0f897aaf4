"""What one pass over a source shows of each of its columns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dawnwatch.sources.base import Source
from dawnwatch.sources.decimals import nearest_floats
from dawnwatch.sources.personal import personal_values
from dawnwatch.sources.plain import TEXT, family, is_text, plain_batch, plain_schema

__all__ = ["DISTINCT_KEPT", "ColumnFacts", "Value", "survey"]

Value = Any
"""A string, integer, float or boolean; of one type within a column."""

DISTINCT_KEPT = 50
"""Distinct values are counted up to this many."""


@dataclass
class ColumnFacts:
    """What was seen of one column.

    Attributes
    ----------
    type : its plain Arrow type
    null, nan, empty, infinite : rows that hold no value, NaN, an empty string, plus or minus infinity
    low, high : extremes of the finite numbers, exact for integers; None where there are none
    counts : how often each value came, "" included but neither null nor NaN; None once there are more than
        `DISTINCT_KEPT`, and for types that are not compared (timestamps, nested ones)
    personal : what personal data its strings look like, or None
    """

    name: str
    type: pa.DataType
    rows: int = 0
    null: int = 0
    nan: int = 0
    empty: int = 0
    infinite: int = 0
    low: int | float | None = None
    high: int | float | None = None
    counts: Counter[Value] | None = field(default_factory=Counter)
    personal: str | None = None

    @property
    def family(self) -> str:
        """The type as dawnwatch.toml calls it; "null" where no row holds a value and none was declared."""
        return family(self.type)

    @property
    def missing(self) -> float:
        """Share of rows that are null, NaN or an empty string."""
        return (self.null + self.nan + self.empty) / self.rows if self.rows else 0.0

    @property
    def values(self) -> list[Value] | None:
        """The distinct values in order; None where there are too many to list."""
        return None if self.counts is None else sorted(self.counts)

    def add(self, array: pa.Array) -> None:
        """Take in the column of one batch, of the plain type `type`."""
        self.rows += len(array)
        self.null += array.null_count
        if is_text(self.type):
            self._add_text(array)
        elif self.family in {"integer", "number"}:
            self._add_numbers(nearest_floats(array) if pa.types.is_decimal(self.type) else array)
        elif pa.types.is_boolean(self.type):
            self._count(array)
        else:
            self.counts = None

    def _add_text(self, array: pa.Array) -> None:
        texts = array.cast(TEXT)
        self.empty += pc.sum(pc.equal(texts, "")).as_py() or 0
        if self.personal is None:
            self.personal = personal_values(pc.unique(texts).drop_null())
        self._count(texts)

    def _add_numbers(self, array: pa.Array) -> None:
        values = array.drop_null()
        if self.family == "number":
            self.nan += pc.sum(pc.is_nan(values)).as_py() or 0
            self.infinite += pc.sum(pc.is_inf(values)).as_py() or 0
            self._count(values.filter(pc.invert(pc.is_nan(values))))
            values = values.filter(pc.is_finite(values))
        else:
            self._count(values)
        if len(values):
            extremes = pc.min_max(values).as_py()
            self.low = extremes["min"] if self.low is None else min(self.low, extremes["min"])
            self.high = extremes["max"] if self.high is None else max(self.high, extremes["max"])

    def _count(self, array: pa.Array) -> None:
        if self.counts is None:
            return
        # A short look spares counting a long column of ever new values.
        if len(array) > 1024 and pc.count_distinct(array.slice(0, 1024), mode="only_valid").as_py() > DISTINCT_KEPT:
            self.counts = None
            return
        for entry in pc.value_counts(array).to_pylist():
            if entry["values"] is not None:
                self.counts[entry["values"]] += entry["counts"]
            if len(self.counts) > DISTINCT_KEPT:
                self.counts = None
                return


def survey(source: Source) -> dict[str, ColumnFacts]:
    """Read a whole source once and return the facts of each column, by name, in the source's order.

    Raises
    ------
    DataError
        Where the source cannot be read.
    """
    schema = plain_schema(source.schema)
    facts = {f.name: ColumnFacts(f.name, f.type) for f in schema}
    for batch in source.batches():
        plain = plain_batch(batch, schema)
        for name, column in zip(schema.names, plain.columns, strict=True):
            facts[name].add(column)
    return facts
