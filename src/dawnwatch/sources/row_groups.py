"""Parquet's row groups, decoded one after another beside whatever is done with their rows."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pyarrow as pa

from dawnwatch.sources.storage import DataFile

__all__ = ["read_row_groups"]

AHEAD = 2
"""Batches that are decoded, or about to be, while the one before them is used."""
BUFFER = 1 << 20
"""Bytes of a column that are read from disk at a time."""


def read_row_groups(
    dataset: Any, files: Mapping[str, DataFile], names: list[str], rows: int
) -> Iterator[pa.RecordBatch]:
    """Yield the batches of a Parquet dataset in order, in memory that does not depend on its size.

    Arrow's own scanner decodes as far ahead as its queues let it where what follows is slower, up to a gigabyte.

    Parameters
    ----------
    dataset : a `pyarrow.dataset.Dataset`
    files : its files by their paths in it
    names : columns to read; a file that lacks one gives batches that lack it
    rows : of a batch, at most
    """
    decoding = _decoded(dataset, files, names, rows)
    waiting: deque[Future[pa.RecordBatch | None]] = deque()
    # One thread asks, and Arrow's own decode the columns side by side: threads of ours that each decode a row group
    # leave Arrow's allocator with half as much memory again that it does not return.
    with ThreadPoolExecutor(1) as pool:
        try:
            while True:
                while len(waiting) < AHEAD:
                    waiting.append(pool.submit(next, decoding, None))
                batch = waiting.popleft().result()
                if batch is None:
                    return
                yield batch
        finally:
            for future in waiting:
                future.cancel()
            pool.submit(decoding.close)
            pa.default_memory_pool().release_unused()


def _decoded(
    dataset: Any, files: Mapping[str, DataFile], names: list[str], rows: int
) -> Generator[pa.RecordBatch, None, None]:
    import pyarrow.parquet as pq

    for fragment in dataset.get_fragments():
        file = files[fragment.path]
        local = file.filesystem is None
        with file.open() as handle:
            opened = pq.ParquetFile(
                handle,
                metadata=fragment.metadata,
                read_dictionary=list(dataset.format.read_options.dictionary_columns),
                # Bit by bit from a disk; over a network all columns of a row group in one request.
                buffer_size=BUFFER if local else 0,
                pre_buffer=not local,
            )
            for at in range(opened.num_row_groups):
                if opened.metadata.row_group(at).num_rows <= rows:
                    yield from opened.read_row_group(at, columns=names).to_batches()
                else:
                    yield from opened.iter_batches(rows, row_groups=[at], columns=names)
