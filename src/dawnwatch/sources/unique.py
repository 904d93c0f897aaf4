"""Whether columns identify a row."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from dawnwatch.sources.base import Source
from dawnwatch.sources.plain import TEXT, is_text, plain_array, plain_type

__all__ = ["is_unique"]


def is_unique(source: Source, names: Sequence[str]) -> bool:
    """Whether no two rows of a source share their values in the named columns (nulls equal each other).

    Exact. Most columns repeat within the first batch, and then no more is read; those that do not are read
    whole, these columns only, and compared in memory.

    Raises
    ------
    DataError
        Where the source cannot be read.
    """
    parts: list[pa.Table] = []
    for batch in source.batches(names):
        if not batch.num_rows:
            continue
        part = pa.table([_comparable(batch.column(name)) for name in names], names=list(names))
        if _distinct(part) < part.num_rows:
            return False
        parts.append(part)
    if len(parts) < 2:
        return bool(parts)
    whole = pa.concat_tables(parts)
    return bool(_distinct(whole) == whole.num_rows)


def _distinct(table: pa.Table) -> int:
    return int(table.group_by(table.column_names).aggregate([]).num_rows)


def _comparable(array: pa.Array) -> pa.Array:
    # Arrow does not compare dictionary codes across batches, whose dictionaries differ.
    type_ = plain_type(array.type)
    return plain_array(array, type_).cast(TEXT if is_text(type_) else type_)
