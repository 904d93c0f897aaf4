"""The data, from seeds: the same rows on every machine, whatever was made before.

Files hold plain types, many row groups, and no trace of how they were made, so that every reader meets the same.
A window of the streaming work is a folder of parts of up to a million rows; a longer window holds the same parts and
more, as links, so that 144 million rows take the room of 100 million.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["GROUP_ROWS", "PART_ROWS", "cache", "columns_of", "folder", "generator", "single"]

SEED = 20_240_117
GROUP_ROWS = 131_072
PART_ROWS = 1_000_000
Make = Callable[[np.random.Generator, int, int], pa.Table]
"""Makes the rows of one part from its generator, their number and the number of the first one."""


def cache() -> Path:
    """Folder that keeps the data, `benchmarks/.data` unless BENCH_DATA says otherwise."""
    return Path(os.environ.get("BENCH_DATA", Path(__file__).parent / ".data"))


def generator(name: str, part: int = 0) -> np.random.Generator:
    """Return the random numbers of one part of one data set, which depend on nothing else."""
    return np.random.default_rng([SEED, zlib.crc32(name.encode()), part])


def single(name: str, rows: int, make: Make) -> Path:
    """Return one Parquet file with these rows, made where it is not there."""
    path = cache() / f"{name}-{rows}.parquet"
    if not path.exists():
        _written(path, make, name, rows, part_rows=PART_ROWS)
    return path


def folder(name: str, rows: int, make: Make, part_rows: int = PART_ROWS) -> Path:
    """Return a folder of parts with these rows, made where it is not there."""
    part_rows = min(part_rows, rows)
    whole = cache() / f"{name}-{rows}"
    if whole.exists():
        return whole
    parts = cache() / f"{name}-parts-{part_rows}"
    rest = whole.with_name(f"{whole.name}.new")
    rest.mkdir(parents=True, exist_ok=True)
    for part, first in enumerate(range(0, rows, part_rows)):
        here = min(part_rows, rows - first)
        path = parts / f"{part:05d}-{here}.parquet"
        if not path.exists():
            _written(path, lambda rng, n, _, first=first: make(rng, n, first), f"{name}/{part}", here, part_rows=here)
        link = rest / f"{part:05d}.parquet"
        link.unlink(missing_ok=True)
        link.hardlink_to(path)
    rest.replace(whole)
    return whole


def _written(path: Path, make: Make, name: str, rows: int, part_rows: int) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    writer: pq.ParquetWriter | None = None
    for part, first in enumerate(range(0, rows, part_rows)):
        table = make(generator(name, part), min(part_rows, rows - first), first)
        # Without Arrow's own schema a reader is not told that the strings were dictionaries.
        writer = writer or pq.ParquetWriter(new, _plain(table.schema), store_schema=False)
        writer.write_table(table.cast(_plain(table.schema)), row_group_size=GROUP_ROWS)
    if writer is not None:
        writer.close()
    new.replace(path)


def _plain(schema: pa.Schema) -> pa.Schema:
    return pa.schema([f.with_type(pa.string()) if pa.types.is_dictionary(f.type) else f for f in schema])


def strings(rng: np.random.Generator, rows: int, names: list[str], weights: np.ndarray, nulls: float = 0) -> pa.Array:
    """Draw strings with these weights, as a dictionary array."""
    codes = np.searchsorted(np.cumsum(weights / weights.sum())[:-1], rng.random(rows)).astype(np.int32)
    mask = rng.random(rows) < nulls if nulls else None
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=mask), pa.array(names))


def some_null(rng: np.random.Generator, values: np.ndarray, share: float) -> pa.Array:
    """Return the values with a share of nulls."""
    return pa.array(values, mask=rng.random(values.size) < share)


CARDINALITIES = (3, 4, 5, 8, 10, 15, 20, 30, 40, 50)


def drifted(moved: bool) -> Make:
    """Twenty features without nulls: ten numbers x0 … x9, ten strings c3 … c50; a few move where `moved`."""

    def make(rng: np.random.Generator, rows: int, first: int) -> pa.Table:
        columns: dict[str, pa.Array] = {}
        for i in range(10):
            shift = 0.1 * i if moved and i % 3 == 0 else 0.0
            values = rng.normal(shift, 1, rows) if i % 2 == 0 else rng.lognormal(shift, 0.7, rows)
            columns[f"x{i}"] = pa.array(values)
        for i, k in enumerate(CARDINALITIES):
            power = 0.8 + (0.3 if moved and i % 3 == 0 else 0.0)
            columns[f"c{k}"] = strings(
                rng, rows, [f"value {j:02d}" for j in range(k)], 1 / np.arange(1, k + 1) ** power
            )
        return pa.table(columns)

    return make


def predictions(rng: np.random.Generator, rows: int, first: int) -> pa.Table:
    """Twelve columns of a prediction log; ten event ids of a million, or one of few rows, stand twice."""
    signal = rng.normal(size=rows)
    label = rng.random(rows) < 1 / (1 + np.exp(1.5 - signal))
    score = 1 / (1 + np.exp(1.5 - signal - rng.normal(0, 0.8, rows)))
    ids = np.arange(first, first + rows)
    again = rng.choice(np.arange(1, rows), max(rows // 100_000, 1), replace=False)
    ids[again] = ids[again - 1]
    columns: dict[str, pa.Array] = {
        "label": pa.array(label.astype(np.int8)),
        "score": pa.array(score),
        "event_id": pa.array(ids),
    }
    for i in range(5):
        values = rng.normal(0.3 * signal, 1) if i % 2 else rng.gamma(2.0, 1 + i, rows)
        columns[f"x{i}"] = some_null(rng, values, 0.01) if i == 1 else pa.array(values)
    for k in (3, 8, 50, 1000):
        weights = 1 / np.arange(1, k + 1) ** 0.7
        columns[f"c{k}"] = strings(rng, rows, [f"value {j:04d}" for j in range(k)], weights, 0.01 if k == 8 else 0)
    return pa.table(columns)


def scored(rng: np.random.Generator, rows: int, first: int) -> pa.Table:
    """A label, a score and one string of ten values."""
    signal = rng.normal(size=rows)
    label = rng.random(rows) < 1 / (1 + np.exp(1 - signal))
    score = 1 / (1 + np.exp(1 - signal - rng.normal(0, 1, rows)))
    segment = strings(rng, rows, [f"segment {j}" for j in range(10)], np.ones(10))
    return pa.table({"label": pa.array(label.astype(np.int8)), "score": pa.array(score), "segment": segment})


def rule_bound(rng: np.random.Generator, rows: int, first: int) -> pa.Table:
    """Twenty columns: a key of three, twelve numbers meant for [0, 1], five strings; a few faults in each respect."""
    user = rng.integers(0, max(rows // 20, 10), rows)
    item = rng.integers(0, 50_000, rows, dtype=np.int32)
    seen = np.arange(first, first + rows) * 7 + 1_700_000_000_000
    again = rng.choice(np.arange(1, rows), max(rows // 10_000, 1), replace=False)
    for key in (user, item, seen):
        key[again] = key[again - 1]
    columns: dict[str, pa.Array] = {"user": pa.array(user), "item": pa.array(item), "seen_at": pa.array(seen)}
    for i in range(12):
        values = rng.random(rows)
        if i < 4:
            values[rng.random(rows) < 0.001] += 1.0
        columns[f"v{i}"] = some_null(rng, values, 0.01) if i % 3 == 0 else pa.array(values)
    for k in (2, 5, 20, 100, 500):
        columns[f"t{k}"] = strings(rng, rows, [f"text {j:03d}" for j in range(k)], np.ones(k), 0.02 if k == 5 else 0)
    return pa.table(columns)


def hourly(rng: np.random.Generator, rows: int, first: int) -> pa.Table:
    """Fifty columns of one hour: 25 numbers and 25 strings, beside a label and a score."""
    score = rng.random(rows)
    columns: dict[str, pa.Array] = {
        "label": pa.array((rng.random(rows) < score).astype(np.int8)),
        "score": pa.array(score),
    }
    for i in range(25):
        columns[f"x{i}"] = pa.array(rng.normal(size=rows))
    for i in range(25):
        k = 3 + 2 * i
        columns[f"c{i}"] = strings(rng, rows, [f"value {j:02d}" for j in range(k)], 1 / np.arange(1, k + 1))
    return pa.table(columns)


def columns_of(make: Make) -> list[str]:
    """Return the names of the columns that a data set has."""
    return make(generator("names"), 200, 0).column_names
