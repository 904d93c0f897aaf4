"""What the machine allows: the same data decoded, binned or sorted, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from benchmarks.peers.line import Task, Timed

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["binned", "decode", "micro", "opened"]


def opened(path: str, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    """Stream the record batches of a file or folder, strings as dictionaries, by the fastest settings found.

    Arrow's defaults take up to a third longer and over twice the memory, since they hold more row groups at once.
    """
    import pyarrow as pa
    import pyarrow.dataset as ds

    plain = ds.dataset(path, format="parquet").schema
    text = [field.name for field in plain if pa.types.is_string(field.type)]
    read = ds.ParquetReadOptions(dictionary_columns=text)
    scan = ds.ParquetFragmentScanOptions(pre_buffer=False, use_buffered_stream=True)
    format_ = ds.ParquetFileFormat(read_options=read, default_fragment_scan_options=scan)
    dataset = ds.dataset(path, format=format_)
    return dataset.to_batches(columns=columns, batch_size=131_072, batch_readahead=8, fragment_readahead=2)


def decode(task: Task) -> Timed:
    """Decode one side; nothing is done with it."""
    import pyarrow.dataset  # noqa: F401

    def timed() -> dict[str, Any]:
        return {"rows": sum(batch.num_rows for batch in opened(task["current"], task.get("columns")))}

    return timed


def binned(task: Task) -> Timed:
    """Decode one side, and count every column: nine vectorised comparisons a number, dictionary codes a string."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc  # noqa: F401

    edges = np.linspace(-2, 2, 9)

    def timed() -> dict[str, Any]:
        rows = 0
        for batch in opened(task["current"], task.get("columns")):
            rows += batch.num_rows
            for column in batch.columns:
                if pa.types.is_dictionary(column.type):
                    codes = column.indices.fill_null(len(column.dictionary)).to_numpy(zero_copy_only=False)
                else:
                    values = column.to_numpy(zero_copy_only=False)
                    codes = np.zeros(values.size, dtype=np.int8)
                    for edge in edges:
                        codes += values > edge
                np.bincount(codes)
        return {"rows": rows}

    return timed


def micro(task: Task) -> Timed:
    """Time single NumPy steps, in nanoseconds per element."""
    import time
    from statistics import median

    import numpy as np

    rng = np.random.default_rng(0)
    n = task["rows"]
    values = rng.normal(size=n)
    few, many = np.linspace(-2, 2, 9), np.linspace(-4, 4, 8191)
    codes = rng.integers(0, 5000, n)

    def compared() -> np.ndarray:
        found = np.zeros(n, dtype=np.int8)
        for edge in few:
            found += values > edge
        return found

    steps = {
        "nine comparisons": compared,
        "searchsorted, 9 edges": lambda: np.searchsorted(few, values),
        "searchsorted, 8191 edges": lambda: np.searchsorted(many, values),
        "bincount, 5000 bins": lambda: np.bincount(codes, minlength=5000),
        "sum": lambda: values.sum(),
        "argsort": lambda: np.argsort(values),
    }

    def timed() -> dict[str, Any]:
        found = {}
        for name, step in steps.items():
            taken = []
            for _ in range(5):
                start = time.perf_counter()
                step()
                taken.append(time.perf_counter() - start)
            found[name] = median(taken) / n * 1e9
        return found

    return timed
